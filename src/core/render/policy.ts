import type { Annotation } from "#core/model/evidence.ts";
import { problemText, type Problem } from "#core/yaml/problem.ts";
import type { RenderedDecision } from "./decision.ts";
import { inert } from "#core/text/markdown.ts";
import { oneLine } from "#core/text/plain-text.ts";

/** A policy file by where it stands, for a reader: "acme/app/.github/gatehouse.yml". */
export interface PolicyLocation {
  readonly repository: string;
  readonly path: string;
  readonly branch: string;
}

const placeText = (place: PolicyLocation): string =>
  `${place.repository}/${place.path} (${place.branch})`;

function firstError(problems: readonly Problem[]): string {
  const first = problems.find((problem) => problem.severity === "error") ?? problems[0];
  return first === undefined ? "it cannot be used" : problemText(first);
}

/** What the title and summary say while the last good policy judges in place of a broken one. */
export function brokenButJudging(place: PolicyLocation, problems: readonly Problem[]): string {
  return `Policy error in ${placeText(place)}: ${firstError(problems)}; the last valid policy goes on judging`;
}

/** What the title and summary say while a shared file that the policy extends is taken as it was last good. */
export function staleExtension(lastGood: readonly string[]): string | undefined {
  const [first] = lastGood;
  return first === undefined
    ? undefined
    : `Policy error: ${first} cannot be read or used any more; its last good text goes on judging`;
}

const remedyBroken =
  "Mend the file on the default branch: `gatehouse validate .github/gatehouse.yml` shows every error, and a pull request that edits it gets the check `gatehouse / policy`.";
const remedyGone =
  "Put the file back, or retire it: a policy that says `enforcement: disabled` is no longer binding, and may then be deleted.";

/** A policy that cannot judge at all: no version of it was ever valid. */
export function renderBroken(
  place: PolicyLocation,
  problems: readonly Problem[],
): RenderedDecision {
  return {
    title: oneLine(`Policy error in ${place.path}: ${firstError(problems)}`, 255),
    summary: [
      `**Denied.** The policy ${inert(placeText(place))} cannot be used, and there is no earlier valid one.`,
      problems
        .slice(0, 50)
        .map((problem) => `- ${inert(problemText(problem), 600)}`)
        .join("\n"),
      remedyBroken,
    ].join("\n\n"),
    text: null,
    annotations: [],
  };
}

/** A policy that was there and is gone. */
export function renderGone(place: PolicyLocation): RenderedDecision {
  return {
    title: oneLine(`The policy ${place.path} was removed without being retired`, 255),
    summary: [
      `**Denied.** ${inert(placeText(place))} governed this repository and is not there any more. Deleting the file is not a way out.`,
      remedyGone,
    ].join("\n\n"),
    text: null,
    annotations: [],
  };
}

/** A problem on its line. */
export function annotationOf(path: string, problem: Problem): Annotation {
  const line = Math.max(1, problem.line);
  return {
    path,
    startLine: line,
    endLine: line,
    level: problem.severity === "error" ? "failure" : "warning",
    title: problem.severity === "error" ? "Policy error" : "Policy warning",
    message: `${problem.path === "" ? "" : `${problem.path}: `}${problem.message}`,
  };
}

/** The check run `gatehouse / policy` of a pull request that edits a policy file: validity on the exact lines. */
export function renderPolicyCheck(
  files: readonly { readonly path: string; readonly problems: readonly Problem[] }[],
  sections: readonly string[] = [],
): RenderedDecision {
  const errors = files.flatMap((file) =>
    file.problems
      .filter((problem) => problem.severity === "error")
      .map((problem) => ({ file, problem })),
  );
  const warnings = files.flatMap((file) =>
    file.problems
      .filter((problem) => problem.severity === "warning")
      .map((problem) => ({ file, problem })),
  );
  const first = errors[0];
  const counts = (count: number, word: string): string =>
    `${count} ${word}${count === 1 ? "" : "s"}`;
  const title =
    first !== undefined
      ? `${counts(errors.length, "error")}: ${first.file.path}:${problemText(first.problem)}`
      : warnings.length > 0
        ? `The policy is valid, with ${counts(warnings.length, "warning")}`
        : "The policy is valid";
  const list = [...errors, ...warnings]
    .slice(0, 50)
    .map(
      ({ file, problem }) =>
        `- ${problem.severity === "error" ? "❌" : "⚠️"} ${inert(`${file.path}:${problemText(problem)}`, 600)}`,
    );
  return {
    title: oneLine(title, 255),
    summary: [
      first === undefined
        ? "This policy can be merged; it counts from the moment it is on the default branch."
        : "This policy must not be merged: the last valid one would go on judging, and say so on every pull request.",
      ...(list.length === 0 ? [] : [list.join("\n")]),
      ...sections,
    ].join("\n\n"),
    text: null,
    annotations: [...errors, ...warnings].map(({ file, problem }) =>
      annotationOf(file.path, problem),
    ),
  };
}
