import type { Annotation, CheckAction, CheckRun, CheckSuite } from "./checks.ts";
import type { Repo } from "./repositories.ts";
import type { World } from "./world.ts";

export interface CheckChange {
  readonly name?: string;
  readonly status?: string;
  readonly conclusion?: string;
  readonly startedAt?: number;
  readonly completedAt?: number;
  readonly detailsUrl?: string;
  readonly externalId?: string;
  readonly title?: string;
  readonly summary?: string;
  readonly text?: string;
  readonly annotations?: readonly Annotation[];
  readonly actions?: readonly CheckAction[];
}

/** The suite of an App on a commit: one per App, and for Actions one per workflow run. */
export function suiteFor(
  world: World,
  repo: Repo,
  appId: number,
  headSha: string,
  runId: number | null = null,
): CheckSuite {
  for (const suite of repo.suites.values()) {
    if (suite.appId === appId && suite.headSha === headSha && suite.runId === runId) return suite;
  }
  const branch =
    [...repo.refs]
      .find(([name, sha]) => sha === headSha && name.startsWith("refs/heads/"))?.[0]
      .slice(11) ?? null;
  const suite: CheckSuite = {
    id: world.nextId(),
    appId,
    headSha,
    headBranch: branch,
    before: world.git.commits.get(headSha)?.parents[0] ?? null,
    runId,
    createdAt: world.now(),
    updatedAt: world.now(),
  };
  repo.suites.set(suite.id, suite);
  return suite;
}

/** Applies a PATCH: annotations add up, a conclusion completes, going back to running takes the conclusion away. */
export function changeCheckRun(world: World, run: CheckRun, change: CheckChange): void {
  run.name = change.name ?? run.name;
  run.detailsUrl = change.detailsUrl ?? run.detailsUrl;
  run.externalId = change.externalId ?? run.externalId;
  run.title = change.title ?? run.title;
  run.summary = change.summary ?? run.summary;
  run.text = change.text ?? run.text;
  run.annotations.push(...(change.annotations ?? []));
  run.actions = change.actions ?? run.actions;
  run.startedAt = change.startedAt ?? run.startedAt ?? world.now();
  if (change.conclusion !== undefined || change.status === "completed") {
    run.status = "completed";
    run.conclusion = change.conclusion ?? run.conclusion;
    run.completedAt = change.completedAt ?? world.now();
  } else if (change.status !== undefined) {
    run.status = change.status;
    run.conclusion = null;
    run.completedAt = null;
  }
}

export function createCheckRun(
  world: World,
  repo: Repo,
  input: {
    appId: number;
    headSha: string;
    name: string;
    change: CheckChange;
    runId?: number;
    id?: number;
    jobId?: number;
  },
): CheckRun {
  const suite = suiteFor(world, repo, input.appId, input.headSha, input.runId ?? null);
  const run: CheckRun = {
    id: input.id ?? world.nextId(),
    suiteId: suite.id,
    appId: input.appId,
    name: input.name,
    headSha: input.headSha,
    status: "queued",
    conclusion: null,
    startedAt: null,
    completedAt: null,
    detailsUrl: null,
    externalId: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
    actions: [],
    jobId: input.jobId ?? null,
  };
  changeCheckRun(world, run, input.change);
  suite.updatedAt = world.now();
  repo.checkRuns.set(run.id, run);
  const list = repo.checkRunsBySha.get(run.headSha);
  if (list === undefined) repo.checkRunsBySha.set(run.headSha, [run]);
  else list.push(run);
  return run;
}
