import type { Problem } from "#core/yaml/problem.ts";
import { meantConditions } from "./contradictions.ts";
import { standsAtItsGates } from "./gates.ts";
import { meantGlobs } from "./globs.ts";
import { letsOffByPart } from "./lets-off.ts";
import { knownNames, knownPreset, uniqueNames } from "./names.ts";
import { enoughPeople } from "./people.ts";
import { meantTimes } from "./times.ts";
import { promotionOrder } from "./promotion.ts";
import { meantRequirements } from "./requirements.ts";
import { warningAt, type Check, type CheckContext } from "./report.ts";

/** A file that asks for nothing is most likely unfinished; retiring a policy is said with `enforcement: disabled`. */
const asksForSomething: Check = (context) => {
  const { rules = [], extends: extended, enforcement } = context.policy;
  if (rules.length > 0 || extended !== undefined || enforcement === "disabled") return [];
  return [
    warningAt(
      context,
      [],
      "the policy has no rules, so it allows everything; write rules, or extends: gatehouse:recommended",
    ),
  ];
};

const checks: readonly Check[] = [
  uniqueNames,
  knownPreset,
  knownNames,
  standsAtItsGates,
  enoughPeople,
  meantTimes,
  meantConditions,
  meantGlobs,
  letsOffByPart,
  meantRequirements,
  asksForSomething,
  promotionOrder,
];

/** What a schema cannot see: names, gates, counts. */
export function checkPolicy(context: CheckContext): readonly Problem[] {
  return checks.flatMap((check) => check(context));
}
