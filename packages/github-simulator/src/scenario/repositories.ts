import { accountOf, actor, addAccount, findAccount } from "../world/accounts.ts";
import { fullName, repoNamed } from "../world/lookup.ts";
import type { Repo, Ruleset } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { organization, user } from "../render/account.ts";
import { emit } from "../webhooks/emit.ts";
import { commit, type FileInput } from "./commits.ts";

export interface RepoInput {
  /** `owner/name`. */
  readonly name: string;
  readonly id?: number;
  readonly private?: boolean;
  readonly defaultBranch?: string;
  readonly files?: Readonly<Record<string, FileInput>>;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly hasIssues?: boolean;
  readonly by?: string;
}

export function newRepo(
  world: World,
  input: {
    name: string;
    id?: number;
    private?: boolean;
    defaultBranch?: string;
    parentId?: number;
  },
): Repo {
  const [ownerLogin = "", name = ""] = input.name.split("/");
  if (name === "") throw new Error(`a repository is named owner/name, not "${input.name}"`);
  const owner =
    findAccount(world, ownerLogin) ?? addAccount(world, { login: ownerLogin, type: "User" });
  const now = world.now();
  const repo: Repo = {
    id: input.id ?? world.nextId(),
    ownerId: owner.id,
    name,
    description: null,
    private: input.private ?? false,
    archived: false,
    hasIssues: true,
    parentId: input.parentId ?? null,
    defaultBranch: input.defaultBranch ?? "main",
    createdAt: now,
    pushedAt: now,
    nextNumber: 1,
    refs: new Map(),
    stacks: new Map(),
    queueLag: 0,
    collaborators: new Map(),
    properties: {},
    issues: new Map(),
    pulls: new Map(),
    labels: new Map(),
    suites: new Map(),
    checkRuns: new Map(),
    checkRunsBySha: new Map(),
    statuses: [],
    activity: [],
    rulesets: [],
    workflows: new Map(),
    runs: new Map(),
    jobs: new Map(),
    artifacts: new Map(),
    environments: new Map(),
    deployments: new Map(),
    evidence: {
      enabled: {
        codeScanning: true,
        dependabot: true,
        dependencyGraph: true,
        secretScanning: true,
      },
      codeAlerts: [],
      analyses: [],
      dependabotAlerts: [],
      secretAlerts: [],
      dependencyChanges: new Map(),
      snapshotWarnings: new Map(),
      packages: [],
      attestations: [],
    },
  };
  world.repos.set(repo.id, repo);
  world.repoNames.set(input.name.toLowerCase(), repo.id);
  return repo;
}

/** A repository with a first commit on its default branch (a README where no files are given). */
export function repo(world: World, input: RepoInput): { id: number; name: string; sha: string } {
  const made = newRepo(world, input);
  made.description = input.description ?? null;
  made.hasIssues = input.hasIssues ?? true;
  made.properties = { ...input.properties };
  const by = input.by ?? "admin";
  emit(world, made, "repository", "created", actor(world, by).id, {});
  const files = input.files ?? { "README.md": `# ${made.name}\n` };
  const { sha } = commit(world, {
    repo: fullName(world, made),
    branch: made.defaultBranch,
    files,
    message: "Initial commit",
    author: by,
    verified: true,
  });
  return { id: made.id, name: fullName(world, made), sha };
}

/** A fork under another owner; branches are copied, objects shared. */
export function fork(
  world: World,
  input: { repo: string; owner: string; name?: string },
): { id: number; name: string } {
  const source = repoNamed(world, input.repo);
  const made = newRepo(world, {
    name: `${input.owner}/${input.name ?? source.name}`,
    private: source.private,
    defaultBranch: source.defaultBranch,
    parentId: source.id,
  });
  for (const [name, sha] of source.refs)
    if (name.startsWith("refs/heads/")) made.refs.set(name, sha);
  return { id: made.id, name: fullName(world, made) };
}

/** The old name goes on redirecting until somebody takes it. */
export function renameRepo(
  world: World,
  input: { repo: string; to: string; by?: string },
): { name: string } {
  const found = repoNamed(world, input.repo);
  const before = found.name;
  found.name = input.to;
  world.repoNames.set(fullName(world, found).toLowerCase(), found.id);
  emit(world, found, "repository", "renamed", actor(world, input.by ?? "admin").id, {
    changes: { repository: { name: { from: before } } },
  });
  return { name: fullName(world, found) };
}

