import { matchesName } from "#core/formats/glob.ts";
import { isLiteral } from "#core/formats/literal.ts";
import { promotedFrom } from "#core/rules/promoted-from/rule.ts";
import { nearest } from "#core/text/nearest.ts";
import type { Path, Problem } from "#core/yaml/problem.ts";
import { valueAt } from "#core/yaml/issues.ts";
import { writtenLeaves } from "../requirement.ts";
import { errorAt, type Check, type CheckContext } from "./report.ts";

/** One step of an order of environments, as a rule writes it. Names are folded: GitHub compares them without case. */
interface Step {
  readonly rule: string;
  readonly from: string;
  readonly path: Path;
  /** Environments named without a wildcard; null: the rule is for all, or for a pattern. */
  readonly to: readonly string[] | null;
}

const fold = (name: string): string => name.toLowerCase();

function environmentsOf(context: CheckContext, index: number): readonly string[] | null {
  const named = valueAt(context.raw, ["rules", index, "when", "environments"]);
  const list = typeof named === "string" ? [named] : named;
  return Array.isArray(list) && list.every((name): name is string => typeof name === "string")
    ? list
    : null;
}

function steps(context: CheckContext): readonly Step[] {
  return (context.policy.rules ?? []).flatMap((rule, index) => {
    const at: Path = ["rules", index, "require"];
    const environments = environmentsOf(context, index);
    return writtenLeaves(valueAt(context.raw, at), at)
      .filter((leaf) => leaf.rule.name === promotedFrom.name)
      .flatMap((leaf): readonly Step[] => {
        const from = valueAt(leaf.raw, ["environment"]);
        if (typeof from !== "string") return [];
        return [
          {
            rule: rule.name,
            from: fold(from),
            path: [...leaf.path, "environment"],
            to: environments?.every(isLiteral) === true ? environments.map(fold) : null,
          },
        ];
      });
  });
}

/** An order of environments has no circle, no environment twice, and none that is probably a typo. */
export const promotionOrder: Check = (context) => {
  const found = steps(context);
  return [
    ...circles(context, found),
    ...repeated(context, found),
    ...misspelt(context, found),
    ...unfinishedRings(context, found),
  ];
};

function circles(context: CheckContext, found: readonly Step[]): readonly Problem[] {
  const before = new Map<string, ReadonlySet<string>>();
  for (const { from, to } of found)
    for (const name of to ?? []) before.set(name, new Set([...(before.get(name) ?? []), from]));
  const reaches = (start: string, wanted: string): boolean => {
    const seen = new Set<string>();
    const open = [start];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (name === wanted) return true;
      if (seen.has(name)) continue;
      seen.add(name);
      open.push(...(before.get(name) ?? []));
    }
    return false;
  };
  return found.flatMap(({ rule, from, to, path }) => {
    const circle = (to ?? []).find((name) => reaches(from, name));
    if (circle === undefined) return [];
    const words =
      circle === from
        ? `${circle} is promoted from itself`
        : `${circle} is promoted from ${from}, which in the end is promoted from ${circle}`;
    return [errorAt(context, path, `rule "${rule}": ${words}; nobody could ever deploy there`)];
  });
}

function repeated(context: CheckContext, found: readonly Step[]): readonly Problem[] {
  const seen = new Map<string, string>();
  const twice = found.flatMap(({ rule, from, to, path }) =>
    (to ?? []).flatMap((name) => {
      const key = `${from}>${name}`;
      const earlier = seen.get(key);
      seen.set(key, earlier ?? rule);
      return earlier === undefined
        ? []
        : [
            errorAt(
              context,
              path,
              `duplicate: ${name} is promoted from ${from} already (rule "${earlier}"); remove one`,
            ),
          ];
    }),
  );
  return twice;
}

/** An environment need not be named elsewhere; one that looks like a slip of the pen of one that is, most likely is one. */
function misspelt(context: CheckContext, found: readonly Step[]): readonly Problem[] {
  const patterns = (context.policy.rules ?? []).flatMap(
    (_rule, index) => environmentsOf(context, index) ?? [],
  );
  const known = new Set(patterns.filter(isLiteral).map(fold));
  return found.flatMap(({ rule, from, path }) => {
    if (
      known.has(from) ||
      patterns.some(
        (pattern) =>
          !isLiteral(pattern) &&
          pattern !== "*" &&
          pattern !== "**" &&
          matchesName(pattern, from, { ignoreCase: true }),
      )
    )
      return [];
    const others = [...known].filter(
      (name) =>
        !name.startsWith(from) &&
        !from.startsWith(name) &&
        withoutDigits(name) !== withoutDigits(from) &&
        Math.abs(name.length - from.length) <= 2,
    );
    const hint = nearest(from, others);
    return hint === undefined
      ? []
      : [
          errorAt(
            context,
            path,
            `rule "${rule}": no rule names an environment "${from}"; did you mean "${hint}"?`,
            hint,
          ),
        ];
  });
}

const withoutDigits = (name: string): string => name.replace(/\d+/g, "");

/** Rings by share, `production-10` and `production-50`, must end with all of it: `production`, or `production-100`. */
function unfinishedRings(context: CheckContext, found: readonly Step[]): readonly Problem[] {
  const rings = new Map<string, { readonly last: number; readonly path: Path }>();
  const names = new Set(found.flatMap(({ from, to }) => [from, ...(to ?? [])]));
  for (const { from, to, path } of found) {
    for (const name of [from, ...(to ?? [])]) {
      const [, stem, share] = /^(.*[^\d-])-(\d{1,2})$/.exec(name) ?? [];
      if (stem === undefined || share === undefined || Number(share) === 0) continue;
      const known = rings.get(stem);
      if (known === undefined || Number(share) > known.last)
        rings.set(stem, { last: Number(share), path });
    }
  }
  return [...rings].flatMap(([stem, { last, path }]) => {
    // One numbered environment is a name; several are rings.
    const shares = [...names].filter((name) =>
      new RegExp(`^${stem.replace(/[^\w-]/g, ".")}-\\d{1,2}$`).test(name),
    );
    if (shares.length < 2 || names.has(stem) || names.has(`${stem}-100`)) return [];
    return [
      errorAt(
        context,
        path,
        `the rings of ${stem} end at ${last} of 100: add a rule for ${stem} (or ${stem}-100) that is promoted from ${stem}-${last}`,
      ),
    ];
  });
}
