import type { Decision } from "#core/model/decision.ts";
import type { FactTable } from "#core/model/fact.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { openingOf } from "./opening.ts";

/** What a door is answered. `too late`: it waits for time alone, and cannot open before GitHub gives up on it (`end`, epoch ms). */
export type ProtectionRuleAnswer = "approve" | "reject" | "hold" | "too late";

export function protectionRuleAnswer(
  policy: EffectivePolicy,
  decision: Decision,
  facts: FactTable,
  end: number,
): ProtectionRuleAnswer {
  switch (decision.kind) {
    case "allow":
      return "approve";
    case "deny":
      return "reject";
    case "wait":
      // It waits, so GitHub has not given up: where our clock says that it has, our clock is no ground to reject.
      if (end <= decision.now) return "hold";
      return openingOf(policy, decision, facts, end).kind === "none" ? "too late" : "hold";
  }
}
