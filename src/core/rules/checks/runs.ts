import { nextOfDeleted } from "./deleted.ts";
import type { CheckFact } from "#core/facts/checks.ts";
import { whyBeside, type RunOrigin } from "#core/facts/run-origin.ts";
import type { WorkflowRunFact } from "#core/facts/workflow-runs.ts";
import { isPattern } from "#core/formats/glob.ts";
import type { VerdictParts } from "#core/model/verdict.ts";
import { count, listed } from "#core/text/phrases.ts";
import { mayGiveWay, outcome, testedNothing, type CheckState, type Place } from "./newest.ts";
import { actionsId, actionsSlug, isOfActions, type ChecksParams } from "./params.ts";
import { aside } from "./weigh.ts";

/** A run that ended badly where no check of it says so, or one that may still bring a check. */
export interface UnfinishedRun {
  readonly kind: "failed" | "waiting";
  readonly run: WorkflowRunFact;
}

/** A list of exact names is answered when each of them is; `all` and patterns are only when nothing more can come. */
export const mayBringMore = ({ all, names }: ChecksParams): boolean =>
  all || (names ?? []).some(isPattern);

/** GitHub Actions makes every run. Its id differs between servers: where one of its checks is there, that tells it. */
const actionsApp: CheckFact["app"] = { id: actionsId, slug: actionsSlug };

/** What a run says is weighed as what a check says: of the same reporter, workflow, event and branch. */
export const asCheck = (run: WorkflowRunFact, reported: readonly CheckFact[]): CheckFact => ({
  id: run.id,
  kind: "check_run",
  name: run.name,
  app: reported.find(isOfActions)?.app ?? actionsApp,
  status: run.status,
  conclusion: run.conclusion,
  startedAt: run.startedAt,
  completedAt: null,
  url: run.url,
  run: {
    id: run.id,
    event: run.event,
    path: run.path,
    ...(run.ref === undefined ? {} : { ref: run.ref }),
  },
  externalId: null,
  ...(run.isDeleted === true ? { isDeleted: true } : {}),
});

export interface RunsAround {
  readonly reported: readonly CheckFact[];
  readonly states: readonly CheckState[];
  readonly params: ChecksParams;
  readonly origin: RunOrigin;
}

/** Runs that never got as far as a job. */
const neverBegan: readonly string[] = ["startup_failure", "action_required"];

export function unfinishedRuns(
  runs: readonly WorkflowRunFact[],
  around: RunsAround,
): readonly UnfinishedRun[] {
  return runs.flatMap((run): readonly UnfinishedRun[] => {
    const kind = standingOf(run, runs, around);
    return kind === null ? [] : [{ kind, run }];
  });
}

/** null: its checks say all there is to say, or it says nothing about this change. */
function standingOf(
  run: WorkflowRunFact,
  all: readonly WorkflowRunFact[],
  { reported, states, params, origin }: RunsAround,
): UnfinishedRun["kind"] | null {
  // The run that asks to deploy goes on when it is answered: who waited for it would wait for himself.
  if (run.id === origin.asking) return null;
  const kind = outcome(run, params.conclusions);
  if (kind === "passed") return null;
  const check = asCheck(run, reported);
  if (aside({ kind, check }, origin).kind === "beside") return null;
  const own = reported.filter((one) => one.run?.id === run.id);
  const isSaid = states.some(
    (state) =>
      state.check.run?.id === run.id &&
      (state.kind === "failed" || (kind === "waiting" && state.kind === "waiting")),
  );
  if (isSaid) return null;
  if (run.status !== "completed")
    // It waits for people at an environment, and the check of that job says so to whom it concerns.
    return run.status === "waiting" && own.some((one) => one.status !== "completed")
      ? null
      : "waiting";
  if (neverBegan.includes(run.conclusion ?? "")) return "failed";
  // What one pattern looks for may have passed in a run that failed elsewhere.
  if (!params.all || givesWay(run, all, origin)) return null;
  return kind === "failed" || own.length === 0 ? kind : null;
}

/** As a check that tested nothing does. */
const givesWay = (
  run: WorkflowRunFact,
  all: readonly WorkflowRunFact[],
  origin: RunOrigin,
): boolean =>
  testedNothing.includes(run.conclusion ?? "") &&
  run.path !== null &&
  all.some(
    (other) =>
      other.path === run.path &&
      !testedNothing.includes(other.conclusion ?? "") &&
      mayGiveWay(placeOf(run), placeOf(other), other.id > run.id) &&
      whyBeside(other, origin) === null,
  );

const placeOf = ({ id, event, ref, conclusion }: WorkflowRunFact): Place => ({
  run: id,
  event,
  ref,
  conclusion,
});

export const workflowOf = ({ name }: WorkflowRunFact): string => `workflow ${name}`;

const namesOf = (runs: readonly UnfinishedRun[]): readonly string[] => [
  ...new Set(runs.map(({ run }) => run.name)),
];

type Words = Pick<VerdictParts, "need" | "next">;

export function brokenRuns(broken: readonly UnfinishedRun[]): Words {
  const names = namesOf(broken);
  const there = broken.filter(({ run }) => run.isDeleted !== true);
  const gone = namesOf(broken.filter(({ run }) => run.isDeleted === true));
  const which = (conclusion: string): readonly string[] =>
    namesOf(there.filter(({ run }) => run.conclusion === conclusion));
  const [unapproved, unstarted] = [which("action_required"), which("startup_failure")];
  const others = namesOf(there).filter((name) => ![...unapproved, ...unstarted].includes(name));
  return {
    need:
      names.length > 1
        ? `${count(names.length, "workflow")} must pass: ${listed(names, 3)}`
        : unapproved.length > 0
          ? `The workflow ${listed(names)} waits for approval to run`
          : unstarted.length > 0
            ? `The workflow ${listed(names)} could not start`
            : `The workflow ${listed(names)} must pass`,
    next: [
      ...(unapproved.length === 0
        ? []
        : [
            `Somebody with write access looks at the change and approves the run of ${listed(unapproved, 3)}.`,
          ]),
      ...(unstarted.length === 0
        ? []
        : [`The author repairs the workflow file of ${listed(unstarted, 3)}.`]),
      ...(others.length === 0
        ? []
        : [
            `The author looks at why ${listed(others, 3)} ended, or somebody with write access runs it again.`,
          ]),
      ...nextOfDeleted(gone),
    ].join(" "),
  };
}

export function openRuns(open: readonly UnfinishedRun[]): Words {
  const there = open.filter(({ run }) => run.isDeleted !== true);
  const gone = namesOf(open.filter(({ run }) => run.isDeleted === true));
  const running = namesOf(there.filter(({ run }) => run.status !== "completed"));
  const idle = namesOf(there.filter(({ run }) => run.status === "completed"));
  const names = running.length > 0 ? running : [...idle, ...gone];
  return {
    need: `${names.length === 1 ? "Workflow" : "Workflows"} ${listed(names, 3)} ${
      running.length === 0
        ? `${names.length === 1 ? "has" : "have"} tested nothing`
        : `${names.length === 1 ? "is" : "are"} still running`
    }`,
    next: [
      ...(running.length === 0
        ? []
        : [
            `${listed(running, 3)} may still bring a check: a job that needs another reports only when that one is done. Gatehouse looks again when ${running.length === 1 ? "it ends" : "they end"}.`,
          ]),
      ...(idle.length === 0
        ? []
        : [
            `${listed(idle, 3)} ended without a job: run it again, or allow that conclusion in the policy.`,
          ]),
      ...nextOfDeleted(gone),
    ].join(" "),
  };
}
