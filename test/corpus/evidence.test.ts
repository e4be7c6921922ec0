import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countBySeverity } from "#core/formats/findings/annotations.ts";
import { dedupe } from "#core/formats/findings/dedupe.ts";
import { readFindings } from "#core/formats/findings/read-findings.ts";
import { isOpen } from "#core/formats/findings/suppression.ts";
import { readCoverage } from "#core/formats/coverage/read.ts";
import { newRepo, open } from "../e2e/fault-world.ts";
import { gateSays, runGatehouse, type CheckRunSeen, type Gatehouse } from "../e2e/harness.ts";
import { corpusTable, corpusText } from "./folder.ts";
import { patience } from "../support/patience.ts";

/** Through the whole product: pull requests of the simulated GitHub with real reports as artifacts. */
let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse();
});
afterAll(() => gatehouse.stop());

const patienceMs = 60_000;
const rule = (name: string, requirement: string): string =>
  `version: 1\nrules:\n  - name: ${name}\n    require: { ${requirement} }\n`;
const plain = (run: CheckRunSeen): string =>
  `${run.title ?? ""}\n${run.summary ?? ""}`.replaceAll("\\", "").replaceAll("\u2060", "");
const upload = (
  repo: string,
  sha: string,
  artifacts: Record<string, Record<string, string>>,
): void => {
  gatehouse.sim.workflowRun({ repo, sha, jobs: ["unit"], artifacts });
};
const settled = (run: CheckRunSeen): boolean =>
  run.conclusion !== null || !/no report|nothing scanned/.test(run.summary ?? "");

describe("coverage, with real reports", () => {
  const rows = corpusTable("coverage/TRUTH.csv");
  const repo = (): string => "acme/covered";
  const textOf = (row: Readonly<Record<string, string>>): string =>
    corpusText(`coverage/${row["file"] ?? ""}`);

  it(
    "every report of the corpus is judged by the lines it measures",
    { timeout: 180_000 * patience },
    async () => {
      const { sim } = gatehouse;
      newRepo(sim, "covered", rule("covered", "coverage: { project: 50 }"));
      const opened = rows.map((row, index) => ({
        row,
        head: open(sim, repo(), { head: `report-${index}` }),
      }));
      for (const { row, head } of opened)
        upload(repo(), head.headSha, { coverage: { [row["file"] ?? ""]: textOf(row) } });
      for (const { row, head } of opened) {
        const run = await gateSays(sim, repo(), head.headSha, settled, patienceMs);
        // Which rows agree with TRUTH.csv is the readers' own test; here the figure has to arrive.
        const report = readCoverage(row["file"] ?? "", textOf(row));
        if ("error" in report) throw new Error(report.error);
        expect(plain(run), row["file"]).toContain(`(${report.covered} of ${report.valid})`);
        expect(run.conclusion, row["file"]).toBe(
          (report.percent ?? 0) >= 50 ? "success" : "failure",
        );
      }
    },
  );
});

describe("findings, with real reports", () => {
  const rows = [
    ...corpusTable("sarif/TRUTH.csv").map((row) => ({ folder: "sarif", file: row["file"] ?? "" })),
    ...corpusTable("scanner-native/TRUTH.csv").map((row) => ({
      folder: "scanner-native",
      file: row["file"] ?? "",
    })),
  ];

  it(
    "every report of the corpus is judged by the law of severities, and what nobody can read never passes",
    { timeout: 300_000 * patience },
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(
        sim,
        "scanned",
        rule("scans", "findings: { block: critical, from: [artifacts] }"),
      );
      const opened = rows.map((row, index) => ({
        ...row,
        text: corpusText(`${row.folder}/${row.file}`),
        head: open(sim, repo, { head: `scan-${index}` }),
      }));
      for (const { file, text, head } of opened)
        upload(repo, head.headSha, { "scan-results": { [file]: text } });
      for (const { file, text, head } of opened) {
        const reading = readFindings(file, text);
        const run = await gateSays(
          sim,
          repo,
          head.headSha,
          (seen) =>
            seen.conclusion !== null ||
            /cannot be read|no scan|did not|failed|scanned/.test(
              plain(seen).replace("nothing scanned this commit", ""),
            ),
          patienceMs,
        );
        if (reading.kind === "unreadable") {
          expect(run.status, file).toBe("in_progress");
          continue;
        }
        const scanned = reading.report.runs.some((one) => one.scanned);
        const standing = dedupe(reading.report.findings).filter((finding) =>
          isOpen(finding, sim.now()),
        );
        const counted = standing.map((finding) => ({
          severity: finding.severity === "unrated" ? ("medium" as const) : finding.severity,
        }));
        const critical = counted.some((finding) => finding.severity === "critical");
        expect(run.conclusion, file).toBe(critical ? "failure" : scanned ? "success" : null);
        expect(plain(run), file).toContain(
          counted.length === 0 ? "no finding" : countBySeverity(counted),
        );
      }
    },
  );
});
