import type { Decision, DecisionKind, Enforcement } from "#core/model/decision.ts";
import type { Verdict, VerdictKind } from "#core/model/verdict.ts";
import { renderDecision, type RenderedDecision } from "./decision.ts";

/** What `gatehouse evaluate --json` and `gatehouse explain --json` print. */
export interface AnswerData {
  readonly decision: DecisionKind;
  readonly rules: readonly {
    readonly name: string;
    readonly verdict: VerdictKind;
    readonly enforcement: Enforcement;
    readonly reason: string;
    readonly next: string;
  }[];
  readonly title: string;
  readonly summary: string;
  /** The page of the decision as it was recorded last; left out: there is none that could be named. */
  readonly url?: string;
}

/** A decision as data for the command line; `rendered` says it otherwise than a check run would where it is given. */
export function answerData(
  decision: Decision,
  { title, summary }: Pick<RenderedDecision, "title" | "summary"> = renderDecision(decision),
  kind: DecisionKind = decision.kind,
): AnswerData {
  return {
    decision: kind,
    rules: decision.rules.map(({ name, verdict, enforcement, overridden }) => ({
      name,
      verdict: verdict.kind,
      enforcement,
      reason: `${reasonOf(verdict)}${overridden === undefined ? "" : ` (overridden by @${overridden.by.login}: ${overridden.reason})`}`,
      next: verdict.next,
    })),
    title,
    summary,
  };
}

function reasonOf({ need, found }: Verdict): string {
  return need === "" || need === found ? found : `${need} (${found})`;
}

/** The same in words, a line a rule. */
export function answerText(answer: AnswerData): string {
  const widest = Math.max(0, ...answer.rules.map((rule) => rule.name.length));
  const rows = answer.rules.map((rule) => {
    const dry = rule.enforcement === "evaluate" ? " (shown, does not count)" : "";
    const next = rule.next === "" ? "" : ` Next: ${rule.next}`;
    return `  ${rule.name.padEnd(widest)}  ${rule.verdict.padEnd(7)}  ${rule.reason}${dry}${next}`;
  });
  const page = answer.url === undefined ? [] : [`Decision: ${answer.url}`];
  return [`${answer.decision}: ${answer.title}`, ...rows, ...page].join("\n");
}
