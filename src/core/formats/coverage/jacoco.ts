import { finishReport } from "./finish-report.ts";
import { declaredTotals } from "./report.ts";
import type { CoverageFailure, CoverageFile, CoverageReport, DeclaredTotals } from "./report.ts";
import { closeFile, openTally, wholeNumber } from "./tally.ts";
import type { OpenFile } from "./tally.ts";
import { decodeEntities, walkXml } from "./xml.ts";
import type { XmlElement } from "./xml.ts";

const wanted = new Set(["name", "nr", "mi", "ci", "type", "missed", "covered"]);

/**
 * JaCoCo XML (report.dtd 1.1, Pester's too): `sourcefile/line` with missed and covered instructions; a line with any
 * covered instruction is covered. Groups are modules: equal paths in two of them are two files.
 */
export function readJacoco(text: string): CoverageReport | CoverageFailure {
  const tally = openTally();
  const counters = new Map<OpenFile, DeclaredTotals>();
  const groups: string[] = [];
  let declared: DeclaredTotals | undefined;
  let folder = "";
  let file: OpenFile | undefined;
  let fileDepth = 0;

  const visit = (element: XmlElement): void => {
    const { name, depth, attributes } = element;
    if (name === "line" && file !== undefined && depth === fileDepth + 1) {
      const line = wholeNumber(attributes["nr"]);
      const missed = wholeNumber(attributes["mi"]);
      const covered = wholeNumber(attributes["ci"]);
      if (line === undefined || missed === undefined || covered === undefined)
        return tally.spoil(
          `${file.path}: a line with nr "${attributes["nr"]}", mi "${attributes["mi"]}", ci "${attributes["ci"]}"`,
        );
      if (missed + covered > 0) tally.hit(file, line, covered);
    } else if (
      name === "counter" &&
      attributes["type"] === "LINE" &&
      (depth === 2 || (file !== undefined && depth === fileDepth + 1))
    ) {
      const totals = lineCounter(element);
      if (totals === undefined)
        return tally.spoil(
          `a LINE counter with missed "${attributes["missed"]}" and covered "${attributes["covered"]}"`,
        );
      if (depth === 2) declared = totals;
      else if (file !== undefined) counters.set(file, totals);
    } else if (name === "group") {
      groups.length = depth - 2;
      groups.push(decodeEntities(attributes["name"] ?? ""));
    } else if (name === "package") {
      groups.length = depth - 2;
      folder = decodeEntities(attributes["name"] ?? "");
      file = undefined;
    } else if (name === "sourcefile") {
      fileDepth = depth;
      file = tally.file(
        pathIn(folder, decodeEntities(attributes["name"] ?? "")),
        groups.length > 0 ? groups.join("/") : undefined,
      );
    }
  };
  const problem = walkXml(text, wanted, visit) ?? tally.problem;
  if (problem !== undefined) return { error: problem };
  const files = [...tally.open()].map((open) => closeOrCount(open, counters.get(open)));
  return finishReport({ format: "jacoco", files, declared });
}

/** Classes compiled without debug information have counters but no lines. */
function closeOrCount(open: OpenFile, counter: DeclaredTotals | undefined): CoverageFile {
  if (open.hits.size > 0 || counter === undefined) return closeFile(open);
  return {
    path: open.path,
    ...(open.module === undefined ? {} : { module: open.module }),
    covered: counter.covered,
    valid: counter.valid,
  };
}

function lineCounter({ attributes }: XmlElement): DeclaredTotals | undefined {
  const missed = wholeNumber(attributes["missed"]);
  const covered = wholeNumber(attributes["covered"]);
  return missed === undefined || covered === undefined
    ? undefined
    : declaredTotals(covered, missed + covered);
}

/** Pester repeats the package's last folder in the file's name. */
function pathIn(folder: string, name: string): string {
  const slash = name.lastIndexOf("/");
  const repeated =
    slash > 0 && (folder === name.slice(0, slash) || folder.endsWith(`/${name.slice(0, slash)}`));
  const file = repeated ? name.slice(slash + 1) : name;
  return folder === "" ? file : `${folder}/${file}`;
}
