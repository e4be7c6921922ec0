import type { CoverageFormat, CoverageReport } from "./report.ts";

/** A report and where it lay: `name` is the entry's path in its artifact. */
export type PlacedReport = {
  readonly artifact: string;
  readonly name: string;
  readonly report: CoverageReport;
};

/** The most exact first: which of one measurement's formats is taken. */
const preferred: readonly CoverageFormat[] = [
  "lcov",
  "istanbul_final",
  "cobertura",
  "jacoco",
  "coveragepy",
  "go",
  "simplecov",
  "clover",
  "istanbul_summary",
];

/**
 * One measurement written in several formats (Istanbul writes four side by side by default) is one: in one folder of one
 * artifact, of reports of different formats on the same files, the most exact stands. Counting them together would mix
 * their different ideas of what a line is.
 */
export function withoutAlternates<Placed extends PlacedReport>(
  placed: readonly Placed[],
): readonly Placed[] {
  const kept: Placed[] = [];
  for (const one of placed.toSorted((a, b) => rank(a.report) - rank(b.report))) {
    if (!kept.some((other) => isAlternate(other, one))) kept.push(one);
  }
  return placed.filter((one) => kept.includes(one));
}

const rank = ({ formats }: CoverageReport): number =>
  Math.min(...formats.map((format) => preferred.indexOf(format)));

const folderOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf("/")));

function isAlternate(kept: PlacedReport, other: PlacedReport): boolean {
  if (kept.artifact !== other.artifact || folderOf(kept.name) !== folderOf(other.name))
    return false;
  if (kept.report.formats.some((format) => other.report.formats.includes(format))) return false;
  return other.report.files.length === 0 || share(other.report, kept.report) >= 0.9;
}

/** How many of the files of one are in the other, told by their last names: prefixes differ between formats. */
function share(one: CoverageReport, other: CoverageReport): number {
  const names = new Map<string, number>();
  for (const file of other.files)
    names.set(lastName(file.path), (names.get(lastName(file.path)) ?? 0) + 1);
  let common = 0;
  for (const file of one.files) {
    const left = names.get(lastName(file.path)) ?? 0;
    if (left === 0) continue;
    names.set(lastName(file.path), left - 1);
    common += 1;
  }
  return common / one.files.length;
}

const lastName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
