import { csvLine } from "#core/formats/csv.ts";
import type { AuditRecord } from "./chain.ts";
import type { AuditTrail } from "./trail.ts";

/** JSON lines, or a table for a spreadsheet. */
export type AuditFormat = "jsonl" | "csv";

const page = 1000;
const columns = [
  "seq",
  "time",
  "at",
  "kind",
  "repository",
  "subject",
  "actor",
  "detail",
  "hash",
] as const;

/** The records after `after`, a line each (without its line feed); CSV begins with a line of names. Reads in pages: the log may be longer than memory. */
export async function* exportAudit(
  store: { readonly trail: AuditTrail },
  format: AuditFormat,
  after = 0,
): AsyncGenerator<string, void, undefined> {
  if (format === "csv") yield columns.join(",");
  const line = format === "csv" ? asCsv : jsonLine;
  for (let last = after; ;) {
    const records = await store.trail.after(last, page);
    for (const record of records) yield line(record);
    const newest = records.at(-1);
    if (newest === undefined) return;
    last = newest.seq;
  }
}

/** `detail` goes in as it is stored, so that a reader can compute the hash again. */
function jsonLine(record: AuditRecord): string {
  const { detail, ...rest } = record;
  return `${JSON.stringify({ time: new Date(record.at).toISOString(), ...rest }).slice(0, -1)},"detail":${detail}}`;
}

function asCsv(record: AuditRecord): string {
  const cells = { ...record, time: new Date(record.at).toISOString() };
  return csvLine(columns.map((column) => cells[column]));
}
