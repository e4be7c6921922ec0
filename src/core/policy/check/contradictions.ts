import { valueAt } from "#core/yaml/issues.ts";
import type { Path, Problem } from "#core/yaml/problem.ts";
import { warningAt, type Check, type CheckContext } from "./report.ts";

/** A `when` that both demands and forbids something never holds, and a rule that never applies looks like one that passes. */
export const meantConditions: Check = (context) =>
  (context.policy.rules ?? []).flatMap((_rule, index) => {
    const at: Path = ["rules", index, "when"];
    const alternatives = valueAt(context.raw, [...at, "any"]);
    return [
      ...contradictions(context, at),
      ...(Array.isArray(alternatives)
        ? alternatives.flatMap((_each, inner) => contradictions(context, [...at, "any", inner]))
        : []),
    ];
  });

function contradictions(context: CheckContext, at: Path): readonly Problem[] {
  const negated = valueAt(context.raw, [...at, "not"]);
  if (typeof negated !== "object" || negated === null) return [];
  const [key, ...others] = Object.keys(negated);
  // Of several keys denied together, one may still fail to hold, so this is no contradiction.
  if (key === undefined || others.length > 0) return [];
  const [wanted, denied] = [valueAt(context.raw, [...at, key]), valueAt(negated, [key])];
  if (wanted === undefined || !isWithin(wanted, denied)) return [];
  return [
    warningAt(
      context,
      [...at, "not", key],
      `the rule never applies for ${key}: what when asks for is what its not leaves out; take one of them out`,
    ),
  ];
}

const listed = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).map((each) => JSON.stringify(each));

/** Whether everything demanded is denied; of keys that demand an absence (without_labels) only an equal list is. */
function isWithin(wanted: unknown, denied: unknown): boolean {
  const [want, deny] = [listed(wanted), listed(denied)];
  return want.every((each) => deny.includes(each)) && deny.every((each) => want.includes(each));
}
