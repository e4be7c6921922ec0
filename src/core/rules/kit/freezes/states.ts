import { freezeAt, type FreezeAnswer } from "#core/calendar/freeze.ts";
import type { WrittenFreeze } from "#core/calendar/schema.ts";
import type { Subject } from "#core/model/subject.ts";
import type { Ask } from "#core/facts/ask.ts";
import type { PolicyContext } from "../rule.ts";
import { scheduleFor, type AskedSchedule } from "../time/schedule-for.ts";
import { covers, mayCover } from "./covers.ts";
import { passageOf } from "./exempt.ts";

/** One freeze of the policy that is on, or may be, and what it means for the subject. */
export interface FreezeState {
  readonly freeze: WrittenFreeze;
  readonly because: string;
  readonly kind: "on" | "unknown" | "exempt" | "evaluate";
  /** A label exempted the subject, which owes a review. */
  readonly owesReview: boolean;
}

export interface FreezeStates {
  readonly times: AskedSchedule;
  readonly states: readonly FreezeState[];
  /** When an answer about any freeze that may cover the subject changes next (epoch ms). */
  readonly nextChanges: readonly number[];
}

export interface FreezeQuestion {
  /** Names of freezes; null for all. */
  readonly names: readonly string[] | null;
  readonly policy: PolicyContext;
  readonly subject: Subject;
  readonly now: number;
}

/** The freezes that the rule asks about and whose environments may cover the subject. */
export function watchedFreezes({
  names,
  policy,
  subject,
}: FreezeQuestion): readonly WrittenFreeze[] {
  return (policy.freezes ?? []).filter(
    (freeze) =>
      (names === null || names.includes(freeze.name)) &&
      freeze.enforcement !== "disabled" &&
      mayCover(freeze, subject),
  );
}

/**
 * `undefined` while a fact that decides it has not been read. Coverage and exemption are determined only for
 * freezes that are on.
 */
export function freezeStates(question: FreezeQuestion, ask: Ask): FreezeStates | undefined {
  const looked = watchedFreezes(question);
  const times = scheduleFor(
    question.policy,
    { windows: [], freezes: looked.map((freeze) => freeze.name) },
    ask,
  );
  if (times === undefined) return undefined;
  const answers = looked.map((freeze) => ({
    freeze,
    answer: freezeAt(times.schedule, freeze.name, question.now),
  }));
  const found = answers
    .filter(({ answer }) => answer.on !== false)
    .map(({ freeze, answer }) => stateOf(freeze, answer, question, ask));
  const states = found.filter((state) => state !== undefined);
  if (states.length < found.length) return undefined;
  return {
    times,
    states: states.filter((state) => state !== null),
    nextChanges: answers
      .map(({ answer }) => answer.nextChange)
      .filter((at): at is number => at !== undefined && at > question.now),
  };
}

/** null: it does not cover the subject. */
function stateOf(
  freeze: WrittenFreeze,
  answer: FreezeAnswer,
  { subject, policy }: FreezeQuestion,
  ask: Ask,
): FreezeState | null | undefined {
  const isOrganizations = policy.fromOrganization?.freezes.has(freeze.name) === true;
  const earlierNames = isOrganizations ? (policy.earlierNames ?? []) : [];
  const covered = covers(freeze, subject, { owner: policy.owner, earlierNames }, ask);
  if (covered !== true) return covered === false ? null : undefined;
  const passage = passageOf(freeze, subject, policy.owner, ask);
  if (passage === undefined) return undefined;
  const because = passage === null ? answer.because : `${answer.because} (${passage.why})`;
  const kind =
    freeze.enforcement === "evaluate"
      ? "evaluate"
      : passage !== null
        ? "exempt"
        : answer.on === "unknown"
          ? "unknown"
          : "on";
  return { freeze, because, kind, owesReview: kind === "exempt" && (passage?.owesReview ?? false) };
}
