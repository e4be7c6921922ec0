import type { RunningCause } from "#core/decide/running.ts";
import { inert, link } from "#core/text/markdown.ts";
import { short } from "#core/text/phrases.ts";
import { oneLine } from "#core/text/plain-text.ts";
import { instant } from "#core/text/time.ts";
import type { RenderedDecision } from "./decision.ts";

/** Why what runs would not be let through any more, as it is said to people. */
export type CauseWords = Pick<RunningCause, "rule" | "need" | "found" | "evidence" | "warnings">;

const mostShown = 20;

const causeLines = ({ rule, need, found, evidence, warnings }: CauseWords): readonly string[] => [
  `- **${inert(rule)}**: ${inert(need, 600)} (${inert(found, 600)})`,
  ...evidence.slice(0, mostShown).map(({ label, url }) => `  - ${link(oneLine(label), url)}`),
  ...warnings.slice(0, mostShown).map((warning) => `  - ${inert(warning, 400)}`),
];

const needs = (causes: readonly CauseWords[]): string =>
  [...new Set(causes.map(({ need }) => need))].join("; ");

/** What the check run of the environment says on a commit that runs there and would not be let through any more. */
export function renderFallen(
  environment: string,
  causes: readonly CauseWords[],
  since: number,
  { issue, lane }: { readonly issue: number | null; readonly lane: string },
): RenderedDecision {
  return {
    title: oneLine(`Runs in ${environment}, and would not be let through: ${needs(causes)}`, 255),
    summary: [
      `**This commit runs in ${inert(environment)} and would not be let through any more**, since ${instant(since)}:`,
      causes.flatMap(causeLines).join("\n"),
      ...(issue === null ? [] : [`Who sees to it, and by when, stands in #${issue}.`]),
      lane,
      "Gatehouse looks again by itself whenever findings, waivers or attestations change, and at least once an hour.",
    ].join("\n\n"),
    text: null,
    annotations: [],
  };
}

export const fallenTitle = (
  sha: string,
  environments: readonly string[],
  causes: readonly CauseWords[],
): string =>
  oneLine(
    `${short(sha)} runs in ${environments.join(", ")}, and must not stay: ${needs(causes)}`,
    200,
  );

/** The issue about it. `who`: whose it is and until when. `lanes`: a way back for each environment. */
export function fallenBody(
  sha: string,
  causes: ReadonlyMap<string, readonly CauseWords[]>,
  who: string,
  lanes: readonly string[],
): string {
  return [
    `Commit \`${short(sha)}\` was let through and runs; what is known of it now would hold it back.`,
    ...[...causes].map(
      ([environment, list]) =>
        `**${inert(environment)}**\n\n${list.flatMap(causeLines).join("\n")}`,
    ),
    who,
    "Ways out: a mended commit is deployed; an owner of the policy waives the finding with a date; or it goes back:",
    lanes.map((lane) => `- ${lane}`).join("\n"),
    "Gatehouse closes this issue by itself once nothing stands against what runs.",
  ].join("\n\n");
}

/** More was found while the issue is open. */
export const moreFallenWords = (environment: string, causes: readonly CauseWords[]): string =>
  [
    `More stands against it in **${inert(environment)}**:`,
    causes.flatMap(causeLines).join("\n"),
  ].join("\n\n");

export const settledWords = {
  mended:
    "By what the policy asks now, nothing stands against what runs any more. Gatehouse closes this.",
  unwatched:
    "No rule of the policy asks any more for findings or attestations of what runs in these environments, so whether this was mended is not looked at. Gatehouse closes this.",
  replaced: "This commit runs in none of these environments any more. Gatehouse closes this.",
} as const;
