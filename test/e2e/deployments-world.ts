import type { Act, ActKind } from "#core/model/act.ts";
import { subjectKey } from "#core/model/subject.ts";
import { openStore } from "#io/database/store/open-store.ts";
import type { Simulator } from "@gatehouse/github-simulator";
import type { Deployment } from "@gatehouse/github-simulator/world/deployments.ts";
import { appId, checkRunsOn, until, type CheckRunSeen, type Gatehouse } from "./harness.ts";

const people = ["ada", "bob", "carol", "dave", "eve"];

/** A repository of its own under the policy, with production and staging guarded by the gate. */
export function newShop(
  sim: Simulator,
  name: string,
  policy: string | null,
  files: Readonly<Record<string, string>> = {},
): string {
  if (![...sim.world.accounts.values()].some((account) => account.login === "acme")) {
    sim.org({ login: "acme", members: people });
    sim.team({ org: "acme", slug: "release", members: ["bob", "carol"] });
  }
  const repo = `acme/${name}`;
  sim.repo({
    name: repo,
    files: {
      "src/a.ts": "1\n",
      ...(policy === null ? {} : { ".github/gatehouse.yml": policy }),
      ...files,
    },
  });
  for (const login of ["ada", "bob", "carol", "dave"])
    sim.collaborator({ repo, login, role: "write" });
  for (const environment of ["production", "staging"])
    sim.environment({ repo, name: environment, gate: true });
  return repo;
}

const inWorld = (sim: Simulator, repo: string) => {
  const found = sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0);
  if (found === undefined) throw new Error(`no repository ${repo}`);
  return found;
};

export interface Asked {
  readonly repo: string;
  readonly run: number;
  readonly id: number;
  readonly sha: string;
}

/** A run that knocks at production, unless the test says otherwise; asked for by dave, who writes nothing. */
export function knock(
  sim: Simulator,
  repo: string,
  input: Partial<Parameters<Simulator["deploy"]>[0]> = {},
): Asked {
  const { run, deployments } = sim.deploy({
    repo,
    environment: "production",
    actor: "dave",
    ...input,
  });
  const id = deployments[0]?.id ?? 0;
  return { repo, run, id, sha: deploymentOf(sim, repo, id).sha };
}

export function deploymentOf(sim: Simulator, repo: string, id: number): Deployment {
  const found = inWorld(sim, repo).deployments.get(id);
  if (found === undefined) throw new Error(`no deployment ${id} in ${repo}`);
  return found;
}

export interface Door {
  readonly state: string;
  readonly reports: readonly string[];
  /** Verdicts of the gate in this run, with their words. */
  readonly verdicts: readonly {
    readonly state: string;
    readonly comment: string;
    readonly environments: readonly string[];
  }[];
}

/** What the gate answered at the door, and what it reported there. */
export function doorOf(sim: Simulator, { repo, id, run }: Asked): Door {
  const { gate } = deploymentOf(sim, repo, id);
  const answers = inWorld(sim, repo).runs.get(run)?.answers ?? [];
  return {
    state: gate?.state ?? "ungated",
    reports: gate?.reports.get(appId) ?? [],
    verdicts: answers.filter((answer) => answer.appId === appId),
  };
}

export const doorSays = (
  sim: Simulator,
  asked: Asked,
  holds: (door: Door) => boolean,
  withinMs?: number,
): Promise<Door> =>
  until(`deployment ${asked.id} in ${asked.repo}`, () => doorOf(sim, asked), holds, withinMs);

export const opens = (sim: Simulator, asked: Asked, withinMs?: number): Promise<Door> =>
  doorSays(sim, asked, ({ state }) => state === "approved", withinMs);
export const isRejected = (sim: Simulator, asked: Asked): Promise<Door> =>
  doorSays(sim, asked, ({ state }) => state === "rejected");
/** Held: a report came, and no verdict. */
export const isHeld = (sim: Simulator, asked: Asked, because: RegExp): Promise<Door> =>
  doorSays(
    sim,
    asked,
    ({ state, reports }) => state === "waiting" && because.test(reports.at(-1) ?? ""),
  );

