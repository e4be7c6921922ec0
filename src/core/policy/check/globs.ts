import { valueAt } from "#core/yaml/issues.ts";
import type { Path, Problem } from "#core/yaml/problem.ts";
import { writtenLeaves } from "../requirement.ts";
import { warningAt, type Check } from "./report.ts";

/** A glob of a policy and where it stands; `ofFiles` where it is tried on paths of changed files. */
interface Written {
  readonly glob: string;
  readonly path: Path;
  readonly ofFiles: boolean;
}

/** Keys of `when` that take globs. */
const globKeys: readonly string[] = [
  "branches",
  "head_branches",
  "labels",
  "without_labels",
  "environments",
  "refs",
  "repositories",
  "paths",
  "only_paths",
];
/** Those of them, of freezes and of requirements, that take globs of files (or words that no slash or ! begins). */
const fileKeys: readonly string[] = ["paths", "only_paths", "ignore", "from"];

/** Globs that say something else than people mean: legal, but they match nothing there is. */
export const meantGlobs: Check = (context) =>
  written(context.raw).flatMap(({ glob, path, ofFiles }): readonly Problem[] => {
    const meaning =
      glob.startsWith("!") && glob.length > 1
        ? "the ! is a character here and no negation; list what is meant, or say not: {…} in when"
        : ofFiles
          ? misplacedSlash(glob)
          : null;
    return meaning === null ? [] : [warningAt(context, path, meaning)];
  });

function misplacedSlash(glob: string): string | null {
  const meant = glob.replace(/^(?:\.?\/)+/u, "").replace(/\/$/u, "/**");
  if (meant === glob || meant === "") return null;
  return `${glob} matches no file: paths of a repository begin without / or ./ and end in a name; write ${meant}`;
}

function written(raw: Readonly<Record<string, unknown>>): readonly Written[] {
  const rules = listAt(raw, "rules").flatMap((rule, index) => {
    const at: Path = ["rules", index];
    const require: Path = [...at, "require"];
    const leaves = writtenLeaves(valueAt(rule, ["require"]), require);
    return [
      ...inConditions(valueAt(rule, ["when"]), [...at, "when"]),
      ...leaves.flatMap((leaf) => inMapping(leaf.raw, leaf.path, fileKeys)),
    ];
  });
  return [
    ...rules,
    ...listAt(raw, "freezes").flatMap((freeze, index) =>
      inMapping(freeze, ["freezes", index], globKeys),
    ),
  ];
}

/** Of a `when`, and of those inside its `not` and `any`. */
function inConditions(when: unknown, path: Path): readonly Written[] {
  const alternatives = valueAt(when, ["any"]);
  const negated = valueAt(when, ["not"]);
  return [
    ...inMapping(when, path, globKeys),
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
    const ofFiles = fileKeys.includes(key);
    return [
      ...(typeof globs === "string" ? [{ glob: globs, path: [...path, key], ofFiles }] : []),
      ...list.flatMap((glob, index) =>
        typeof glob === "string" ? [{ glob, path: [...path, key, index], ofFiles }] : [],
      ),
    ];
  });
}

function listAt(raw: unknown, key: string): readonly unknown[] {
  const value = valueAt(raw, [key]);
  return Array.isArray(value) ? value : [];
}