/** Moves a repository to another owner, who need not have the App. */
export function transferRepo(
  world: World,
  input: { repo: string; to: string; by?: string },
): { name: string } {
  const found = repoNamed(world, input.repo);
  const old = accountOf(world, found.ownerId);
  found.ownerId = actor(world, input.to).id;
  world.repoNames.set(fullName(world, found).toLowerCase(), found.id);
  const from =
    old.type === "Organization"
      ? { organization: organization(world, old) }
      : { user: user(world, old) };
  emit(world, found, "repository", "transferred", actor(world, input.by ?? "admin").id, {
    changes: { owner: { from } },
  });
  return { name: fullName(world, found) };
}

export function archiveRepo(
  world: World,
  input: { repo: string; archived?: boolean; by?: string },
): void {
  const found = repoNamed(world, input.repo);
  found.archived = input.archived ?? true;
  emit(
    world,
    found,
    "repository",
    found.archived ? "archived" : "unarchived",
    actor(world, input.by ?? "admin").id,
    {},
  );
}

export function deleteRepo(world: World, input: { repo: string; by?: string }): void {
  const found = repoNamed(world, input.repo);
  emit(world, found, "repository", "deleted", actor(world, input.by ?? "admin").id, {});
  world.repos.delete(found.id);
  for (const pull of [...world.repos.values()].flatMap((one) => [...one.pulls.values()]))
    if (pull.headRepoId === found.id) pull.headRepoId = null;
}

/** Changes the default branch, visibility or whether issues are on. */
export function editRepo(
  world: World,
  input: {
    repo: string;
    defaultBranch?: string;
    private?: boolean;
    hasIssues?: boolean;
    by?: string;
  },
): void {
  const found = repoNamed(world, input.repo);
  const by = actor(world, input.by ?? "admin").id;
  const before = found.defaultBranch;
  found.hasIssues = input.hasIssues ?? found.hasIssues;
  if (input.defaultBranch !== undefined && input.defaultBranch !== before) {
    found.defaultBranch = input.defaultBranch;
    emit(world, found, "repository", "edited", by, {
      changes: { default_branch: { from: before } },
    });
  }
  if (input.private !== undefined && input.private !== found.private) {
    found.private = input.private;
    emit(world, found, "repository", input.private ? "privatized" : "publicized", by, {});
  }
}

export function setProperties(
  world: World,
  input: {
    repo: string;
    properties: Readonly<Record<string, string | readonly string[] | null>>;
    by?: string;
  },
): void {
  const found = repoNamed(world, input.repo);
  const list = (from: Readonly<Record<string, unknown>>): unknown[] =>
    Object.entries(from).map(([property_name, value]) => ({ property_name, value }));
  const before = found.properties;
  found.properties = { ...before, ...input.properties };
  emit(world, found, "custom_property_values", "updated", actor(world, input.by ?? "admin").id, {
    new_property_values: list(found.properties),
    old_property_values: list(before),
  });
}

/** A ruleset; `requiredChecks` is the short way to the rule that makes checks required, pinned to an App or not. */
export function ruleset(
  world: World,
  input: {
    repo: string;
    name: string;
    enforcement?: Ruleset["enforcement"];
    branches?: readonly string[];
    rules?: readonly Readonly<Record<string, unknown>>[];
    requiredChecks?: readonly { context: string; appId?: number }[];
    bypass?: readonly Readonly<Record<string, unknown>>[];
  },
): { id: number } {
  const found = repoNamed(world, input.repo);
  const required =
    input.requiredChecks === undefined
      ? []
      : [
          {
            type: "required_status_checks",
            parameters: {
              strict_required_status_checks_policy: false,
              do_not_enforce_on_create: false,
              required_status_checks: input.requiredChecks.map((one) => ({
                context: one.context,
                ...(one.appId === undefined ? {} : { integration_id: one.appId }),
              })),
            },
          },
        ];
  const made: Ruleset = {
    id: world.nextId(),
    name: input.name,
    enforcement: input.enforcement ?? "active",
    branches: input.branches ?? ["~DEFAULT_BRANCH"],
    rules: [...(input.rules ?? []), ...required],
    bypass: input.bypass ?? [],
    createdAt: world.now(),
  };
  found.rulesets.push(made);
  return { id: made.id };
}

/** Takes a ruleset away, or puts another enforcement on it; an administrator's doing, of which no event tells without their permission. */
export function editRuleset(
  world: World,
  input: { repo: string; id: number; enforcement?: Ruleset["enforcement"]; deleted?: boolean },
): void {
  const found = repoNamed(world, input.repo);
  const at = found.rulesets.findIndex((one) => one.id === input.id);
  const before = found.rulesets[at];
  if (before === undefined) throw new Error(`no ruleset ${input.id}`);
  if (input.deleted === true) found.rulesets.splice(at, 1);
  else found.rulesets[at] = { ...before, enforcement: input.enforcement ?? before.enforcement };
}
