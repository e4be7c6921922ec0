import { finishReport } from "./finish-report.ts";
import { type CoverageFailure, type CoverageReport, declaredTotals } from "./report.ts";
import { closeFile, hitCount, lineNumber, type OpenFile, openTally, wholeNumber } from "./tally.ts";

/**
 * lcov tracefiles (`man geninfo`): `SF:` opens a file, `DA:line,hits[,checksum]`, `end_of_record` closes it. A record
 * that is never closed is a cut-off file. The same file under several `TN:` tests adds up.
 */
export function readLcov(text: string): CoverageReport | CoverageFailure {
  const tally = openTally();
  const declared = { found: 0, hit: 0, seen: false };
  let file: OpenFile | undefined;
  let row = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, end).trimEnd();
    start = end + 1;
    row += 1;
    if (line.startsWith("DA:")) {
      const [number, hits] = line.slice(3).split(",", 2);
      const at = lineNumber(number);
      const count = hitCount(hits);
      if (file === undefined) return { error: `line ${row}: DA before any SF` };
      if (at === undefined || count === undefined)
        return { error: `line ${row}: "${line.slice(0, 80)}" is no line count` };
      tally.hit(file, at, count);
    } else if (line.startsWith("SF:")) {
      if (file !== undefined)
        return { error: `line ${row}: a new SF before the record of ${file.path} ended` };
      file = tally.file(line.slice(3));
    } else if (line === "end_of_record") {
      file = undefined;
    } else if (line.startsWith("LF:") || line.startsWith("LH:")) {
      const count = wholeNumber(line.slice(3));
      if (count === undefined)
        return { error: `line ${row}: "${line.slice(0, 80)}" is no number of lines` };
      declared.seen = true;
      if (line.startsWith("LF:")) declared.found += count;
      else declared.hit += count;
    }
    if (tally.problem !== undefined) return { error: tally.problem };
  }
  if (file !== undefined)
    return { error: `cut off: the record of ${file.path} has no end_of_record` };
  return finishReport({
    format: "lcov",
    files: [...tally.open()].map(closeFile),
    warnings: tally.warnings(),
    declared: declared.seen ? declaredTotals(declared.hit, declared.found) : undefined,
  });
}
