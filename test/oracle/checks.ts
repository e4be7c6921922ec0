import { githubActionsAppId } from "@gatehouse/github-simulator/world/create.ts";
import { pullRange } from "@gatehouse/github-simulator/world/diffs.ts";
import type { Pull } from "@gatehouse/github-simulator/world/pulls.ts";
import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import type { World } from "@gatehouse/github-simulator/world/world.ts";
import { all, no, unjudged, yes, type Answer } from "./answer.ts";
import { otherKeys, textsOf, type Doc } from "./doc.ts";
import { fileAt, nameMatches } from "./scene.ts";

/** The newest report of one reporter under one name. */
interface Check {
  readonly name: string;
  readonly app: { readonly id: number; readonly slug: string };
  readonly state: string;
  readonly isJob: boolean;
  /** What a newer run has to share; null where nothing gives way. */
  readonly kind: string | null;
  /** The same without the event, of a run by push or pull_request: what shares a concurrency group. */
  readonly group: string | null;
  readonly workflow: string | null;
  /** Of a run that says nothing about this commit's change: started by hand, by a clock, for another branch. */
  readonly isElsewhere: boolean;
  /** By an event that is about no commit. */
  readonly isAside: boolean;
}

const testedNothing = ["cancelled", "skipped", "neutral", "stale"];
const proving = ["pull_request", "pull_request_target", "push", "merge_group"];

/** What reported on a commit, ours left out; a re-run replaces its own attempt before, nothing else does. */
function checksOn(
  world: World,
  repo: Repo,
  sha: string,
  branches: readonly string[],
  askedBy?: number,
): readonly Check[] {
  const found = new Map<string, Check>();
  for (const run of [...repo.checkRuns.values()].toSorted((a, b) => a.id - b.id)) {
    if (run.headSha !== sha || run.appId === world.appId) continue;
    const job = run.jobId === null ? undefined : repo.jobs.get(run.jobId);
    if (job !== undefined && job.deploymentId === askedBy) continue;
    const workflow = job === undefined ? undefined : repo.runs.get(job.runId);
    if (job !== undefined && workflow !== undefined && job.attempt < workflow.attempt) continue;
    // A run that ended without testing anything gives way to a newer one of its workflow, event and branch.
    const kind =
      workflow === undefined
        ? null
        : `${run.name} ${workflow.path} ${workflow.event} ${workflow.headBranch} ${workflow.headRepoId}`;
    const group =
      workflow === undefined || !["push", "pull_request"].includes(workflow.event)
        ? null
        : `${run.name} ${workflow.path} ${workflow.headBranch} ${workflow.headRepoId}`;
    const state = run.status === "completed" ? (run.conclusion ?? "") : run.status;
    for (const [key, before] of found)
      if (
        (kind !== null && before.kind === kind && testedNothing.includes(before.state)) ||
        (group !== null &&
          before.group === group &&
          before.state === "cancelled" &&
          !testedNothing.includes(state))
      )
        found.delete(key);
    // What a newer run skips was tested by the older one.
    if (
      state === "skipped" &&
      kind !== null &&
      [...found.values()].some((before) => before.kind === kind && before.state === "success")
    )
      continue;
    // Jobs of one attempt are no re-runs of each other, whatever they are called.
    found.set(`${run.appId} ${run.name} ${workflow?.id ?? run.suiteId} ${run.jobId ?? ""}`, {
      kind,
      group,
      name: run.name,
      app: { id: run.appId, slug: world.apps.get(run.appId)?.slug ?? "" },
      state,
      isJob: job !== undefined,
      workflow: workflow?.path ?? null,
      isAside: workflow !== undefined && !proving.includes(workflow.event),
      isElsewhere:
        workflow !== undefined &&
        (!proving.includes(workflow.event) ||
          workflow.headRepoId !== repo.id ||
          (workflow.event === "push" &&
            workflow.headBranch !== null &&
            !branches.includes(workflow.headBranch))),
    });
  }
  for (const status of repo.statuses) {
    if (status.sha !== sha) continue;
    const slug = (world.accounts.get(status.creatorId)?.login ?? "").replace(/\[bot\]$/, "");
    const words = { pending: "in_progress", error: "failure" } as const;
    found.set(`status ${status.creatorId} ${status.context.toLowerCase()}`, {
      name: status.context,
      app: { id: -1, slug },
      state: words[status.state as keyof typeof words] ?? status.state,
      isJob: false,
      kind: null,
      group: null,
      workflow: null,
      isElsewhere: false,
      isAside: false,
    });
  }
  return [...found.values()];
}

