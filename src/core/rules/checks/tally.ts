import {
  type CheckFact,
  checks as checksFact,
  jobBehindCheck,
  jobNamed,
  statusReports,
} from "#core/facts/checks.ts";
import { workflowRuns, type WorkflowRunFact } from "#core/facts/workflow-runs.ts";
import { changedFiles } from "#core/facts/pull-request.ts";
import { matchesAnyName, matchesName } from "#core/formats/glob.ts";
import { isQuestion, type Subject } from "#core/model/subject.ts";
import type { Ask } from "#core/facts/ask.ts";
import { namesOf } from "../kit/changed-names.ts";
import { partsChanged, whyUntrusted, type PartsOfWorkflow } from "../kit/trust/workflow-parts.ts";
import { missingHere } from "./awaited.ts";
import { warningsOf } from "./awaited-words.ts";
import { whyIgnored } from "./eligible.ts";
import { absent, ignoredByName, otherReporters, type Absent } from "./ignored.ts";
import type { CheckState } from "./newest.ts";
import { counts, noneThere, type NoneThere } from "./none-there.ts";
import { originOf, originOfNamed } from "./origin.ts";
import { asksForJobs, tellingNames, type ChecksParams } from "./params.ts";
import { asCheck, mayBringMore, unfinishedRuns, type UnfinishedRun } from "./runs.ts";
import { mayHideStatus, weigh, withEveryReporter } from "./weigh.ts";

/** What every tally may ask for. */
export const checkFacts = [
  checksFact,
  jobBehindCheck,
  jobNamed,
  statusReports,
  workflowRuns,
] as const;

/** What the checks of a commit say to those that are asked for. */
export interface Tally {
  readonly states: readonly CheckState[];
  /** Workflow runs that ended badly without a check that says so, and those that may still bring one. */
  readonly unfinished: readonly UnfinishedRun[];
  readonly absent: readonly Absent[];
  readonly none: NoneThere;
  /** Checks that are there and do not count, and why. */
  readonly beside: readonly (readonly [name: string, why: string])[];
  /** Trusted workflows of which nobody can tell what they are made of. */
  readonly unreadable: readonly string[];
  readonly warnings: readonly string[];
}

/** In one word; of several the worst. `unknown`: of a trusted workflow nobody can tell what it is made of. */
export type TallyState = "passed" | "failed" | "waiting" | "absent" | "unknown";

export function stateOf({ states, unfinished, absent, none, unreadable }: Tally): TallyState {
  const kinds = [...states, ...unfinished].map(({ kind }) => kind);
  if (kinds.includes("failed")) return "failed";
  if (unreadable.length > 0) return "unknown";
  if (kinds.includes("waiting")) return "waiting";
  return absent.length > 0 || none.kind === "none" || none.kind === "awaited" ? "absent" : "passed";
}

/** What is judged, and when. */
interface At {
  readonly subject: Subject;
  readonly now: number;
}

/**
 * What the checks of the commit say to what is asked of them; `undefined` while a fact has not been read. Statuses that
 * nobody shows us are looked for only where they could change it.
 */
export function tallyOf(params: ChecksParams, { subject, now }: At, ask: Ask): Tally | undefined {
  const shown = ask(checksFact.need());
  const runs = mayBringMore(params) ? ask(workflowRuns.need()) : [];
  const tally = shown && runs && tallyOn(shown, runs, params, { subject, now }, ask);
  if (tally === undefined || !mayBeHidden(shown ?? [], stateOf(tally), params)) return tally;
  const everyones = withEveryReporter(shown ?? [], ask);
  return everyones && runs && tallyOn(everyones, runs, params, { subject, now }, ask);
}

/**
 * Whether a status that nobody shows us could change the answer: a red behind another's green, or, where one app is asked
 * for, its word behind a stranger's. What that app set last under a context hides nothing more of its own.
 */
function mayBeHidden(
  shown: readonly CheckFact[],
  state: TallyState,
  params: ChecksParams,
): boolean {
  const isOpen = state === "waiting" || state === "absent";
  if (state !== "passed" && !(isOpen && params.app !== undefined)) return false;
  if (params.trusted || params.workflow !== undefined) return false;
  return shown.some(
    (check) =>
      mayHideStatus(check, params.all ? ["*"] : (params.names ?? [])) &&
      (params.app === undefined || whyIgnored(check, params) !== null),
  );
}

