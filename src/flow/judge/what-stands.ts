import type { Decision, DecisionKind } from "#core/model/decision.ts";
import { subjectKey, type Subject } from "#core/model/subject.ts";
import { unknown } from "#core/model/verdict.ts";
import type { DecisionRecord } from "#core/ports/records.ts";
import type { Store } from "#core/ports/store.ts";
import type { RenderedDecision } from "#core/render/decision.ts";
import { inert } from "#core/text/markdown.ts";
import { oneLine } from "#core/text/plain-text.ts";
import { instant } from "#core/text/time.ts";

/** An earlier answer is kept no longer than this while something cannot be read. */
export const standsAtMostMs = 5 * 60_000;

const keyOf = (subject: Subject): string => `unread-since:${subjectKey(subject)}`;

/**
 * Since when (epoch ms) an answer about the subject stands on what cannot be read, without a judgement in between that
 * read everything. `now` null: none stands, and nothing begins; then null where nothing has begun.
 */
export async function unreadSince(
  { records }: Store,
  subject: Subject,
  now: number | null,
): Promise<number | null> {
  const stored = Number((await records.getValue(keyOf(subject))) ?? "0");
  if (stored > 0) return stored;
  if (now === null) return null;
  return Number(
    await records.changeValue(keyOf(subject), (text) =>
      Number(text ?? "0") > 0 ? text : String(now),
    ),
  );
}

export async function noteRead({ records }: Store, subject: Subject): Promise<void> {
  await records.changeValue(keyOf(subject), (text) => (Number(text ?? "0") > 0 ? "0" : null));
}

/** The parts of a judgement that decide whether an earlier answer is kept. */
interface Judgement {
  readonly kind: DecisionKind;
  readonly headSha: string;
  readonly baseRef: string;
  readonly digest: string;
  /** null: everything was read. */
  readonly retry: unknown;
  readonly asLastRead: DecisionKind | null;
}

/**
 * Whether an earlier answer is kept although something cannot be read: only if everything that can be read still
 * gives the same, and only for a limited time.
 */
export function mayStand(assessed: Judgement, last: DecisionRecord | null): boolean {
  return (
    assessed.retry !== null &&
    assessed.kind === "wait" &&
    last !== null &&
    last.decision.kind !== "wait" &&
    assessed.asLastRead === last.decision.kind &&
    last.headSha === assessed.headSha &&
    last.baseRef === assessed.baseRef &&
    last.policyDigest === assessed.digest
  );
}

/** Puts a notice before the rest of a rendered decision. */
export function withNotice(
  rendered: RenderedDecision,
  title: string,
  sentence: string,
): RenderedDecision {
  return {
    ...rendered,
    title: oneLine(title, 255),
    summary: `> ⚠️ ${inert(sentence, 1000)}\n\n${rendered.summary}`,
  };
}

/** The same answer, saying since when something cannot be read. */
export const sayingSince = (rendered: RenderedDecision, since: number): RenderedDecision =>
  withNotice(
    rendered,
    `Cannot be read since ${instant(since)}: ${rendered.title}`,
    `Something cannot be read since ${instant(since)}. What was answered before stands no longer than ${standsAtMostMs / 60_000} minutes; Gatehouse tries again by itself.`,
  );

/** What is left of an answer where nothing at all can be read any more. */
export function nothingReadable(
  { decision }: DecisionRecord,
  reason: string,
  now: number,
): Decision {
  const { changesAt: _before, ...rest } = decision;
  return {
    ...rest,
    kind: "wait",
    now,
    rules: decision.rules.map(({ overridden: _let, ...rule }) =>
      rule.enforcement === "active" && rule.verdict.kind !== "skipped"
        ? {
            ...rule,
            verdict: unknown({
              found: `cannot be read: ${reason}`,
              required: rule.verdict.required,
              need: "Waiting for GitHub",
              next: "Gatehouse tries again by itself.",
            }),
          }
        : rule,
    ),
  };
}
