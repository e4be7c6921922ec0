import { coveredCount, packLines } from "./line-hits.ts";
import { tidyPath } from "./tidy-path.ts";
import type { CoverageFile } from "./report.ts";

/** Bounds on what a hostile report may make us hold; far above any real report. */
const mostLines = 2_000_000;
const mostFiles = 200_000;
const lastLine = 5_000_000;
const longestPath = 4096;

/** Lines of one file while a report is being read. */
export type OpenFile = {
  readonly path: string;
  readonly module?: string;
  readonly hits: Map<number, number>;
};

/** Collects lines per file; the first thing that cannot be true is kept as `problem` and spoils the whole report. */
export type Tally = {
  problem: string | undefined;
  readonly file: (path: string, module?: string) => OpenFile;
  readonly hit: (file: OpenFile, line: number, hits: number) => void;
  readonly spoil: (problem: string) => void;
  readonly open: () => Iterable<OpenFile>;
};

export function openTally(): Tally {
  const files = new Map<string, OpenFile>();
  let lines = 0;
  const tally: Tally = {
    problem: undefined,
    spoil: (problem) => {
      tally.problem ??= problem;
    },
    open: () => files.values(),
    file: (rawPath, module) => {
      if (rawPath.length > longestPath)
        tally.spoil(`a file path is longer than ${longestPath} characters`);
      const path = tidyPath(rawPath.slice(0, longestPath));
      if (path === "") tally.spoil("a file has no path");
      const key = module === undefined ? path : `${module}\0${path}`;
      const known = files.get(key);
      if (known !== undefined) return known;
      const opened: OpenFile =
        module === undefined ? { path, hits: new Map() } : { path, module, hits: new Map() };
      if (files.size < mostFiles) files.set(key, opened);
      else tally.spoil(`the report names more than ${mostFiles} files`);
      return opened;
    },
    hit: (file, line, hits) => {
      // Some tools put what belongs to no line at line 0; no diff can ever touch it.
      if (line === 0) return;
      if (line > lastLine)
        return tally.spoil(`line number ${line} of ${file.path} is beyond ${lastLine}`);
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

/** A count in a report: digits only, so that `-1`, `NaN`, `1e9`, `` and `0x10` are refused. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,20}$/.test(text) ? Number(text) : undefined;
}

/**
 * How often a line ran. Perl writes counts beyond its integers as `1.84467440737096e+19`, some writers of Cobertura
 * write `1.0`: any fraction of a run is a run. Signs, words and what is beyond all numbers are refused.
 */
export function hitCount(text: string | undefined): number | undefined {
  const whole = wholeNumber(text);
  if (
    whole !== undefined ||
    text === undefined ||
    !/^\d{1,60}(?:\.\d{1,60})?(?:[eE]\+?\d{1,3})?$/.test(text)
  )
    return whole;
  const hits = Math.ceil(Number(text));
  return Number.isFinite(hits) ? hits : undefined;
}
