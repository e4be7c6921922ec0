import { judgesDeployments } from "#core/decide/governed.ts";
import { isOrganizationRepository } from "#core/policy/files.ts";
import { sourcesAsked } from "#core/policy/unsatisfiable.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { CredentialsState } from "#core/ports/github.ts";
import { outageWords } from "#core/render/outage.ts";
import {
  askBeforeDeploying,
  installUrl,
  requireCheck,
  type SetUpStep,
  type ToDo,
} from "#core/render/set-up-steps.ts";
import { judgesPullRequests, requiredCheckState } from "#core/required-check/state.ts";
import { instant } from "#core/text/time.ts";
import type { Deps } from "#flow/deps.ts";
import type { Policies } from "#flow/policy/policies.ts";
import type { Viewer } from "./viewer.ts";

/** What is left to do before the gate binds anybody, as far as the viewer may know of it. */
export interface SetUp {
  readonly isDone: boolean;
  readonly steps: readonly SetUpStep[];
}

type Reading = Pick<
  Deps,
  "store" | "github" | "health" | "clock" | "webUrl" | "appId" | "pagesAt"
> & {
  readonly policies: Pick<Policies, "of">;
};

/** So many repositories and environments are asked about: the page shows the way, it does not audit an organisation. */
const mostRepositories = 5;
const mostEnvironments = 10;
/** An open page asks GitHub no more often than this. */
const believedMs = 20_000;
/** The person who has just installed the App waits for it to be seen. */
const freshMs = 10_000;

const policyTodo: ToDo = {
  text: "Put a policy into .github/gatehouse.yml on a default branch; these two lines are one: `version: 1` and `extends: gatehouse:recommended`. In the organisation's repository .github it is for all of its repositories.",
  url: null,
  command: null,
};

