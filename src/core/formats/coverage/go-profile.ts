import { finishReport, sumOf } from "./finish-report.ts";
import type { CoverageFailure, CoverageFile, CoverageReport, StatementBlock } from "./report.ts";
import { closeFile, hitCount, type OpenFile, openTally, type Tally } from "./tally.ts";

/** A block is bounded so that one hostile row cannot stand for millions of lines. */
const longestBlock = 100_000;
const mostSteps = 10_000_000;

const row = /^(.{1,4096}):(\d{1,9})\.(\d{1,9}),(\d{1,9})\.(\d{1,9}) (\d{1,9}) (-?\d{1,20})$/;

/**
 * Go cover profiles: `file:line.col,line.col statements count`. Figures are statements, as `go tool cover` reports
 * them, blocks of one position added up; a line is covered when any block that touches it ran. The profile has no end
 * mark: a row that breaks off is seen, a file that breaks off between rows is not.
 */
export function readGoProfile(text: string): CoverageReport | CoverageFailure {
  const tally = openTally();
  const blocks = new Map<OpenFile, Map<string, StatementBlock>>();
  let steps = 0;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trimEnd();
    if (line === "") continue;
    if (line.startsWith("mode: ")) {
      if (!/^mode: (?:set|count|atomic)$/.test(line))
        return { error: `line ${index + 1}: "${line.slice(0, 80)}" is no mode of a Go profile` };
      continue;
    }
    const found = row.exec(line);
    const hits = hitCount(found?.[7]);
    if (found === null || hits === undefined)
      return { error: `line ${index + 1}: "${line.slice(0, 80)}" is no block of a Go profile` };
    const [
      ,
      path = "",
      startLine = "",
      startColumn = "",
      endLine = "",
      endColumn = "",
      statements = "",
    ] = found;
    const lines = Number(endLine) - Number(startLine) + 1;
    steps += lines;
    if (lines < 1 || lines > longestBlock || steps > mostSteps)
      return { error: `line ${index + 1}: a block of ${lines} lines` };
    const file = tally.file(path);
    if (!tally.isPossible(Number(endLine))) {
      // A block beyond all lines is left out whole: its statements stand nowhere either.
      tally.hit(file, Number(endLine), hits);
      continue;
    }
    const position = `${startLine}.${startColumn},${endLine}.${endColumn}`;
    hitBlock(tally, file, Number(startLine), Number(endLine), hits);
    addBlock(blocks, file, { position, statements: Number(statements), hits });
    if (tally.problem !== undefined) return { error: tally.problem };
  }
  return finishReport({
    format: "go",
    files: [...blocks].map(([file, of]) => statementFile(closeFile(file), [...of.values()])),
    warnings: tally.warnings(),
  });
}

/** A file whose figures are the statements of its blocks rather than its lines. */
export function statementFile(file: CoverageFile, blocks: readonly StatementBlock[]): CoverageFile {
  const figures = blocks.map((block) => ({
    path: file.path,
    covered: block.hits > 0 ? block.statements : 0,
    valid: block.statements,
  }));
  return { ...file, ...sumOf(figures), blocks };
}

function hitBlock(tally: Tally, file: OpenFile, from: number, to: number, hits: number): void {
  for (let line = from; line <= to; line += 1) tally.hit(file, line, hits);
}

function addBlock(
  blocks: Map<OpenFile, Map<string, StatementBlock>>,
  file: OpenFile,
  block: StatementBlock,
): void {
  const known = blocks.get(file) ?? new Map<string, StatementBlock>();
  blocks.set(file, known);
  const before = known.get(block.position);
  known.set(
    block.position,
    before === undefined ? block : { ...block, hits: before.hits + block.hits },
  );
}
