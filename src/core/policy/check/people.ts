import { count } from "#core/text/phrases.ts";
import type { Path, Problem } from "#core/yaml/problem.ts";
import { valueAt } from "#core/yaml/issues.ts";
import { warningAt, type Check, type CheckContext } from "./report.ts";

/**
 * More approvals than the people who are named could ever give: legal, but nobody can satisfy it.
 * Only what names users and neither teams nor roles can be counted from the text.
 */
export const enoughPeople: Check = (context) => [
  ...(context.policy.rules ?? []).flatMap((rule, index) =>
    unsatisfiable(context, rule.name, valueAt(context.raw, ["rules", index, "require"]), [
      "rules",
      index,
      "require",
    ]),
  ),
  ...(context.policy.overrides ?? []).flatMap((override, index): readonly Problem[] => {
    const people = usersOnly(override.by);
    if (people === null || override.confirmations < people) return [];
    return [
      warningAt(
        context,
        ["overrides", index, "confirmations"],
        `override "${override.name}" asks for ${count(override.confirmations, "confirmation")} beside the one who asks, but only ${people === 1 ? "1 person is" : `${people} people are`} named: nobody can ever satisfy it`,
      ),
    ];
  }),
];

function unsatisfiable(
  context: CheckContext,
  rule: string,
  value: unknown,
  path: Path,
): readonly Problem[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => unsatisfiable(context, rule, item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  const counter = ["approvals", "count"].find((key) => typeof valueAt(value, [key]) === "number");
  const wanted = counter === undefined ? undefined : valueAt(value, [counter]);
  const people = usersOnly(value);
  const own =
    counter !== undefined && typeof wanted === "number" && people !== null && wanted > people
      ? [
          warningAt(
            context,
            [...path, counter],
            `rule "${rule}" asks for ${count(wanted, "approval")}, but only ${people} ${people === 1 ? "person is" : "people are"} named: nobody can ever satisfy it`,
          ),
        ]
      : [];
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
      unsatisfiable(context, rule, inner, [...path, key]),
    ),
  ];
}

/** How many different users are named, where nobody else may count; null otherwise. */
function usersOnly(value: object): number | null {
  const users = valueAt(value, ["users"]);
  if (
    !Array.isArray(users) ||
    valueAt(value, ["teams"]) !== undefined ||
    valueAt(value, ["roles"]) !== undefined
  )
    return null;
  return new Set(users.map((user) => String(user).toLowerCase())).size;
}