function tallyOn(
  reported: readonly CheckFact[],
  runs: readonly WorkflowRunFact[],
  params: ChecksParams,
  { subject, now }: At,
  ask: Ask,
): Tally | undefined {
  const files = params.trusted && subject.kind !== "deployment" ? ask(changedFiles.need()) : [];
  if (files === undefined) return undefined;
  const runCheck = (run: WorkflowRunFact): CheckFact => asCheck(run, reported);
  const origin = originOf(subject, params, { reported, runs }, ask);
  if (origin === undefined) return undefined;

  const asking = askingJob(reported, subject);
  const foreign = reported.filter((check) => check !== asking && !waitsForUs(check, subject));
  const ofTheRightOne = foreign.filter(
    (check) => isWanted(check, params) && whyIgnored(check, params) === null,
  );
  const ofWanted = runs.filter((run) => whyIgnored(runCheck(run), params) === null);
  const parts = partsOf(
    [...ofTheRightOne, ...ofWanted.map(runCheck)],
    params,
    new Set(files.flatMap(namesOf)),
    ask,
  );
  if (parts === undefined) return undefined;
  const isTrusted = (check: CheckFact): boolean => whyUntrusted(check.run?.path, parts) === null;
  const mayCount = (check: CheckFact): boolean =>
    !params.trusted || (isTrusted(check) && !(subject.kind === "deployment" && ranProposal(check)));
  const counting = ofTheRightOne.filter(mayCount);
  const states = weigh(
    counting,
    {
      allowed: params.conclusions,
      jobsOnly: asksForJobs(params),
      originOf: ({ name }) =>
        matchesAnyName(tellingNames(params), name) ? originOfNamed(origin) : origin,
    },
    ask,
  );
  if (states === undefined) return undefined;
  const countingRuns = ofWanted.filter((run) => mayCount(runCheck(run)));
  const unfinished = unfinishedRuns(countingRuns, { reported, states, params, origin });
  const ignored = ignoredByName(foreign, states, params, parts);
  const missing = (params.names ?? [])
    .filter((name) => !isAnswered(name, states))
    .map((name) => absent(name, ignored));
  const isOpen =
    unfinished.length + missing.length > 0 ||
    states.some(({ kind }) => kind === "failed" || kind === "waiting");
  const none = noneThere({ params, subject, now, states, reported, runs, origin }, ask);
  if (none === undefined) return undefined;
  const missed =
    none.kind !== "some" || isOpen
      ? null
      : missingHere({ params, subject, now, states, runs: countingRuns, origin }, ask);
  if (missed === undefined) return undefined;
  const awaited = missed?.awaited ?? null;

  return {
    states,
    unfinished,
    absent: missing,
    none: awaited === null ? none : { kind: "awaited", awaited, until: missed?.until },
    beside: ignored.filter(([name]) => isWanted({ name }, params)),
    // What a changed workflow says counts for nothing; what cannot be told may be anything.
    unreadable: ofTheRightOne.flatMap((check) => {
      const part = params.trusted ? parts.get(check.run?.path ?? "") : undefined;
      return part?.kind === "unknown" ? [`${check.name}: ${part.why}`] : [];
    }),
    warnings: [...otherReporters(foreign, params), ...(missed === null ? [] : warningsOf(missed))],
  };
}

const isWanted = ({ name }: Pick<CheckFact, "name">, params: ChecksParams): boolean =>
  params.all || matchesAnyName(params.names ?? [], name);

/** What the workflows of these checks are made of, by their paths; `undefined` while one has not been read. */
function partsOf(
  checks: readonly CheckFact[],
  params: ChecksParams,
  changed: ReadonlySet<string>,
  ask: Ask,
): PartsOfWorkflow | undefined {
  if (!params.trusted) return new Map();
  return partsChanged(
    checks.flatMap(({ run }) => (run?.path === null || run === null ? [] : [run.path])),
    changed,
    ask,
  );
}

/** Jobs that wait at the very protection rule that asks: waiting for them would be waiting for ourselves. */
function waitsForUs(check: CheckFact, subject: Subject): boolean {
  return (
    subject.kind === "deployment" &&
    subject.runId !== null &&
    check.run?.id === subject.runId &&
    check.status === "waiting"
  );
}

/**
 * The job that asks over the API runs while it asks, and so would wait for itself. Which of its run's jobs it is shows
 * once it alone is unfinished; until then the others are waited for in any case.
 */
function askingJob(reported: readonly CheckFact[], subject: Subject): CheckFact | undefined {
  if (subject.kind !== "deployment" || subject.runId === null || !isQuestion(subject))
    return undefined;
  const unfinished = reported.filter(
    ({ run, status }) => run?.id === subject.runId && status !== "completed",
  );
  return unfinished.length === 1 ? unfinished[0] : undefined;
}

/** At a deployment what was merged is the protected branch's own; a pull request's run still ran what it proposed. */
const ranProposal = (check: CheckFact): boolean =>
  check.run?.event.startsWith("pull_request") ?? false;

const isAnswered = (glob: string, states: readonly CheckState[]): boolean =>
  states.some((state) => counts(state) && matchesName(glob, state.check.name));
