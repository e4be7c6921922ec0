import { valueAt } from "#core/yaml/issues.ts";
import type { Path, Problem } from "#core/yaml/problem.ts";
import { type WrittenLeaf, writtenLeaves } from "../requirement.ts";
import { errorAt, warningAt, type Check, type CheckContext } from "./report.ts";

/** What the gate itself reports under; a rule that waits for it waits for its own answer. */
const ownCheck = "gatehouse";

/** Requirements that are well formed and ask for what nobody means, or for what can never be. */
export const meantRequirements: Check = (context) =>
  (context.policy.rules ?? []).flatMap((_rule, index) => {
    const at: Path = ["rules", index, "require"];
    return writtenLeaves(valueAt(context.raw, at), at).flatMap((leaf) => [
      ...sharesOfOne(context, leaf),
      ...waitsForItself(context, leaf),
    ]);
  });

/** Coverage is written in per cent; 0.8 of one is asked for by nobody. */
function sharesOfOne(context: CheckContext, { rule, raw, path }: WrittenLeaf): readonly Problem[] {
  if (rule.name !== "coverage") return [];
  return ["project", "patch"].flatMap((key) => {
    const figure = valueAt(raw, [key]);
    if (typeof figure !== "number" || figure <= 0 || figure >= 1) return [];
    const meant = Math.round(figure * 1_000) / 10;
    return [
      warningAt(
        context,
        [...path, key],
        `${figure} is ${figure} %: coverage is written in per cent; write ${meant} for ${meant} %`,
      ),
    ];
  });
}

/** Another app may report a check of that name: whoever means it says whose. */
function waitsForItself(
  context: CheckContext,
  { rule, raw, path }: WrittenLeaf,
): readonly Problem[] {
  const key = rule.name === "checks" ? "names" : rule.name === "promoted_from" ? "checks" : null;
  if (key === null || ["app", "workflow"].some((of) => valueAt(raw, [of]) !== undefined)) return [];
  const names = valueAt(raw, [key]);
  const list: readonly unknown[] = Array.isArray(names) ? names : [];
  return list.flatMap((name, index) =>
    name === ownCheck
      ? [
          errorAt(
            context,
            [...path, key, index],
            `${ownCheck} is this gate's own check, and the rule would wait for its own answer for ever; take it out, or say whose check it is with app or workflow`,
          ),
        ]
      : [],
  );
}
