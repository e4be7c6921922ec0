import type { Decision } from "#core/model/decision.ts";
import type { FactTable } from "#core/model/fact.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { openingOf } from "./opening.ts";

/**
 * The answer to a protection rule. `too late`: it waits only for time to pass, and cannot be approved before GitHub
 * gives up on it (`end`, epoch ms).
 */
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
      // It still waits, so GitHub has not given up: if our clock says otherwise, the clock is wrong and no reason
      // to reject.
      if (end <= decision.now) return "hold";
      return openingOf(policy, decision, facts, end).kind === "none" ? "too late" : "hold";
  }
}
