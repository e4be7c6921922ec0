import { inert, table } from "#core/text/markdown.ts";
import { instant, span } from "#core/text/time.ts";
import { definitions } from "./definitions.ts";
import type { Report } from "./report.ts";
import {
  bypassText,
  catchingLines,
  countText,
  deploymentColumns,
  figureLines,
  figureText,
  lessonsStandOn,
  rowsShown,
  scopeText,
  standsOn,
  stepLines,
  waitingLine,
} from "./words.ts";

/** Longer cells of a table nobody reads; the whole of them is in CSV and JSON. */
const longest = 500;
const cell = (text: string): string => inert(text, longest);

const section = (
  title: string,
  says: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  none: string,
): string =>
  `## ${title}\n\n${says}\n\n${
    rows.length === 0
      ? none
      : table(
          head,
          rows.map((row) => row.map(cell)),
        )
  }`;

/** The report for people, as Markdown. */
export function asMarkdown(report: Report): string {
  const { checks, coverage } = report;
  return [
    "# Report",
    cell(scopeText(report)),
    `${rowsShown(report)}. Made ${instant(report.madeAt)}.`,
    `## Delivery\n\n${table(
      ["Figure", "Value", "Stands on", "What it says"],
      figureLines(report).map(({ title, value, stands, says }) =>
        [title, value, stands, says].map(cell),
      ),
    )}`,
    section(
      definitions.path.title,
      definitions.path.says,
      ["Step", "Median", "Stands on"],
      stepLines(report).map(({ name, value, stands }) => [name, value, stands]),
      "",
    ),
    section(
      `${definitions.waiting.title} by rule`,
      definitions.waiting.says,
      ["Rule", "In all", "Median", "Stands on"],
      report.waiting.byRule.map(waitingLine),
      "No rule was seen to wait.",
    ),
    section(
      `${definitions.waiting.title} by team`,
      "Teams that the titles of decisions asked for.",
      ["Team", "In all", "Median", "Stands on"],
      report.waiting.byTeam.map(waitingLine),
      "No team was seen to be asked.",
    ),
    section(
      definitions.checks.title,
      definitions.checks.says,
      ["Check", "Failed", "Runs", "Mean length"],
      (checks ?? []).map(({ repository, name, failed, rows, meanMs }) => [
        `${repository} ${name}`,
        String(failed),
        String(rows),
        meanMs === null ? "not observed" : span(meanMs),
      ]),
      checks === null ? "Not observed." : "No check run ended.",
    ),
    section(
      definitions.coverage.title,
      definitions.coverage.says,
      ["Newest", "Stands on"],
      [[figureText(coverage), standsOn(coverage, "merges")]],
      "",
    ),
    section(
      definitions.overrides.title,
      definitions.overrides.says,
      ["From", "Until", "Deployments", "Failed", "Roll backs", "Overrides", "Bypasses"],
      report.parts.map(({ from, to, succeeded, failed, rollbacks, overrides, bypasses }) => [
        instant(from),
        instant(to),
        ...[succeeded, failed, rollbacks, overrides, bypasses].map(countText),
      ]),
      "",
    ),
    section(
      definitions.judgedRight.title,
      definitions.judgedRight.says,
      ["Judged right", "Stands on"],
      [
        [
          figureText(report.lessons.judgedRight),
          standsOn(report.lessons.judgedRight, "reviews of overrides"),
        ],
      ],
      "",
    ),
    section(
      definitions.caughtBy.title,
      `${definitions.caughtBy.says} Stands on ${lessonsStandOn(report)}.`,
      ["Rule", "Reviews"],
      catchingLines(report),
      "No review names one.",
    ),
    section(
      "Bypasses",
      "Everything that went past the gate, with its review.",
      ["When", "Repository", "What", "How"],
      report.bypasses.map((bypass) => [
        instant(bypass.at),
        bypass.repository,
        bypass.what,
        bypassText(bypass),
      ]),
      "Nothing is on record.",
    ),
    section(
      "Deployments",
      "Every deployment that was asked for in the period.",
      deploymentColumns.map(({ title }) => title),
      report.deployments.map((deployment) => deploymentColumns.map(({ text }) => text(deployment))),
      "None was asked for.",
    ),
    "",
  ].join("\n\n");
}