/** Reads where the set-up stands; answers of GitHub are kept for a moment, over all who look. */
export function createSetUp(
  deps: Reading,
  credentials: () => Promise<CredentialsState>,
): (viewer: Viewer) => Promise<SetUp> {
  const { store, github, health, clock, webUrl, appId } = deps;
  const place = { webUrl, appId };
  const known = new Map<string, { readonly at: number; readonly value: Promise<unknown> }>();

  function believing<T>(key: string, read: () => Promise<T>): Promise<T | null> {
    const held = known.get(key);
    const age = held === undefined ? Number.NaN : clock.now() - held.at;
    if (held !== undefined && age >= 0 && age < believedMs) return held.value as Promise<T | null>;
    const value = read().catch(() => null);
    known.set(key, { at: clock.now(), value });
    for (const oldest of known.keys()) {
      if (known.size <= 200) break;
      known.delete(oldest);
    }
    return value;
  }

  async function credentialsStep(): Promise<SetUpStep> {
    const { kind, remedy } = await credentials();
    return {
      name: "credentials",
      title: "GitHub knows the App",
      state: kind === "known" ? "done" : kind === "credentials" ? "open" : "unknown",
      says: [
        kind === "known" ? `App ${appId} at ${webUrl}.` : (remedy ?? "GitHub does not answer."),
        ...github.outages().map((outage) => outageWords(outage, webUrl)),
      ].join(" "),
      toDo: [],
    };
  }

  async function installedStep(): Promise<SetUpStep> {
    const [installations, slug] = await Promise.all([
      believing("installations", github.installations),
      believing("slug", github.appSlug),
    ]);
    const count = installations?.length ?? 0;
    return {
      name: "installed",
      title: "It is installed",
      state: installations === null ? "unknown" : count > 0 ? "done" : "open",
      says:
        installations === null
          ? "GitHub does not tell now."
          : `On ${count} ${count === 1 ? "account" : "accounts"}.`,
      toDo:
        count > 0 || slug === null
          ? []
          : [
              {
                text: "Install it on the organisation, for all repositories or for some.",
                url: installUrl(webUrl, slug),
                command: null,
              },
            ],
    };
  }

  async function deliveryStep(): Promise<SetUpStep> {
    const at = await store.views.lastDeliveryAt();
    const root = deps.pagesAt?.() ?? "";
    return {
      name: "delivery",
      title: "GitHub's deliveries arrive",
      state: at === null ? "open" : "done",
      says: at === null ? "None has come yet." : `The last one came ${instant(at)}.`,
      toDo:
        at === null
          ? [
              {
                text: `GitHub has to reach ${root}/api/github/webhooks. On the App's settings page, under Advanced, is what it delivered and what it was answered.`,
                url: null,
                command: null,
              },
            ]
          : [],
    };
  }

  /** Repositories with a policy of their own, and those under an organisation's, as far as they are the viewer's to read. */
  async function governed(viewer: Viewer) {
    const mayRead = await viewer.readable(freshMs);
    const isTheirs = (each: RepositoryRecord): boolean => !each.archived && mayRead(each);
    const own = (await store.views.withPolicy()).filter(isTheirs);
    const owners = new Set(own.filter(isOrganizationRepository).map(({ ownerId }) => ownerId));
    const under =
      owners.size === 0
        ? []
        : (await store.records.activeRepositories()).filter(
            (each) => owners.has(each.ownerId) && isTheirs(each),
          );
    const all = new Map([...own, ...under].map((each) => [each.id, each]));
    return { own, all: [...all.values()].filter((each) => !isOrganizationRepository(each)) };
  }

  function policyStep(found: readonly RepositoryRecord[]): SetUpStep {
    const names = found.slice(0, mostRepositories).map(({ owner, name }) => `${owner}/${name}`);
    const more = found.length - names.length;
    return {
      name: "policy",
      title: "A repository has a policy",
      state: found.length > 0 ? "done" : "open",
      says:
        found.length === 0
          ? "None that you may read."
          : `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`,
      toDo: found.length === 0 ? [policyTodo] : [],
    };
  }

  async function requiredStep(found: readonly RepositoryRecord[]): Promise<SetUpStep> {
    const looked = await Promise.all(
      found.slice(0, mostRepositories).map(async (repository) => {
        const standing = await deps.policies.of(repository);
        if (standing.kind !== "effective" || !judgesPullRequests(standing.policy)) return null;
        const branch = repository.defaultBranch;
        const required = await believing(`required:${repository.id}:${branch}`, () =>
          github.requiredChecks(repository, branch),
        );
        const state =
          required === null ? null : requiredCheckState(required, { name: "gatehouse", appId });
        return { repository, branch, state };
      }),
    );
    const judged = looked.filter((each) => each !== null);
    const open = judged.filter(({ state }) => state !== null && state.kind !== "pinned");
    const untold = judged.filter(({ state }) => state === null);
    return {
      name: "required_check",
      title: "Merges wait for the check gatehouse",
      state:
        open.length > 0 || judged.length === 0 ? "open" : untold.length > 0 ? "unknown" : "done",
      says:
        judged.length === 0
          ? "No policy judges pull requests yet."
          : `${judged.length - open.length - untold.length} of ${judged.length} ${judged.length === 1 ? "repository requires" : "repositories require"} it from this App. An administrator does this: the App may not.`,
      toDo: open.map(({ repository, branch, state }) =>
        requireCheck(place, `${repository.owner}/${repository.name}`, branch, state),
      ),
    };
  }

  async function environmentsStep(found: readonly RepositoryRecord[]): Promise<SetUpStep> {
    const title = "Environments ask before they deploy";
    const looked = await Promise.all(
      found.slice(0, mostRepositories).map(async (repository) => {
        const standing = await deps.policies.of(repository);
        if (standing.kind !== "effective" || !judgesDeployments(standing.policy)) return [];
        const names = await believing(`environments:${repository.id}`, () =>
          github.environments(repository),
        );
        return Promise.all(
          (names ?? []).slice(0, mostEnvironments).map(async (name) => ({
            repository: `${repository.owner}/${repository.name}`,
            name,
            isGated: await believing(`gated:${repository.id}:${name}`, () =>
              github.isGated(repository, name),
            ),
          })),
        );
      }),
    );
    const all = looked.flat();
    if (all.length === 0)
      return {
        name: "environments",
        title,
        state: "done",
        says: "No policy judges deployments, or there is no environment yet: nothing has to ask.",
        toDo: [],
      };
    const silent = all.filter(({ isGated }) => isGated === false);
    const isUntold = all.some(({ isGated }) => isGated === null);
    return {
      name: "environments",
      title,
      state: silent.length > 0 ? "open" : isUntold ? "unknown" : "done",
      says: `${all.filter(({ isGated }) => isGated === true).length} of ${all.length} ask Gatehouse.`,
      toDo: silent.map(({ repository, name }) => askBeforeDeploying(place, repository, name)),
    };
  }

  /** null: no policy asks any source. */
  async function healthStep(found: readonly RepositoryRecord[]): Promise<SetUpStep | null> {
    const looked = await Promise.all(
      found.slice(0, mostRepositories).map(async (repository) => {
        const standing = await deps.policies.of(repository);
        const asked = standing.kind === "effective" ? sourcesAsked(standing.policy) : [];
        return asked.map((source) => ({ source, isNamed: health.mayAsk(source, repository) }));
      }),
    );
    const all = new Map(looked.flat().map((each) => [each.source, each.isNamed]));
    for (const { source, isNamed } of looked.flat()) if (!isNamed) all.set(source, false);
    if (all.size === 0) return null;
    const missing = [...all].filter(([, isNamed]) => !isNamed).map(([source]) => source);
    return {
      name: "health_sources",
      title: "Health sources that policies ask are named",
      state: missing.length === 0 ? "done" : "open",
      says: `${all.size - missing.length} of ${all.size}.`,
      toDo: missing.map((source) => ({
        text: `Name the source ${source} in the file of HEALTH_SOURCES, for the repositories that ask it, and start Gatehouse again.`,
        url: null,
        command: null,
      })),
    };
  }

  return async (viewer) => {
    const { own, all } = await governed(viewer);
    const told = await Promise.all([
      credentialsStep(),
      installedStep(),
      deliveryStep(),
      policyStep(own),
      requiredStep(all),
      environmentsStep(all),
      healthStep(all),
    ]);
    const steps = told.filter((step) => step !== null);
    return { isDone: steps.every(({ state }) => state === "done"), steps };
  };
}
