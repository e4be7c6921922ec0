import { Command } from "commander";
import { asCsv } from "#core/report/as-csv.ts";
import { asMarkdown } from "#core/report/as-markdown.ts";
import { asJson } from "#core/report/as-json.ts";
import { readReportFilter } from "#flow/pages/report-filter.ts";
import { readReport } from "#flow/pages/report.ts";
import { operatorViewer } from "#flow/pages/viewer.ts";
import { UnusableInput } from "../answer.ts";
import { settingsHere, withRecords } from "../store.ts";
import { text, type DefineCommand } from "./command.ts";

const formats = ["md", "csv", "json", "html"] as const;
type Format = (typeof formats)[number];

function formatOf(options: Readonly<Record<string, unknown>>): Format {
  if (options["json"] === true) return "json";
  const written = text(options["format"]);
  const format = formats.find((each) => each === written);
  if (format === undefined)
    throw new UnusableInput(`--format ${written}: none of ${formats.join(", ")}`);
  return format;
}

/** The options as the page's address has them: what cannot be used is said in the same words. */
function filterOf(options: Readonly<Record<string, unknown>>, now: number) {
  const query = new URLSearchParams();
  for (const name of ["from", "to", "repository", "environment"])
    if (options[name] !== undefined) query.append(name, text(options[name]));
  const { filter, problems } = readReportFilter(query, now);
  refuse(problems);
  return filter;
}

function refuse(problems: readonly { readonly field: string; readonly message: string }[]): void {
  if (problems.length > 0)
    throw new UnusableInput(
      problems.map(({ field, message }) => `--${field}: ${message}`).join("; "),
    );
}

export const report: DefineCommand = () => ({
  command: new Command("report")
    .description(
      "what auditors ask for, and delivery metrics, from the service's own records: every deployment of a period, who let it through, and DORA's figures",
    )
    .option(
      "--from <time>",
      "its first day, such as 2026-01-01, or an instant; 30 days before the end, if left out",
    )
    .option("--to <time>", "its last day, or the instant at which it ends; now, if left out")
    .option("--repository <name>", "owner/name; every repository, if left out")
    .option(
      "--environment <name>",
      "one environment; those that are production by their names, if left out",
    )
    .option("--format <format>", formats.join(", "), "md"),
  run: async (_args, options) => {
    const format = formatOf(options);
    const now = Date.now();
    const filter = filterOf(options, now);
    const answer = await withRecords(settingsHere(), (store) =>
      readReport(store, operatorViewer, filter, now),
    );
    if (answer.kind === "invalid") {
      refuse(answer.problems);
      return null;
    }
    switch (format) {
      case "md":
        return { json: null, text: asMarkdown(answer.report), exitCode: 0 };
      case "html": {
        const { reportDocument } = await import("../../web/pages/report-document.tsx");
        return { json: null, text: await reportDocument(answer.report), exitCode: 0 };
      }
      case "csv":
      case "json":
        for (const piece of format === "csv" ? asCsv(answer.report) : asJson(answer.report))
          process.stdout.write(piece);
        return null;
    }
  },
});
