import { valueAt } from "#core/yaml/issues.ts";
import type { Path, Problem } from "#core/yaml/problem.ts";
import { writtenLeaves } from "../requirement.ts";
import {
  branchMeaning,
  type GlobMeaning,
  nameMeaning,
  pathMeaning,
  refMeaning,
  repositoryMeaning,
} from "./impossible-globs.ts";
import { errorAt, warningAt, type Check } from "./report.ts";

/** A glob of a policy, where it stands, and under which key. */
interface Written {
  readonly glob: string;
  readonly path: Path;
  readonly key: string;
}

/** Keys of `when` and of freezes that take globs, each with what its globs are tried on. */
const meanings: Readonly<Record<string, (glob: string) => GlobMeaning | null>> = {
  branches: branchMeaning,
  head_branches: branchMeaning,
  refs: refMeaning,
  labels: nameMeaning,
  without_labels: nameMeaning,
  environments: nameMeaning,
  repositories: repositoryMeaning,
  paths: pathMeaning,
  only_paths: pathMeaning,
  ignore: pathMeaning,
  from: pathMeaning,
  path: pathMeaning,
};
const conditionKeys = Object.keys(meanings).filter(
  (key) => key !== "ignore" && key !== "from" && key !== "path",
);
/** Of requirements, those that take globs of files. */
const fileKeys: Readonly<Record<string, readonly string[]>> = {
  separate: ["paths", "from"],
  size: ["ignore"],
  coverage: ["ignore"],
};

/** Globs that say something else than people mean: well formed, and they match nothing there is. */
export const meantGlobs: Check = (context) =>
  written(context.raw).flatMap(({ glob, path, key }): readonly Problem[] => {
    const meaning: GlobMeaning | null | undefined =
      glob.startsWith("!") && glob.length > 1 && !glob.startsWith("!(")
        ? {
            severity: "warning",
            message: `the ! is a character here and no negation; list what is meant, or say ${
              key === "paths" ? "not: { only_paths: […] }" : "not: {…}"
            } in when`,
          }
        : meanings[key]?.(glob);
    if (meaning === null || meaning === undefined) return [];
    const at = meaning.severity === "error" ? errorAt : warningAt;
    return [at(context, path, meaning.message)];
  });

function written(raw: Readonly<Record<string, unknown>>): readonly Written[] {
  const rules = listAt(raw, "rules").flatMap((rule, index) => {
    const at: Path = ["rules", index];
    const require: Path = [...at, "require"];
    const leaves = writtenLeaves(valueAt(rule, ["require"]), require);
    return [
      ...inConditions(valueAt(rule, ["when"]), [...at, "when"]),
      ...leaves.flatMap((leaf) => inMapping(leaf.raw, leaf.path, fileKeys[leaf.rule.name] ?? [])),
    ];
  });
  return [
    ...rules,
    ...listAt(raw, "waivers").flatMap((waiver, index) =>
      inMapping(waiver, ["waivers", index], ["path"]),
    ),
    ...listAt(raw, "freezes").flatMap((freeze, index) =>
      // A freeze holds deployments of tags as well.
      inMapping(freeze, ["freezes", index], conditionKeys).map((one) =>
        one.key === "branches" ? { ...one, key: "refs" } : one,
      ),
    ),
  ];
}

/** Of a `when`, and of those inside its `not` and `any`. */
function inConditions(when: unknown, path: Path): readonly Written[] {
  const alternatives = valueAt(when, ["any"]);
  const negated = valueAt(when, ["not"]);
  return [
    ...inMapping(when, path, conditionKeys),
    ...(negated === undefined ? [] : inConditions(negated, [...path, "not"])),
    ...(Array.isArray(alternatives)
      ? alternatives.flatMap((each: unknown, index) => inConditions(each, [...path, "any", index]))
      : []),
  ];
}

function inMapping(value: unknown, path: Path, keys: readonly string[]): readonly Written[] {
  return keys.flatMap((key) => {
    const globs = valueAt(value, [key]);
    const list: readonly unknown[] = Array.isArray(globs) ? globs : [];
    return [
      ...(typeof globs === "string" ? [{ glob: globs, path: [...path, key], key }] : []),
      ...list.flatMap((glob, index) =>
        typeof glob === "string" ? [{ glob, path: [...path, key, index], key }] : [],
      ),
    ];
  });
}

function listAt(raw: unknown, key: string): readonly unknown[] {
  const value = valueAt(raw, [key]);
  return Array.isArray(value) ? value : [];
}
