import { valueAt } from "#core/yaml/issues.ts";
import type { Path, Problem } from "#core/yaml/problem.ts";
import { warningAt, type Check, type CheckContext } from "./report.ts";

/** What lets a change off under `not` though it is true of a part of the change only: well formed, and most likely not meant. */
export const letsOffByPart: Check = (context) =>
  (context.policy.rules ?? []).flatMap((_rule, index) => {
    const at: Path = ["rules", index, "when"];
    return inCondition(context, valueAt(context.raw, at), at, false);
  });

function inCondition(
  context: CheckContext,
  when: unknown,
  at: Path,
  isNegated: boolean,
): readonly Problem[] {
  const alternatives = valueAt(when, ["any"]);
  const negated = valueAt(when, ["not"]);
  return [
    ...(isNegated ? [...byOpener(context, when, at), ...byOneFile(context, when, at)] : []),
    ...(negated === undefined ? [] : inCondition(context, negated, [...at, "not"], !isNegated)),
    ...(Array.isArray(alternatives)
      ? alternatives.flatMap((each: unknown, index) =>
          inCondition(context, each, [...at, "any", index], isNegated),
        )
      : []),
  ];
}

/** Anybody with write access pushes onto the branch of a pull request that a bot, or somebody else, opened. */
function byOpener(context: CheckContext, when: unknown, at: Path): readonly Problem[] {
  const [authors, others] = [
    valueAt(when, ["authors"]),
    valueAt(when, ["contributors"]) ?? valueAt(when, ["author_is"]),
  ];
  if (authors === undefined || others !== undefined) return [];
  return [
    warningAt(
      context,
      [...at, "authors"],
      "under not, authors lets off what others pushed onto their branch as well; write contributors, which then means everybody who had a hand in it",
    ),
  ];
}

/** Anybody who touches one file of the folder besides is let off for all the rest. */
function byOneFile(context: CheckContext, when: unknown, at: Path): readonly Problem[] {
  const paths = valueAt(when, ["paths"]);
  const globs: readonly unknown[] = Array.isArray(paths) ? paths : [paths];
  return globs.some((glob) => typeof glob === "string" && glob.endsWith("/**"))
    ? [
        warningAt(
          context,
          [...at, "paths"],
          "under not, paths lets off whatever touches one of these files among others; write only_paths to let off what touches nothing else",
        ),
      ]
    : [];
}
