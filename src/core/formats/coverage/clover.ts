import { finishReport } from "./finish-report.ts";
import {
  type CoverageFailure,
  type CoverageReport,
  declaredTotals,
  type DeclaredTotals,
} from "./report.ts";
import {
  closeFile,
  hitCount,
  lineNumber,
  type OpenFile,
  openTally,
  type Tally,
  wholeNumber,
} from "./tally.ts";
import { decodeEntities, walkXml, type XmlElement } from "./xml.ts";

const wanted = new Set([
  "clover",
  "name",
  "path",
  "num",
  "count",
  "type",
  "statements",
  "coveredstatements",
]);

/** Istanbul always writes this version, whatever its own; OpenClover is at 4, PHPUnit writes none. Atlassian had a 3.2.0 too. */
const istanbulVersion = "3.2.0";

/**
 * Clover XML in two dialects. Istanbul writes one row per line, `cond` instead of `stmt` where the line branches, with
 * the line's `count`; its `falsecount` is the number of branches not taken, and says nothing of whether the line ran.
 * Clover, OpenClover and PHPUnit write `cond` (without a count) and `method` rows beside the `stmt` rows: only `stmt`
 * counts. Test projects of OpenClover are not what is measured.
 */
export function readClover(text: string): CoverageReport | CoverageFailure {
  const tally = openTally();
  let declared: DeclaredTotals | undefined;
  let istanbul = false;
  let inProject = false;
  let file: OpenFile | undefined;
  const visit = (element: XmlElement): void => {
    const { name, depth, attributes } = element;
    if (name === "line") {
      const counts =
        attributes["type"] === "stmt" ||
        (istanbul && attributes["type"] === "cond" && attributes["count"] !== undefined);
      if (counts && file !== undefined) hitRow(tally, file, attributes);
    } else if (name === "file") {
      file = inProject
        ? tally.file(decodeEntities(attributes["path"] || attributes["name"] || ""))
        : undefined;
    } else if (name === "metrics" && depth === 3 && inProject) {
      const covered = wholeNumber(attributes["coveredstatements"]);
      const valid = wholeNumber(attributes["statements"]);
      if (covered !== undefined && valid !== undefined) declared ??= declaredTotals(covered, valid);
    } else if (depth === 2) {
      inProject = name === "project";
      file = undefined;
    } else if (depth === 1) istanbul = attributes["clover"] === istanbulVersion;
  };
  const problem = walkXml(text, wanted, visit) ?? tally.problem;
  if (problem !== undefined) return { error: problem };
  return finishReport({
    format: "clover",
    files: [...tally.open()].map(closeFile),
    declared,
    warnings: tally.warnings(),
  });
}

function hitRow(tally: Tally, file: OpenFile, attributes: XmlElement["attributes"]): void {
  const line = lineNumber(attributes["num"]);
  const hits = hitCount(attributes["count"]);
  if (line === undefined || hits === undefined)
    tally.spoil(
      `${file.path}: a line with num "${attributes["num"]}" and count "${attributes["count"]}"`,
    );
  else tally.hit(file, line, hits);
}
