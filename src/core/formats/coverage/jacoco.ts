import { finishReport } from "./finish-report.ts";
import {
  type CoverageFailure,
  type CoverageFile,
  type CoverageReport,
  declaredTotals,
  type DeclaredTotals,
} from "./report.ts";
import {
  closeFile,
  lineNumber,
  type OpenFile,
  openTally,
  type Tally,
  wholeNumber,
} from "./tally.ts";
import { decodeEntities, walkXml, type XmlElement } from "./xml.ts";

const wanted = new Set(["name", "nr", "mi", "ci", "type", "missed", "covered", "sourcefilename"]);

/** What a report says of one file beside its lines. `isBlind`: some of them do not say whether they ran. */
type Beside = { counter?: DeclaredTotals; isBlind: boolean };

/** A class with lines of its own: gcovr writes one for each file, and no source files. */
type ClassRecord = {
  readonly file: string;
  readonly module: string | undefined;
  counter?: DeclaredTotals;
};

/**
 * JaCoCo XML (report.dtd 1.1, Pester's too): `sourcefile/line` with missed and covered instructions; a line with any
 * covered instruction is covered. Groups are modules: equal paths in two of them are two files. gcovr's lines do not say
 * whether they ran and stand in classes: there the LINE counter of the class counts.
 */
export function readJacoco(text: string): CoverageReport | CoverageFailure {
  const tally = openTally();
  const beside = new Map<OpenFile, Beside>();
  const groups: string[] = [];
  let declared: DeclaredTotals | undefined;
  let folder = "";
  let file: OpenFile | undefined;
  let record: ClassRecord | undefined;
  let depthOfRecord = 0;
  // Classes repeat what their source file says: they count only in a package that lists no source file.
  let classes: ClassRecord[] = [];
  let hasFiles = false;

  const of = (open: OpenFile): Beside => {
    const known = beside.get(open) ?? { isBlind: false };
    beside.set(open, known);
    return known;
  };
  const endPackage = (): void => {
    for (const { file: path, module, counter } of hasFiles ? [] : classes) {
      if (counter === undefined) continue;
      const about = of(tally.file(path, module));
      about.counter = sum(about.counter, counter);
    }
    classes = [];
    hasFiles = false;
    file = undefined;
    record = undefined;
  };
  const moduleOf = (): string | undefined => (groups.length > 0 ? groups.join("/") : undefined);
  const visit = (element: XmlElement): void => {
    const { name, depth, attributes } = element;
    if (name === "line" && file !== undefined && depth === depthOfRecord + 1) {
      const problem = takeLine(tally, file, attributes, of(file));
      if (problem !== undefined) tally.spoil(problem);
    } else if (name === "counter" && attributes["type"] === "LINE") {
      const isOwn = depth === depthOfRecord + 1;
      if (depth !== 2 && !(isOwn && (file ?? record) !== undefined)) return;
      const totals = lineCounter(element);
      if (totals === undefined)
        return tally.spoil(
          `a LINE counter with missed "${attributes["missed"]}" and covered "${attributes["covered"]}"`,
        );
      if (depth === 2) declared = totals;
      else if (file !== undefined) of(file).counter = totals;
      else if (record !== undefined) record.counter = totals;
    } else if (name === "group") {
      endPackage();
      groups.length = depth - 2;
      groups.push(decodeEntities(attributes["name"] ?? ""));
    } else if (name === "package") {
      endPackage();
      groups.length = depth - 2;
      folder = decodeEntities(attributes["name"] ?? "");
    } else if (name === "class") {
      depthOfRecord = depth;
      file = undefined;
      const source = decodeEntities(attributes["sourcefilename"] ?? "");
      record = { file: source.includes("/") ? source : pathIn(folder, source), module: moduleOf() };
      classes.push(record);
    } else if (name === "sourcefile") {
      depthOfRecord = depth;
      hasFiles = true;
      record = undefined;
      file = tally.file(pathIn(folder, decodeEntities(attributes["name"] ?? "")), moduleOf());
      of(file);
    }
  };
  const broken = walkXml(text, wanted, visit);
  endPackage();
  const problem = broken ?? tally.problem;
  if (problem !== undefined) return { error: problem };
  const files: CoverageFile[] = [];
  for (const open of tally.open()) {
    const { counter, isBlind } = of(open);
    if (isBlind && counter === undefined)
      return {
        error: `${open.path}: its lines do not say whether they ran, and it has no LINE counter`,
      };
    // Classes compiled without debug information have counters but no lines.
    const isCounted = counter !== undefined && (isBlind || open.hits.size === 0);
    files.push(isCounted ? countedFile(open, counter) : closeFile(open));
  }
  return finishReport({ format: "jacoco", files, declared, warnings: tally.warnings() });
}

function takeLine(
  tally: Tally,
  file: OpenFile,
  attributes: XmlElement["attributes"],
  about: Beside,
): string | undefined {
  const line = lineNumber(attributes["nr"]);
  const missed = wholeNumber(attributes["mi"]);
  const covered = wholeNumber(attributes["ci"]);
  if (line !== undefined && attributes["mi"] === undefined && attributes["ci"] === undefined) {
    about.isBlind = true;
    return undefined;
  }
  if (line === undefined || missed === undefined || covered === undefined)
    return `${file.path}: a line with nr "${attributes["nr"]}", mi "${attributes["mi"]}", ci "${attributes["ci"]}"`;
  if (missed + covered > 0) tally.hit(file, line, covered);
  return undefined;
}

const countedFile = (open: OpenFile, { covered, valid }: DeclaredTotals): CoverageFile => ({
  path: open.path,
  ...(open.module === undefined ? {} : { module: open.module }),
  covered,
  valid,
});

const sum = (one: DeclaredTotals | undefined, other: DeclaredTotals): DeclaredTotals =>
  one === undefined ? other : declaredTotals(one.covered + other.covered, one.valid + other.valid);

function lineCounter({ attributes }: XmlElement): DeclaredTotals | undefined {
  const missed = wholeNumber(attributes["missed"]);
  const covered = wholeNumber(attributes["covered"]);
  return missed === undefined || covered === undefined
    ? undefined
    : declaredTotals(covered, missed + covered);
}

/** Pester repeats the package's last folder in the file's name. */
function pathIn(folder: string, name: string): string {
  if (name.trim() === "") return "";
  const slash = name.lastIndexOf("/");
  const repeated =
    slash > 0 && (folder === name.slice(0, slash) || folder.endsWith(`/${name.slice(0, slash)}`));
  const file = repeated ? name.slice(slash + 1) : name;
  return folder === "" ? file : `${folder}/${file}`;
}
