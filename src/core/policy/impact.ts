import type { Decision, DecisionKind } from "#core/model/decision.ts";
import type { VerdictKind } from "#core/model/verdict.ts";
import { combine } from "./combine.ts";

/** One rule that would answer differently; null: there is, or was, no such rule. */
export interface ChangedRule {
  readonly name: string;
  readonly before: VerdictKind | null;
  readonly after: VerdictKind | null;
  /** What was found, by whichever policy has the rule. */
  readonly found: string;
}

/** One pull request judged by the policy in force and by the proposed one, over the same facts at the same instant. */
export interface ReplayedPullRequest {
  readonly number: number;
  readonly title: string;
  readonly state: "open" | "merged";
  /** null: no policy judges now. */
  readonly before: DecisionKind | null;
  readonly after: DecisionKind;
  readonly rules: readonly ChangedRule[];
  /** Rules whose facts there were no calls for: the decisions are compared without them. */
  readonly notReplayed: readonly string[];
  /** Something that decides could not be read: what is said of it is not the whole. */
  readonly partial: boolean;
}

export interface Impact {
  readonly replayed: readonly ReplayedPullRequest[];
  /** How many were to be replayed, and were left out: time or calls were spent. */
  readonly leftOut: number;
  readonly calls: number;
}

const counted = (decision: Decision | null): readonly Decision["rules"][number][] =>
  (decision?.rules ?? []).filter((rule) => rule.enforcement === "active");

/** Which active rules answer differently. Rules that only one of the two policies has are named with it. */
export function changedRules(before: Decision | null, after: Decision): readonly ChangedRule[] {
  const [old, fresh] = [counted(before), counted(after)];
  const names = [...new Set([...old, ...fresh].map(({ name }) => name))];
  return names.flatMap((name) => {
    const [was, is] = [
      old.find((rule) => rule.name === name),
      fresh.find((rule) => rule.name === name),
    ];
    if (was?.verdict.kind === is?.verdict.kind) return [];
    return [
      {
        name,
        before: was?.verdict.kind ?? null,
        after: is?.verdict.kind ?? null,
        found: (is ?? was)?.verdict.found ?? "",
      },
    ];
  });
}

/** The decision without some of its rules. */
export function withoutRules(decision: Decision, names: ReadonlySet<string>): Decision {
  if (names.size === 0) return decision;
  const rules = decision.rules.filter(({ name }) => !names.has(name));
  return { ...decision, rules, kind: combine(rules, decision.holds) };
}

export const isChanged = ({ before, after }: ReplayedPullRequest): boolean => before !== after;
