import type { Hold } from "#core/model/decision.ts";
import type { FactTable } from "#core/model/fact.ts";
import type { Override } from "#core/model/override.ts";
import type { Subject } from "#core/model/subject.ts";
import type { PolicyStateInput } from "#core/policy/policy-state.ts";

/** Everything that one answer was made of: what was judged by, what was known, and when. Nothing else went into it. */
export interface DecisionInputs {
  /** The policy files as they stood, with what they extend. */
  readonly policy: PolicyStateInput;
  readonly subject: Subject;
  readonly facts: FactTable;
  /** Epoch ms. */
  readonly now: number;
  readonly holds: readonly Hold[];
  readonly overrides: readonly Override[];
  /** When GitHub gives up on a deployment that waits (epoch ms); null for everything else. */
  readonly end: number | null;
}
