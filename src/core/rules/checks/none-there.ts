import type { Ask } from "#core/facts/ask.ts";
import type { CheckFact } from "#core/facts/checks.ts";
import { reporting, switchedOffWorkflows } from "#core/facts/reporting.ts";
import type { RunOrigin } from "#core/facts/run-origin.ts";
import type { WorkflowRunFact } from "#core/facts/workflow-runs.ts";
import type { Subject } from "#core/model/subject.ts";
import { owedHere, patienceMs, type Awaited, type Missing } from "./awaited.ts";
import type { CheckState } from "./newest.ts";
import type { ChecksParams } from "./params.ts";

/**
 * Whether `all` has anything to look at. `signs`: where checks report in this repository, so that they are waited for.
 * `awaited`: what is there is not what tests changes here.
 */
export type NoneThere =
  | { readonly kind: "some" }
  | {
      readonly kind: "no_ci";
      /** Checks do report here, and nothing starts any for such a change. */
      readonly isForOthers: boolean;
      readonly missing: Pick<Missing, "keptOff" | "unseen">;
    }
  | {
      readonly kind: "none";
      readonly signs: readonly string[];
      /** Epoch ms at which less may be waited for. */
      readonly until?: number | undefined;
    }
  | {
      readonly kind: "awaited";
      readonly awaited: Awaited;
      readonly until?: number | undefined;
    };

interface Seen {
  readonly params: ChecksParams;
  readonly subject: Subject;
  readonly now: number;
  readonly states: readonly CheckState[];
  readonly reported: readonly CheckFact[];
  readonly runs: readonly WorkflowRunFact[];
  readonly origin: RunOrigin;
}

export const counts = ({ kind }: CheckState): boolean => kind !== "unproven" && kind !== "beside";

/**
 * `all` with nothing to look at is no pass by itself: checks may be about to start. Where `if_none` lets pass what nothing
 * tests, a workflow that such a change does not start is no sign that anything will, nor is what it reported elsewhere: by
 * the same reading of its file as where something has reported, and where that cannot be
 * told before, for half an hour. A check of anybody else stays a sign.
 * `undefined` while a fact has not been read.
 */
export function noneThere(seen: Seen, ask: Ask): NoneThere | undefined {
  const { params, states, reported, runs, subject, origin, now } = seen;
  if (!params.all || states.some(counts)) return { kind: "some" };
  if (params.if_none === "wait" || reported.length + runs.length > 0)
    return { kind: "none", signs: [] };
  const here = ask(reporting.need());
  if (here === undefined) return undefined;
  if (here.signs.length === 0)
    return { kind: "no_ci", isForOthers: false, missing: { keptOff: [], unseen: [] } };
  const { signsOf, askedFirstAt } = here;
  // Who pins a reporter may have pinned one that went by another name: nobody can tell that none of it is to come.
  const isPinned = params.app !== undefined || params.workflow !== undefined;
  if (isPinned || signsOf === undefined || askedFirstAt === undefined || !here.workflows)
    return { kind: "none", signs: here.signs };
  const owed = owedHere(here, { params, subject, origin }, ask);
  if (owed === undefined) return undefined;
  const signsLeft = (paths: readonly string[]): readonly string[] =>
    here.signs.filter((sign) => signsOf[sign]?.some((path) => paths.includes(path)) ?? true);

  const missing = { keptOff: owed.ofWorkflowsAlone ? owed.keptOff : [], unseen: owed.unseen };
  const none: NoneThere = { kind: "no_ci", isForOthers: true, missing };
  const sure = [...owed.started, ...owed.groupless, ...(owed.ofWorkflowsAlone ? [] : owed.keptOff)];
  const signs = signsLeft([...sure, ...owed.unseen, ...owed.maybe]);
  if (signs.length === 0) return none;
  const until = askedFirstAt + patienceMs;
  if (now < until) return { kind: "none", signs, until };

  const off = ask(switchedOffWorkflows.need());
  if (off === undefined) return undefined;
  const left = signsLeft(sure.filter((path) => !off.includes(path)));
  return left.length > 0 ? { kind: "none", signs: left } : none;
}
