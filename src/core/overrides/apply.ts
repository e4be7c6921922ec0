import type { Override } from "#core/model/override.ts";
import type { Decision } from "#core/model/decision.ts";

/** Overrides that the decision stands on: those that let an unmet, active rule through. */
export function overridesAtWork(decision: Decision): readonly Override[] {
  const found = new Map<string, Override>();
  for (const { enforcement, overridden } of decision.rules)
    if (enforcement === "active" && overridden !== undefined) found.set(overridden.id, overridden);
  return [...found.values()];
}
