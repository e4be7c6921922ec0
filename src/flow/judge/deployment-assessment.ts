import type { DeploymentFact } from "#core/facts/deployment.ts";
import type { Decision } from "#core/model/decision.ts";
import type { FactTable } from "#core/model/fact.ts";
import type { OverrideRequest } from "#core/overrides/grant.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { DecisionInputs } from "#core/record/inputs.ts";
import type { RenderedDecision } from "#core/render/decision.ts";
import type { PolicyBlobs } from "#flow/policy/policies.ts";

/** What the gate says of one deployment now, with everything that saying it needs. */
export interface DeploymentAssessment {
  /** `over`: nothing waits any more. */
  readonly kind: "approve" | "reject" | "hold" | "over";
  readonly rendered: RenderedDecision;
  /** null: no rule was judged. */
  readonly decision: Decision | null;
  readonly digest: string;
  readonly blobs: PolicyBlobs;
  /** What the answer was made of; null: nothing was judged. */
  readonly inputs: DecisionInputs | null;
  readonly policy: EffectivePolicy | null;
  readonly label: string;
  readonly facts: FactTable;
  /** Overrides that were asked for on this commit. */
  readonly requests: readonly OverrideRequest[];
  readonly asked: DeploymentFact | null;
  readonly changesAt: number | null;
  readonly ownCheckRuns: ReturnType<FactSession["ownCheckRuns"]>;
  /** Something could not be read for a reason that passes: judge again, not before `at` (epoch ms). */
  readonly retry: { readonly at: number | undefined } | null;
}
