import { createHash } from "node:crypto";
import { readJUnit, type FailedCase } from "#core/formats/tests/junit.ts";
import { readArchive } from "../archive.ts";
import { digestProblem } from "./check-digest.ts";
import type { ZipInput } from "./zip-input.ts";

/** What the JUnit reports of some artifacts say together. */
export interface TestsResult {
  readonly kind: "tested";
  readonly reports: number;
  readonly ran: number;
  readonly skipped: number;
  readonly failed: readonly FailedCase[];
  readonly failures: number;
  readonly flaky: readonly string[];
  /** Reports that cannot be read: each may say anything. */
  readonly problems: readonly string[];
  /** XML that is no test report. */
  readonly others: readonly string[];
}

/** Kept one by one; what is beyond is counted, and no quarantine reaches it. */
const mostFailed = 1_000;
const mostFlaky = 200;
const mostReports = 20_000;

const isReportName = (name: string): boolean =>
  /\.xml$/i.test(name) && !/(?:^|\/)node_modules\//.test(name);

/** Reads every XML file of the artifacts. A broken one is a problem whatever it was meant to be: it may be a report. */
export async function testsArchives(archives: readonly ZipInput[]): Promise<TestsResult> {
  const problems: string[] = [];
  const others: string[] = [];
  const failed: FailedCase[] = [];
  const flaky: string[] = [];
  const seen = new Set<string>();
  let [reports, ran, skipped, failures] = [0, 0, 0, 0];
  for (const { artifact, digest, bytes } of archives) {
    const spoiled = digestProblem({ digest, bytes });
    const archive =
      spoiled === null
        ? await readArchive(
            Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
            isReportName,
          )
        : { error: spoiled };
    if ("error" in archive) {
      problems.push(`artifact ${artifact}: ${archive.error}`);
      continue;
    }
    for (const name of archive.skipped)
      problems.push(`artifact ${artifact}: ${name} is an archive and was not opened`);
    for (const { name, text } of archive.entries) {
      // One report that was uploaded twice, as artifacts of two names, is no more tests.
      const content = createHash("sha256").update(text).digest("hex");
      if (seen.has(content)) continue;
      seen.add(content);
      const reading = readJUnit(text);
      if (reading.kind === "broken") {
        problems.push(`artifact ${artifact}: ${name}: ${reading.problem}`);
        continue;
      }
      if (reading.kind === "other") {
        others.push(`artifact ${artifact}: ${name} is no JUnit report: ${reading.what}`);
        continue;
      }
      reports += 1;
      ran += reading.report.ran;
      skipped += reading.report.skipped;
      failures += reading.report.failures;
      failed.push(...reading.report.failed.slice(0, mostFailed - failed.length));
      flaky.push(...reading.report.flaky.slice(0, mostFlaky - flaky.length));
    }
    if (reports > mostReports)
      problems.push(`the artifacts hold more than ${mostReports} test reports`);
    if (problems.length >= 20) break;
  }
  return {
    kind: "tested",
    reports,
    ran,
    skipped,
    failed,
    failures,
    flaky,
    problems: problems.slice(0, 20),
    others: others.slice(0, 5),
  };
}
