import type { Decision } from "#core/model/decision.ts";
import { evaluate } from "#core/policy/evaluate.ts";
import { judgeablePolicy, type Judgeable } from "#core/policy/policy-state.ts";
import { protectionRuleAnswer } from "#core/decide/answer.ts";
import { decideDeployment } from "#core/decide/decide.ts";
import type { DecisionInputs } from "./inputs.ts";

/** In the words of the audit log: a pull request is allowed, denied or waits; a deployment is approved, rejected or held. */
export type RecordedAnswer = "allow" | "deny" | "wait" | "approve" | "reject" | "hold";

export interface Answered {
  readonly answer: RecordedAnswer;
  /** null: no rule was judged, for want of a policy that can. */
  readonly decision: Decision | null;
}

/** The answer that these inputs give: what was given then, unless the program decides otherwise by now. `made`: the policy, where it is made already. */
export function decideAgain(
  { policy: files, subject, facts, now, holds, overrides, end }: DecisionInputs,
  made: Judgeable = judgeablePolicy(files),
): Answered {
  const isDeployment = subject.kind === "deployment";
  switch (made.kind) {
    case "ungoverned":
      return { answer: isDeployment ? "approve" : "allow", decision: null };
    case "broken":
      return { answer: isDeployment ? "hold" : "deny", decision: null };
    case "effective": {
      if (!isDeployment) {
        const decision = evaluate({ policy: made.policy, subject, facts, now, holds, overrides });
        return { answer: decision.kind, decision };
      }
      const decision = decideDeployment({
        policy: made.policy,
        subject,
        facts,
        now,
        holds,
        overrides,
      });
      const answer = protectionRuleAnswer(
        made.policy,
        decision,
        facts,
        end ?? Number.MAX_SAFE_INTEGER,
      );
      return { answer: answer === "too late" ? "reject" : answer, decision };
    }
  }
}
