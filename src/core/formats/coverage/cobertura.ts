import { finishReport, sumOf } from "./finish-report.ts";
import {
  type CoverageFailure,
  type CoverageReport,
  declaredTotals,
  type DeclaredTotals,
} from "./report.ts";
import { closeFile, hitCount, lineNumber, type OpenFile, openTally, wholeNumber } from "./tally.ts";
import { joinPath, tidyPath } from "./tidy-path.ts";
import { decodeEntities, walkXml, withoutAsides, type XmlElement } from "./xml.ts";

const wanted = new Set(["number", "hits", "filename", "lines-covered", "lines-valid", "line-rate"]);
const mostSources = 50;
/** A rate is written with two digits at least. */
const rounding = 0.0051;

type Row = readonly [line: number, hits: number];

/**
 * Cobertura XML (coverage-04.dtd and what coverlet, gcovr, coverage.py, Istanbul make of it). A class's own `lines`
 * count; its methods repeat them, and count only where a class has none. Several classes of one file are one file.
 */
export function readCobertura(text: string): CoverageReport | CoverageFailure {
  const tally = openTally();
  const roots = sourceRootsOf(text);
  const only = roots.length === 1 ? (roots[0] ?? "") : "";
  let root: XmlElement | undefined;
  let file: OpenFile | undefined;
  let classDepth = 0;
  let ownLines = false;
  let methodRows: Row[] = [];

  const endClass = (): void => {
    if (file !== undefined && !ownLines)
      for (const [line, hits] of methodRows) tally.hit(file, line, hits);
    methodRows = [];
    ownLines = false;
  };
  const visit = (element: XmlElement): void => {
    if (element.name === "line" && file !== undefined) {
      const row = rowOf(element, file);
      if (typeof row === "string") return tally.spoil(row);
      if (element.depth === classDepth + 2) {
        ownLines = true;
        tally.hit(file, row[0], row[1]);
      } else methodRows.push(row);
    } else if (element.name === "class") {
      endClass();
      classDepth = element.depth;
      file = tally.file(pathBelow(only, element.attributes["filename"]));
    } else if (element.depth === 1) root = element;
  };
  const broken = walkXml(text, wanted, visit);
  endClass();
  const problem = broken ?? tally.problem;
  if (problem !== undefined) return { error: problem };
  const files = [...tally.open()].map(closeFile);
  const missing =
    roots.length > 1 && root !== undefined ? rowsMissing(root, sumOf(files)) : undefined;
  if (missing !== undefined) return { error: missing };
  return finishReport({
    format: "cobertura",
    files,
    declared: root === undefined ? undefined : rootTotals(root),
    sources: roots.length > 1 ? roots.filter((path) => path !== "") : [],
    warnings: tally.warnings(),
  });
}

/** A record without a file name is not the folder that it would lie in. */
const pathBelow = (root: string, name = ""): string =>
  name.trim() === "" ? "" : joinPath(root, decodeEntities(name));

/**
 * Below several `<source>` roots, files of one name are told apart by nothing: their rows fall together, and a report
 * whose rows are fewer than it declares has lost some that way. What is left says less than the whole and nobody knows
 * how much less. Where it declares a rate only, the rate tells.
 */
function rowsMissing(
  { attributes }: XmlElement,
  rows: { readonly covered: number; readonly valid: number },
): string | undefined {
  const why =
    "files of one name below several <source> roots cannot be told apart: write one report for each root";
  const declared = wholeNumber(attributes["lines-valid"]);
  if (declared !== undefined)
    return declared > rows.valid
      ? `the report declares ${declared} lines and shows ${rows.valid}; ${why}`
      : undefined;
  const rate = Number(attributes["line-rate"] ?? NaN);
  return rows.valid > 0 && rows.covered / rows.valid > rate + rounding
    ? `the report declares a line rate of ${rate} and its lines say more; ${why}`
    : undefined;
}

function rowOf({ attributes }: XmlElement, file: OpenFile): Row | string {
  const line = lineNumber(attributes["number"]);
  const hits = hitCount(attributes["hits"]);
  if (line === undefined || hits === undefined)
    return `${file.path}: a line with number "${attributes["number"]}" and hits "${attributes["hits"]}"`;
  return [line, hits];
}

function rootTotals({ attributes }: XmlElement): DeclaredTotals | undefined {
  const covered = wholeNumber(attributes["lines-covered"]);
  const valid = wholeNumber(attributes["lines-valid"]);
  return covered === undefined || valid === undefined ? undefined : declaredTotals(covered, valid);
}

/** `<source>` is the only text of the format; it stands before the packages, so it is read on its own. Distinct ones. */
function sourceRootsOf(text: string): readonly string[] {
  const beginning = withoutAsides(text.slice(0, 1_000_000));
  const start = /<sources\s*>/.exec(beginning);
  if (start === null) return [];
  const rest = beginning.slice(start.index);
  const end = /<\/sources\s*>/.exec(rest);
  // More of them than anybody writes are several in any case.
  if (end === null) return ["", "too many to read"];
  const found = [
    ...rest.slice(0, end.index).matchAll(/<source\s*(?:\/>|>([^<]{0,4096})<\/source\s*>)/g),
  ].map((match) => tidyPath(decodeEntities(match[1] ?? "")));
  return [...new Set(found)].slice(0, mostSources);
}
