import { roleOf } from "#core/facts/people.ts";
import type { EffectivePolicy } from "./effective.ts";
import type { Requirement } from "./requirement.ts";
import { testsOf } from "./when/when.ts";

function writesRoles(written: unknown): boolean {
  if (typeof written !== "object" || written === null) return false;
  return Object.entries(written).some(([key, value]) => key === "roles" || writesRoles(value));
}

const asksRoles = (requirement: Requirement): boolean =>
  requirement.kind === "one" ? writesRoles(requirement.raw) : requirement.of.some(asksRoles);

/** Whether more than the right to write is asked of anybody: which role somebody has makes a difference. */
export const namesRoles = (policy: EffectivePolicy): boolean =>
  policy.rules.some(
    ({ requirement, when }) =>
      asksRoles(requirement) ||
      (when !== null && testsOf(when).some(({ needs }) => needs.includes(roleOf))),
  );
