import { actor, accountOf, appOf } from "../world/accounts.ts";
import { fullName, installationCovers, repoNamed } from "../world/lookup.ts";
import type { Installation } from "../world/people.ts";
import type { World } from "../world/world.ts";
import { addApp } from "../world/create.ts";
import { nodeId } from "../render/account.ts";
import { installation as shape } from "../render/installation.ts";
import type { Repo } from "../world/repositories.ts";
import { emitInstallation } from "../webhooks/emit.ts";

interface Named {
  readonly account: string;
  readonly by?: string;
}

function installationOf(world: World, account: string): Installation {
  const owner = actor(world, account);
  const found = [...world.installations.values()].find(
    (one) => one.accountId === owner.id && one.appId === world.appId,
  );
  if (found === undefined) throw new Error(`the App is not installed on ${account}`);
  return found;
}

function lite(world: World, repos: readonly Repo[]): Record<string, unknown>[] {
  return repos.map((repo) => ({
    id: repo.id,
    node_id: nodeId("Repository", repo.id),
    name: repo.name,
    full_name: fullName(world, repo),
    private: repo.private,
  }));
}

function covered(world: World, on: Installation): Repo[] {
  return [...world.repos.values()].filter((repo) => installationCovers(on, repo));
}

/** Installs the App under test on an account: on all repositories, or on those named. */
export function installApp(
  world: World,
  input: Named & {
    repos?: readonly string[];
    permissions?: Readonly<Record<string, string>>;
    events?: readonly string[];
  },
): { installationId: number } {
  const owner = actor(world, input.account);
  const existing = [...world.installations.values()].find(
    (one) => one.accountId === owner.id && one.appId === world.appId,
  );
  if (existing !== undefined) return { installationId: existing.id };
  const app = appOf(world, world.appId);
  const made: Installation = {
    id: world.nextId(),
    appId: app.id,
    accountId: owner.id,
    selection: input.repos === undefined ? "all" : "selected",
    repoIds: new Set((input.repos ?? []).map((name) => repoNamed(world, name).id)),
    permissions: { ...(input.permissions ?? app.permissions) },
    events: [...(input.events ?? app.events)],
    suspendedAt: null,
    createdAt: world.now(),
    updatedAt: world.now(),
  };
  world.installations.set(made.id, made);
  emitInstallation(world, made, "installation", "created", actor(world, input.by ?? "admin").id, {
    installation: shape(world, made),
    repositories: lite(world, covered(world, made)),
    requester: null,
  });
  return { installationId: made.id };
}

function act(world: World, input: Named, action: string): Installation {
  const found = installationOf(world, input.account);
  found.updatedAt = world.now();
  emitInstallation(world, found, "installation", action, actor(world, input.by ?? "admin").id, {
    installation: shape(world, found),
    ...(action === "deleted" ? { repositories: lite(world, covered(world, found)) } : {}),
    requester: null,
  });
  return found;
}

export function suspend(world: World, input: Named): void {
  installationOf(world, input.account).suspendedAt = world.now();
  act(world, input, "suspend");
}

export function unsuspend(world: World, input: Named): void {
  installationOf(world, input.account).suspendedAt = null;
  act(world, input, "unsuspend");
}

/** Uninstalls: its tokens stop working at once. */
export function uninstall(world: World, input: Named): void {
  const found = act(world, input, "deleted");
  world.installations.delete(found.id);
}

/** Sets what the installation grants, as an owner does by accepting; a permission that is left out is gone. */
export function setPermissions(
  world: World,
  input: Named & { permissions: Readonly<Record<string, string>>; events?: readonly string[] },
): void {
  const found = installationOf(world, input.account);
  found.permissions = { ...input.permissions };
  if (input.events !== undefined) found.events = [...input.events];
  act(world, input, "new_permissions_accepted");
}

/** Which repositories a `selected` installation covers. */
export function selectRepos(
  world: World,
  input: Named & { repos: readonly string[] | "all" },
): void {
  const found = installationOf(world, input.account);
  const before = covered(world, found);
  found.selection = input.repos === "all" ? "all" : "selected";
  found.repoIds.clear();
  if (input.repos !== "all")
    for (const name of input.repos) found.repoIds.add(repoNamed(world, name).id);
  const after = covered(world, found);
  const by = actor(world, input.by ?? "admin").id;
  const tell = (action: "added" | "removed", repos: readonly Repo[]): void => {
    if (repos.length === 0) return;
    emitInstallation(world, found, "installation_repositories", action, by, {
      installation: shape(world, found),
      repository_selection: found.selection,
      requester: null,
      repositories_added: action === "added" ? lite(world, repos) : [],
      repositories_removed: action === "removed" ? lite(world, repos) : [],
    });
  };
  tell(
    "added",
    after.filter((repo) => !before.includes(repo)),
  );
  tell(
    "removed",
    before.filter((repo) => !after.includes(repo)),
  );
}

/** Another App, whose check runs, comments and deployments a scenario may stage. */
export function app(
  world: World,
  input: { slug: string; id?: number; name?: string },
): { id: number; slug: string; bot: string } {
  const known = [...world.apps.values()].find((one) => one.slug === input.slug);
  const id = known?.id ?? input.id ?? world.nextId();
  if (known === undefined)
    addApp(world, {
      id,
      slug: input.slug,
      name: input.name ?? input.slug,
      permissions: { checks: "write" },
      events: [],
    });
  return { id, slug: input.slug, bot: accountOf(world, appOf(world, id).botId).login };
}

/** Keeps a manifest for the code that GitHub's set-up page would hand out. `pem` is what the conversion answers. */
export function manifest(
  world: World,
  input: { code: string; manifest: Readonly<Record<string, unknown>>; pem?: string },
): void {
  world.manifests.set(input.code, {
    ...input.manifest,
    ...(input.pem === undefined ? {} : { pem: input.pem }),
  });
}