export async function checkSays(
  sim: Simulator,
  { repo, sha }: Asked,
  environment: string,
  holds: (run: CheckRunSeen) => boolean,
): Promise<CheckRunSeen> {
  const seen = await until(
    `check run of ${environment}`,
    () => checkRunsOn(sim, repo, sha).filter((run) => run.name === `gatehouse / ${environment}`),
    (runs) => runs.some(holds),
  );
  const run = seen.find(holds);
  if (run === undefined) throw new Error("unreachable");
  return run;
}

/** What the gate called about one repository, tokens left out. */
export const callsTo = (sim: Simulator, repo: string): readonly string[] =>
  sim.calls
    .filter(
      (call) =>
        !call.isToken &&
        (call.path.startsWith(`/repos/${repo}/`) ||
          call.path.startsWith("/orgs/") ||
          call.path === "/graphql"),
    )
    .map((call) => `${call.method} ${call.path.replace(/\?.*/, "").replace(`/repos/${repo}`, "")}`);

/** Somebody with the right says something about a deployment: recorded as a command records it, and judged again. */
export async function says(
  gatehouse: Gatehouse,
  asked: Asked,
  kind: ActKind,
  by: string,
  over: Partial<Act> = {},
): Promise<void> {
  const { sim } = gatehouse;
  const account = sim.world.accountsByLogin.get(by);
  if (account === undefined) throw new Error(`nobody is called ${by}`);
  const store = await openStore({ url: gatehouse.settings.databaseUrl, now: gatehouse.now });
  const environment = deploymentOf(sim, asked.repo, asked.id).environment;
  const repository = inWorld(sim, asked.repo).id;
  gatehouse.oracle.tell({
    kind,
    repo: repository,
    environment,
    sha: over.sha === undefined ? asked.sha : over.sha,
    by: account.id,
    at: gatehouse.now(),
    until: over.expiresAt ?? null,
  });
  try {
    await store.acts.add({
      id: `test:${kind}:${by}:${asked.id}:${sim.world.nextId()}`,
      kind,
      repository,
      pullRequest: null,
      environment,
      sha: asked.sha,
      name: null,
      actor: { id: account.id, login: account.login, type: "User" },
      at: gatehouse.now(),
      expiresAt: null,
      reason: "because",
      detail: {},
      ...over,
    });
    const subject = {
      kind: "deployment" as const,
      repository,
      deploymentId: asked.id,
      environment,
      sha: asked.sha,
      ref: deploymentOf(sim, asked.repo, asked.id).ref,
      runId: asked.run,
    };
    await store.queue.mark([
      {
        key: subjectKey(subject),
        kind: "judge",
        payload: subject,
        priority: 10,
        runAt: gatehouse.now(),
      },
    ]);
  } finally {
    await store.close();
  }
}

/** Acts on record, oldest first. */
export async function actsOf(
  gatehouse: Gatehouse,
  kinds: readonly ActKind[],
): Promise<readonly Act[]> {
  const store = await openStore({ url: gatehouse.settings.databaseUrl });
  try {
    return await store.acts.find({ kinds });
  } finally {
    await store.close();
  }
}

export const issuesOf = (
  sim: Simulator,
  repo: string,
): readonly { readonly title: string; readonly body: string | null }[] =>
  [...inWorld(sim, repo).issues.values()]
    .filter((issue) => !inWorld(sim, repo).pulls.has(issue.number))
    .map(({ title, body }) => ({ title, body }));

export const always =
  '\nwindows:\n  always: { timezone: UTC, open: [{ days: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", to: "24:00" }] }\n  never: { timezone: UTC, open: [{ from: "2020-01-01T00:00", until: "2020-01-02T00:00" }] }\n';
export const ruled = (rules: readonly string[], more = ""): string =>
  `version: 1\nrules:\n${rules.map((rule) => `  - ${rule}\n`).join("")}${more}`;
export const inProduction = (name: string, require: string, more = ""): string =>
  `{ name: ${name}, when: { environments: ["production*"] }, require: { ${require} }${more} }`;
