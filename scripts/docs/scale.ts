import { measuredOver, type Measured } from "../../bench/measured.ts";
import { table } from "#core/text/markdown.ts";
import { cell } from "./markdown.ts";

/** The organisation that the page reckons with. */
const world = {
  repositories: 100_000,
  changesADay: 20_000,
  /** Of a day's changes. */
  busiestHour: 0.15,
  /** Of an installation with many repositories (docs.github.com), less the tenth that is kept for deployments. */
  quota: 12_500 * 0.9,
  /** `npm run bench -- sweep`: an hour of looking after 5,000 repositories with 200 open pull requests. */
  sweep: { repositories: 5_000, calls: 45, points: 153 },
  /** Bytes of the audit log for a record, measured in test/e2e/audit-replay.test.ts. */
  auditBytes: 1_400,
} as const;

const nameOf = ({ name }: Measured): string => name.replace(/^(\w+), postgres: /, "$1: ");
const withLoad = (row: Measured | undefined): string =>
  row === undefined ? "–" : `${row.measured} (load ${row.load})`;

/** What was kept of the bench over both stores, side by side, each with how busy the machine was. */
export function measuredTable(): string {
  const stores = [measuredOver("file"), measuredOver("postgres")] as const;
  const names = [...new Set(stores.flat().map(nameOf))];
  const rows = names.map((name) => {
    const [file, postgres] = stores.map((rows) => rows.find((row) => nameOf(row) === name));
    return [name, withLoad(file), withLoad(postgres), file?.budget ?? postgres?.budget ?? "–"].map(cell);
  });
  return table(["Measured", "Embedded file", "PostgreSQL", "Budget"], rows);
}

const round = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(2);

/** The unit costs over PostgreSQL, carried to an organisation of 100,000 repositories. */
export function reckonedTable(): string {
  const unit = Object.assign({}, ...measuredOver("postgres").map(({ values }) => values)) as Readonly<
    Record<string, number>
  >;
  const of = (name: string): number => {
    const value = unit[name];
    if (value === undefined)
      throw new Error(`bench/measured/postgres.json has no ${name}: npm run bench -- units --store postgres --keep`);
    return value;
  };
  const { changesADay, quota, sweep, auditBytes } = world;
  const hour = changesADay * world.busiestHour;
  const times = world.repositories / sweep.repositories;
  return table(
    ["Of it", "Comes to", "By"],
    [
      ["deliveries", `${round(changesADay * of("deliveries"))} a day, ${round((hour * of("deliveries")) / 3_600)} a second in the busiest hour`, `${round(of("deliveries"))} a pull request`],
      ["processor", `${round((hour * of("processorMs")) / 3_600_000)} cores in the busiest hour, over all processes`, `${round(of("processorMs"))} ms a pull request`],
      ["calls to GitHub", `${round(hour * of("calls"))} in the busiest hour: ${Math.round((100 * hour * of("calls")) / quota)} % of what one installation may`, `${round(of("calls"))} a pull request, ${round(quota)} calls an hour and installation`],
      ["sweeps", `${round(sweep.calls * times)} calls and ${round(sweep.points * times)} points an hour, over all installations`, `${sweep.calls} calls and ${sweep.points} points for ${round(sweep.repositories)} repositories`],
      ["database, written anew", `${round((changesADay * of("diskBytes")) / 1e9)} GB a day before rows that are pruned make room, ${round((changesADay * of("logBytes")) / 1e9)} GB of write-ahead log`, `${round(of("diskBytes") / 1e3)} kB and ${round(of("logBytes") / 1e3)} kB a pull request`],
      ["audit log, which stays", `${round((changesADay * 365 * of("auditRecords") * auditBytes) / 1e9)} GB a year`, `${round(of("auditRecords"))} records of 1.4 kB a pull request`],
    ],
  );
}
