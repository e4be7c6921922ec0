import type { FindingsReading } from "./finding.ts";
import { readFindings } from "./read-findings.ts";
import { isRated } from "./severity.ts";

/** What `gatehouse read findings` says of one file (docs/command-line.md). `results` counts suppressed ones too. */
export type FileFindings =
  | {
      readonly file: string;
      readonly tool: string;
      readonly results: number;
      readonly critical: number;
      readonly high: number;
      readonly medium: number;
      readonly low: number;
      /** Neither a numeric security-severity nor a word in the severity field: a SARIF level alone does not rate. */
      readonly unrated: number;
      readonly suppressed: number;
      /** Only where the report leaves something in doubt. */
      readonly problems?: readonly string[];
    }
  | { readonly file: string; readonly error: string };

/** Counts a reading for one line of the answer. */
export function countFindings(file: string, reading: FindingsReading): FileFindings {
  if (reading.kind === "unreadable") return { file, error: reading.reason };
  const { report } = reading;
  // SARIF lists passed checks among its results; native reports count them elsewhere.
  const passed = report.format === "sarif" ? report.passed : 0;
  const counts = { critical: 0, high: 0, medium: 0, low: 0, unrated: passed };
  let suppressed = 0;
  for (const finding of report.findings) {
    counts[isRated(finding) ? finding.severity : "unrated"] += 1;
    if (finding.suppressed) suppressed += 1;
  }
  const answer = {
    file,
    tool: report.tool,
    results: report.findings.length + passed,
    ...counts,
    suppressed,
  };
  return report.problems.length === 0 ? answer : { ...answer, problems: report.problems };
}

/** The whole answer, one entry a file, in the order asked. */
export function readFindingFiles(
  files: readonly { readonly file: string; readonly text: string }[],
): readonly FileFindings[] {
  return files.map(({ file, text }) => countFindings(file, readFindings(file, text)));
}