function judgeOne(check: Check, allowed: readonly string[], needsJob: boolean): Answer {
  if (!allowed.includes(check.state)) return no(`${check.name} is ${check.state}`);
  if (check.isElsewhere) return no(`${check.name} ran elsewhere`);
  if (!check.isJob && needsJob) return no(`${check.name} has no job behind it`);
  return yes();
}

/** A test of this commit for another branch: who chooses the branch does not choose what is looked at. */
const isRedElsewhere = ({ isElsewhere, isAside, state }: Check): boolean =>
  isElsewhere && !isAside && ["failure", "timed_out", "startup_failure"].includes(state);

/** A policy writes the path of a workflow, or the file's name alone. */
const isFileOf = (written: unknown, path: string): boolean =>
  written === undefined ||
  path === String(written).replace(/^\.?\//, "") ||
  path === `.github/workflows/${String(written)}`;

/**
 * Runs of this commit that have more to say than their checks: one that goes on may bring another job, one that ended
 * before it had a job brought none. Only those that speak of this change, and not the one that waits for the answer.
 */
function judgeRuns(at: ChecksAt, params: Doc, allowed: readonly string[]): readonly Answer[] {
  const { world, repo, sha } = at;
  const { app, workflow } = params;
  if (app !== undefined && app !== "github-actions" && app !== githubActionsAppId) return [];
  return [...repo.runs.values()].flatMap((run) => {
    if (run.headSha !== sha || run.id === at.asking || !proving.includes(run.event)) return [];
    if (!isFileOf(workflow, run.path)) return [];
    if (
      run.event === "push" &&
      run.headBranch !== null &&
      !at.branches.includes(run.headBranch) &&
      run.conclusion !== "startup_failure"
    )
      return [];
    if (
      params["trusted"] === true &&
      at.baseSha !== undefined &&
      fileAt(world, at.baseSha, run.path) !== fileAt(world, sha, run.path)
    )
      return [];
    if (["queued", "in_progress", "requested", "pending"].includes(run.status))
      return [no(`${run.name} is still running`)];
    const isBad = ["startup_failure", "action_required"].includes(run.conclusion ?? "");
    return isBad && !allowed.includes(run.conclusion ?? "")
      ? [no(`${run.name} ended as ${run.conclusion ?? ""}`)]
      : [];
  });
}

/** Whether a workflow file is the one of the base; what uses other local files is not judged. */
function isTrusted(world: World, path: string, base: string, head: string): Answer {
  const [was, is] = [fileAt(world, base, path), fileAt(world, head, path)];
  if (was === undefined || was !== is) return no(`${path} is changed`);
  return /uses:\s*["']?\.\//.test(is) ? unjudged(`${path} uses local files`) : yes();
}

export interface ChecksAt {
  readonly world: World;
  readonly repo: Repo;
  readonly sha: string;
  readonly pull: Pull | undefined;
  readonly baseSha: string | undefined;
  /** The run that waits for the answer. */
  readonly asking?: number;
  /** The deployment whose job runs and asks over the API: it does not wait for itself. */
  readonly askedBy?: number;
  /** Branches whose pushes are runs of this commit. */
  readonly branches: readonly string[];
}

const known = "names app workflow conclusions trusted all if_none".split(" ");

export function judgeChecks(at: ChecksAt, params: Doc): Answer {
  const { world, repo, sha } = at;
  const strange = otherKeys(params, known);
  if (strange.length > 0) return unjudged(`checks.${strange.join()}`);
  const { app, workflow } = params;
  const allowed =
    params["conclusions"] === undefined ? ["success"] : textsOf(params["conclusions"]);
  const seen = checksOn(world, repo, sha, at.branches, at.askedBy);
  const fits = (check: Check): boolean =>
    (app === undefined || check.app.id === app || check.app.slug === app) &&
    (workflow === undefined || (check.workflow !== null && isFileOf(workflow, check.workflow)));
  // Where no app is asked for, a workflow may report what no job is called; a job of that name is judged beside it.
  const needsJob =
    workflow !== undefined ||
    params["trusted"] === true ||
    app === "github-actions" ||
    app === githubActionsAppId;
  const counted = seen.filter(fits);
  // What a run elsewhere says hides nothing and proves nothing.
  const ours = counted.filter((one) => !one.isElsewhere);
  const judge = (checks: readonly Check[]): Answer =>
    all(
      checks.flatMap((check) => [
        judgeOne(check, allowed, needsJob),
        ...(params["trusted"] === true && check.workflow !== null && at.baseSha !== undefined
          ? [isTrusted(world, check.workflow, at.baseSha, sha)]
          : []),
      ]),
    );
  const answers = textsOf(params["names"]).map((name): Answer => {
    const matching = ours.filter((check) => nameMatches(name, check.name));
    const lone = matching.filter((check) => !check.isJob && needsJob);
    // A forged green stands beside the real one and does not undo it.
    const real = matching.filter(
      (check) => !lone.includes(check) || !allowed.includes(check.state),
    );
    if (real.length === 0) return no(`${name} has not reported`);
    const aside = counted.filter((check) => nameMatches(name, check.name) && isRedElsewhere(check));
    return all([judge(real), ...aside.map(() => no(`a red ${name} of another branch`))]);
  });
  if (params["all"] === true || textsOf(params["names"]).some((name) => /[*?{[]/.test(name)))
    answers.push(...judgeRuns(at, params, allowed));
  const isEverything = params["all"] === true || textsOf(params["names"]).includes("*");
  if (isEverything && (app === undefined || app === "github-actions") && isUntested(at))
    answers.push(no("no workflow has tested the commit"));
  if (params["all"] === true) {
    if (seen.length > 0)
      answers.push(
        judge(ours.length === 0 ? counted : ours),
        ...counted.filter(isRedElsewhere).map(() => no("a red check of another branch")),
      );
    else
      answers.push(
        params["if_none"] === "pass_without_ci"
          ? nothingReports(world, repo, at.baseSha)
          : no("no check has reported"),
      );
  }
  return all(answers);
}

/**
 * Whether a workflow tests each such change, by what base and commit say, and no run of its own is on this commit. What
 * never ran here is waited for half an hour only; in a merge group only what such a group starts.
 */
function isUntested({ world, repo, sha, baseSha, pull, branches }: ChecksAt): boolean {
  if (baseSha === undefined || pull === undefined) return false;
  const runs = [...repo.runs.values()];
  const isOwn = (event: string, branch: string | null): boolean =>
    ["pull_request", "merge_group"].includes(event) ||
    (event === "push" && (branch === null || branches.includes(branch)));
  const isAlone = pullRange(world, repo, pull).files.every(({ path }) =>
    /^\.github\/(?:workflows|actions)\//.test(path),
  );
  const openedAt = repo.issues.get(pull.number)?.createdAt ?? 0;
  const isFresh = world.now() - openedAt < 30 * 60_000;
  const proven = [baseSha, ...lastMerged(repo).map((one) => one.headSha)];
  return [...(world.git.commits.get(baseSha)?.files.keys() ?? [])]
    .filter((path) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path))
    .filter((path) => startsAlways(fileAt(world, baseSha, path) ?? ""))
    .filter((path) => {
      const here = fileAt(world, sha, path);
      // A change of workflows alone shows what it does: with anything else it takes its own test away.
      if (sha === pull.headSha && here !== undefined && !startsAlways(here) && isAlone)
        return false;
      return here !== undefined && (sha === pull.headSha || /\bmerge_group\b/.test(here));
    })
    .some((path) => {
      const ofIt = runs.filter((run) => run.path === path);
      if (ofIt.some((run) => run.headSha === sha && isOwn(run.event, run.headBranch))) return false;
      return (
        isFresh ||
        ofIt.some(
          (run) => proven.includes(run.headSha) && ["push", "pull_request"].includes(run.event),
        )
      );
    });
}

const lastMerged = (repo: Repo): readonly Pull[] =>
  [...repo.pulls.values()]
    .filter((one) => one.merged)
    .toSorted((a, b) => (b.mergedAt ?? 0) - (a.mergedAt ?? 0))
    .slice(0, 5);

/** Without a filter; one with filters is the product's to weigh. */
function startsAlways(text: string): boolean {
  const [, plain = "", first = "", below = ""] =
    /^on:[ ]*([^\n]*)\n?([^\n]*)\n?([^\n]*)/m.exec(text) ?? [];
  return (
    /\bpull_request\b/.test(plain) ||
    (/^\s+pull_request:\s*$/.test(first) && !/^ {3,}\S/.test(below))
  );
}

/** Whether nothing in the repository reports: no workflow, no check on the base, none on the last merged heads. */
function nothingReports(world: World, repo: Repo, base: string | undefined): Answer {
  if (base === undefined) return unjudged("no base");
  const files = [...(world.git.commits.get(base)?.files.keys() ?? [])];
  const texts = files
    .filter((path) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path))
    .map((path) => fileAt(world, base, path) ?? "");
  if (texts.some(startsAlways)) return no("there are workflows, and no check has reported");
  // What its filters leave out is the product's to weigh; one by a clock or by hand says nothing of a change.
  if (texts.some((text) => /\b(?:push|pull_request|merge_group)\b/.test(text)))
    return unjudged("workflows with filters, and no check has reported");
  const heads = [base, ...lastMerged(repo).map((one) => one.headSha)];
  return heads.every((sha) => checksOn(world, repo, sha, []).length === 0)
    ? yes()
    : no("checks report in this repository, and none has here");
}
