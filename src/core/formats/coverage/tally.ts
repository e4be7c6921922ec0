import { coveredCount, packLines } from "./line-hits.ts";
import { tidyPath } from "./tidy-path.ts";
import type { CoverageFile } from "./report.ts";

/** Bounds on what a hostile report may make us hold; far above any real report. */
const mostLines = 2_000_000;
const mostFiles = 200_000;
/** No source file has a million lines: a larger number is a fault of the tool that counted. */
const lastLine = 999_999;
const longestPath = 4096;

/** Lines of one file while a report is being read. */
export type OpenFile = {
  readonly path: string;
  readonly module?: string;
  readonly hits: Map<number, number>;
};

/**
 * Collects lines per file. What makes the whole report doubtful is kept as `problem`; an impossible line is left out and
 * counted, and a record without a usable path is a file of its own that counts for the project and for no patch.
 */
export type Tally = {
  problem: string | undefined;
  readonly file: (path: string, module?: string) => OpenFile;
  readonly hit: (file: OpenFile, line: number, hits: number) => void;
  readonly isPossible: (line: number) => boolean;
  readonly spoil: (problem: string) => void;
  /** What was left out or read with care, in words. */
  readonly warnings: () => readonly string[];
  readonly open: () => Iterable<OpenFile>;
};

export function openTally(): Tally {
  const files = new Map<string, OpenFile>();
  let lines = 0;
  let unnamed = 0;
  let impossible = 0;
  let example = "";
  const tally: Tally = {
    problem: undefined,
    spoil: (problem) => {
      tally.problem ??= problem;
    },
    open: () => files.values(),
    isPossible: (line) => line > 0 && line <= lastLine,
    warnings: () => [
      ...(unnamed === 0
        ? []
        : [
            `${counted(unnamed, "file")} without a usable path: counted for the project, for no patch`,
          ]),
      ...(impossible === 0
        ? []
        : [`${counted(impossible, "impossible line")} left out, such as ${example}`]),
    ],
    file: (rawPath, module) => {
      const path = rawPath.length > longestPath ? "" : tidyPath(rawPath);
      if (isNoFile(path)) unnamed += 1;
      const name = isNoFile(path) ? "" : path;
      // Two records without a path are two files: nothing says that their lines are the same ones.
      const key = `${module ?? ""}\0${name === "" ? `\0${unnamed}` : name}`;
      const known = files.get(key);
      if (known !== undefined) return known;
      const opened: OpenFile =
        module === undefined
          ? { path: name, hits: new Map() }
          : { path: name, module, hits: new Map() };
      if (files.size < mostFiles) files.set(key, opened);
      else tally.spoil(`the report names more than ${mostFiles} files`);
      return opened;
    },
    hit: (file, line, hits) => {
      // Some tools put what belongs to no line at line 0; no diff can ever touch it.
      if (line === 0) return;
      if (!tally.isPossible(line)) {
        impossible += 1;
        example ||= `line ${line} of ${file.path === "" ? "a file without a path" : file.path.slice(0, 200)}`;
        return;
      }
      const before = file.hits.get(line);
      if (before === undefined) {
        lines += 1;
        if (lines > mostLines)
          return tally.spoil(`the report measures more than ${mostLines} lines`);
        file.hits.set(line, hits);
      } else if (hits > before) file.hits.set(line, hits);
    },
  };
  return tally;
}

/** A file whose figures are those of its lines. */
export function closeFile(open: OpenFile): CoverageFile {
  const lines = packLines(open.hits);
  return {
    path: open.path,
    ...(open.module === undefined ? {} : { module: open.module }),
    covered: coveredCount(lines),
    valid: lines.numbers.length,
    lines,
  };
}

const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Paths that name no file of a repository: nothing, or a folder above all. */
const isNoFile = (path: string): boolean => /^(?:[./]*|[A-Za-z]:\/?)$/.test(path);

/** A count in a report: digits only, so that `-1`, `NaN`, `1e9`, `` and `0x10` are refused. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,20}$/.test(text) ? Number(text) : undefined;
}

/** The number of a line as it is written, also an impossible one (`-3`, 60 digits): `hit` leaves that out. */
export function lineNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,60}$/.test(text) ? Number(text) : undefined;
}

/**
 * How often a line ran. Perl writes counts beyond its integers as `1.84467440737096e+19`, some writers of Cobertura
 * write `1.0`: any fraction of a run is a run. Counters that ran over are negative (gcov): that says of no run, so it is
 * none. Words and what is beyond all numbers are refused.
 */
export function hitCount(text: string | undefined): number | undefined {
  const whole = wholeNumber(text);
  if (
    whole !== undefined ||
    text === undefined ||
    !/^-?\d{1,60}(?:\.\d{1,60})?(?:[eE][+-]?\d{1,3})?$/.test(text)
  )
    return whole;
  const hits = Math.max(0, Math.ceil(Number(text)));
  return Number.isFinite(hits) ? hits : undefined;
}
