import { csvLine } from "#core/formats/csv.ts";
import type { Figure } from "./figure.ts";
import type { Report } from "./report.ts";
import type { WaitingRow } from "./unmet-times.ts";
import { bypassText, deploymentColumns } from "./words.ts";

const iso = (at: number): string => new Date(at).toISOString();

const head = ["section", "name", "value", "unit", "rows", "missing"] as const;

/**
 * The report as one table, a line each with its line feed: what a line speaks of stands in its first column, and an empty
 * cell is what was not observed. Instants in ISO 8601, times in milliseconds.
 */
export function* asCsv(report: Report): Generator<string> {
  const columns = deploymentColumns.map(({ key }) => key);
  const line = (...cells: readonly (string | number | null)[]): string =>
    `${csvLine([...cells, ...Array<null>(head.length + columns.length - cells.length).fill(null)])}\n`;
  const figure = (section: string, name: string, { value, unit, rows, missing }: Figure): string =>
    line(section, name, value, unit, rows, missing);
  const waiting = (section: string, { name, totalMs, rows, missing }: WaitingRow): string =>
    line(section, name, totalMs, "ms in all", rows, missing);

  yield `${csvLine([...head, ...columns])}\n`;
  const { figures } = report;
  yield figure("figure", "deployment frequency", figures.deploymentFrequency);
  yield figure("figure", "lead time for changes", figures.leadTime);
  yield figure("figure", "change failure rate", figures.changeFailureRate);
  yield figure("figure", "failed deployment recovery time", figures.recoveryTime);
  for (const step of figures.path) yield figure("commit to production", step.step, step);
  for (const row of report.waiting.byRule) yield waiting("waiting by rule", row);
  for (const row of report.waiting.byTeam) yield waiting("waiting by team", row);
  for (const { repository, name, rows, failed, meanMs } of report.checks ?? []) {
    yield line("check", `${repository} ${name}`, failed, "failed", rows);
    yield line("length of a check", `${repository} ${name}`, meanMs, "ms", rows);
  }
  for (const { repository, at, percent } of report.coverage.points)
    yield line("coverage", `${repository} ${iso(at)}`, percent, "percent");
  for (const part of report.parts)
    for (const key of ["succeeded", "failed", "rollbacks", "overrides", "bypasses"] as const)
      yield line("over time", `${key} from ${iso(part.from)} until ${iso(part.to)}`, part[key]);
  yield figure("figure", "overrides judged right", report.lessons.judgedRight);
  for (const { name, times } of report.lessons.caughtBy)
    yield line("rule that would have caught it", name, times, "reviews");
  for (const bypass of report.bypasses)
    yield line(
      "bypass",
      `${bypass.repository} ${bypass.what} ${iso(bypass.at)}: ${bypassText(bypass)}`,
    );
  for (const deployment of report.deployments)
    yield line(
      "deployment",
      String(deployment.deploymentId),
      null,
      null,
      null,
      null,
      ...deploymentColumns.map(({ text }) => text(deployment)),
    );
}
