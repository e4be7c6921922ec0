import { z } from "zod";
import { canonicalJson } from "#core/formats/canonical-json.ts";
import type { Decision } from "#core/model/decision.ts";
import type { Answered } from "./decide-again.ts";
import { evidenceIds } from "./evidence-ids.ts";

/** What the audit log says of one rule's verdict. */
export interface RecordedRule {
  readonly name: string;
  readonly verdict: string;
  readonly enforcement: string;
  /** Id of the override that let it through. */
  readonly overridden: string | null;
  readonly evidence: readonly string[];
}

/** What the audit log says of an answer, besides where it came from. `outcome` is the digest of the decision to its last word. */
export interface RecordedOutcome {
  readonly decision: string;
  readonly rules: readonly RecordedRule[];
  readonly outcome: string | null;
}

export function recordedOutcome(
  answer: string,
  decision: Decision | null,
  digestOf: (text: string) => string,
): RecordedOutcome {
  return {
    decision: answer,
    rules: (decision?.rules ?? []).map((rule) => ({
      name: rule.name,
      verdict: rule.verdict.kind,
      enforcement: rule.enforcement,
      overridden: rule.overridden?.id ?? null,
      evidence: evidenceIds(rule.verdict.evidence),
    })),
    outcome: decision === null ? null : digestOf(canonicalJson(decision)),
  };
}

const recorded = z.object({
  decision: z.string(),
  rules: z.array(
    z.object({
      name: z.string(),
      verdict: z.string(),
      enforcement: z.string(),
      overridden: z.string().nullable(),
    }),
  ),
  outcome: z.string().nullable().optional(),
});

/** `words`: the same decision and verdicts; the program says them in other words by now. */
export type Comparison =
  | { readonly kind: "same" }
  | { readonly kind: "words" }
  | { readonly kind: "other"; readonly because: string };

/** Compares what a record says was decided with what its inputs give now. */
export function compareOutcome(
  detail: unknown,
  again: Answered,
  digestOf: (text: string) => string,
): Comparison {
  const read = recorded.safeParse(detail);
  if (!read.success) return { kind: "other", because: "the record does not say what was decided" };
  const then = read.data;
  const now = recordedOutcome(again.answer, again.decision, digestOf);
  if (then.decision !== now.decision)
    return { kind: "other", because: `recorded ${then.decision}, decided again ${now.decision}` };
  const names = [...new Set([...then.rules, ...now.rules].map(({ name }) => name))];
  for (const name of names) {
    const [was, is] = [
      then.rules.find((rule) => rule.name === name),
      now.rules.find((rule) => rule.name === name),
    ];
    if (was?.verdict !== is?.verdict)
      return {
        kind: "other",
        because: `rule ${name}: recorded ${was?.verdict ?? "nothing"}, decided again ${is?.verdict ?? "nothing"}`,
      };
    if (was?.enforcement !== is?.enforcement || was?.overridden !== is?.overridden)
      return { kind: "other", because: `rule ${name}: it counted otherwise` };
  }
  return then.outcome === now.outcome ? { kind: "same" } : { kind: "words" };
}
