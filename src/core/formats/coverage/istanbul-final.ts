import { finishReport } from "./finish-report.ts";
import { hitsOf, isLineNumber, isRecord, type JsonRecord, recordAt } from "./json-shape.ts";
import type { CoverageFailure, CoverageReport } from "./report.ts";
import { closeFile, type OpenFile, openTally, type Tally } from "./tally.ts";

/**
 * Istanbul's `coverage-final.json`: statements with places and counts. A line is one on which a statement starts, with
 * the highest count of those statements (Istanbul's own `getLineCoverage`); a ready-made `l` table, as
 * solidity-coverage writes it, goes before that.
 */
export function readIstanbulFinal(json: JsonRecord): CoverageReport | CoverageFailure {
  const tally = openTally();
  for (const [key, wrapped] of Object.entries(json)) {
    const entry = recordAt(wrapped, "data") ?? wrapped;
    if (!isRecord(entry)) return { error: `"${key.slice(0, 200)}" is not a file's coverage` };
    const file = tally.file(
      typeof entry["path"] === "string" && entry["path"] !== "" ? entry["path"] : key,
    );
    const byLine = recordAt(entry, "l");
    const problem =
      byLine === undefined ? hitStatements(tally, file, entry) : hitLines(tally, file, byLine);
    if (problem !== undefined) return { error: `${file.path}: ${problem}` };
    if (tally.problem !== undefined) return { error: tally.problem };
  }
  return finishReport({
    format: "istanbul_final",
    files: [...tally.open()].map(closeFile),
    warnings: tally.warnings(),
  });
}

function hitStatements(tally: Tally, file: OpenFile, entry: JsonRecord): string | undefined {
  const places = recordAt(entry, "statementMap");
  const counts = recordAt(entry, "s");
  if (places === undefined || counts === undefined) return "no statementMap and s";
  for (const [id, place] of Object.entries(places)) {
    const line = recordAt(place, "start")?.["line"];
    const hits = hitsOf(counts[id]);
    if (!isLineNumber(line)) return `statement ${id.slice(0, 20)} starts at no line`;
    if (hits === undefined) return `statement ${id.slice(0, 20)} has no count`;
    tally.hit(file, line, hits);
  }
  return undefined;
}

function hitLines(tally: Tally, file: OpenFile, byLine: JsonRecord): string | undefined {
  for (const key of Object.keys(byLine)) {
    const line = Number(key);
    const hits = hitsOf(byLine[key]);
    if (!isLineNumber(line) || hits === undefined) return `line ${key.slice(0, 20)} has no count`;
    tally.hit(file, line, hits);
  }
  return undefined;
}
