import { counts, type RuleOutcome } from "#core/model/decision.ts";
import { isUnmet, type VerdictKind } from "#core/model/verdict.ts";
import { inert, inertWithCommands, linkAround, table } from "#core/text/markdown.ts";
import { instant } from "#core/text/time.ts";
import { inZone } from "./in-zone.ts";

/** Where a reader finds more of what a decision names; left out: it cannot be told, and plain words stand there. */
export interface DecisionLinks {
  /** The policy that judged. */
  readonly policy?: string | undefined;
  /** The lines that say a rule. */
  readonly rule?: (rule: Pick<RuleOutcome, "name" | "source">) => string | undefined;
  readonly commit?: (sha: string) => string | undefined;
}

const words: Readonly<Record<VerdictKind, string>> = {
  pass: "✅ pass",
  fail: "❌ fail",
  pending: "⏳ pending",
  skipped: "⏭️ skipped",
  unknown: "❓ unknown",
};

/** What holds the answer first, then what would, what was let through, what is met, what does not apply. */
function rank(outcome: RuleOutcome): number {
  const { verdict } = outcome;
  if (verdict.kind === "skipped") return 4;
  if (!isUnmet(verdict)) return 3;
  if (outcome.overridden !== undefined) return 2;
  return counts(outcome) ? 0 : 1;
}

/** Unmet rules first; within one kind the policy's order, which the title has too. */
export const unmetFirst = (rules: readonly RuleOutcome[]): readonly RuleOutcome[] =>
  [...rules].sort((a, b) => rank(a) - rank(b));

function verdictCell({ verdict, overridden, enforcement }: RuleOutcome): string {
  const { kind } = verdict;
  if (overridden !== undefined) return `🔓 overridden (${kind})`;
  if (enforcement !== "evaluate") return words[kind];
  return isUnmet(verdict)
    ? `⚠️ ${kind} (would ${kind === "fail" ? "fail" : "wait"}; evaluate only)`
    : `${words[kind]} (evaluate only)`;
}

function nextWords({ verdict, overridden }: RuleOutcome): string {
  if (overridden !== undefined)
    return `${overridden.name} by @${overridden.by.login} until ${instant(overridden.expiresAt)}: ${overridden.reason}`;
  if (!isUnmet(verdict)) return "";
  const changes =
    verdict.changesAt !== undefined && !verdict.next.includes("by itself")
      ? ` (may change by itself at ${instant(verdict.changesAt)})`
      : "";
  return verdict.next + changes;
}

/** The rules of a decision as a table: rule, verdict, found, required, next step. Times are the zone's, where it is known. */
export function decisionTable(
  rules: readonly RuleOutcome[],
  {
    links,
    zone,
  }: { readonly links?: DecisionLinks | undefined; readonly zone?: string | undefined },
): string {
  return table(
    ["Rule", "Verdict", "Found", "Required", "Next step"],
    unmetFirst(rules).map((rule) => [
      `${linkAround(`\`${rule.name}\``, links?.rule?.(rule))}${rule.source === "organization" ? " (organisation)" : ""}`,
      verdictCell(rule),
      inert(inZone(rule.verdict.found, zone)),
      inert(inZone(rule.verdict.required, zone)),
      inertWithCommands(inZone(nextWords(rule), zone), 600),
    ]),
  );
}
