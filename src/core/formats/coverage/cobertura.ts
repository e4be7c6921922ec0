import { finishReport } from "./finish-report.ts";
import { declaredTotals } from "./report.ts";
import type { CoverageFailure, CoverageReport, DeclaredTotals } from "./report.ts";
import { closeFile, hitCount, openTally, wholeNumber } from "./tally.ts";
import type { OpenFile } from "./tally.ts";
import { joinPath, tidyPath } from "./tidy-path.ts";
import { decodeEntities, walkXml } from "./xml.ts";
import type { XmlElement } from "./xml.ts";

const wanted = new Set(["number", "hits", "filename", "lines-covered", "lines-valid"]);
const mostSources = 50;

type Row = readonly [line: number, hits: number];

/**
 * Cobertura XML (coverage-04.dtd and what coverlet, gcovr, coverage.py, Istanbul make of it). A class's own `lines`
 * count; its methods repeat them, and count only where a class has none. Several classes of one file are one file.
 */
export function readCobertura(text: string): CoverageReport | CoverageFailure {
  const tally = openTally();
  const sources = sourcesOf(text);
  const only = sources.length === 1 ? (sources[0] ?? "") : "";
  let declared: DeclaredTotals | undefined;
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
      file = tally.file(joinPath(only, decodeEntities(element.attributes["filename"] ?? "")));
    } else if (element.name === "coverage" && element.depth === 1) declared = rootTotals(element);
  };
  const broken = walkXml(text, wanted, visit);
  endClass();
  const problem = broken ?? tally.problem;
  if (problem !== undefined) return { error: problem };
  return finishReport({
    format: "cobertura",
    files: [...tally.open()].map(closeFile),
    declared,
    sources: sources.length > 1 ? sources : [],
  });
}

function rowOf({ attributes }: XmlElement, file: OpenFile): Row | string {
  const line = wholeNumber(attributes["number"]);
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

/** `<source>` is the only text of the format; it stands before the packages, so it is read on its own. */
function sourcesOf(text: string): string[] {
  const end = text.indexOf("</sources>");
  const start = text.indexOf("<sources>");
  if (start === -1 || end < start || end - start > 100_000) return [];
  const found = [...text.slice(start, end).matchAll(/<source>([^<]{0,4096})<\/source>/g)].map(
    (match) => tidyPath(decodeEntities(match[1] ?? "")),
  );
  return [...new Set(found)].filter((source) => source !== "").slice(0, mostSources);
}
