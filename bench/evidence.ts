import { monitorEventLoopDelay } from "node:perf_hooks";
import { readEntry } from "#core/formats/coverage/entry.ts";
import { measure } from "#core/formats/coverage/measure.ts";
import type { ChangedFile } from "#core/formats/coverage/patch.ts";
import {
  createParsePool,
  type Parsed,
  type ParsePool,
} from "#io/github/facts/evidence/parse-pool.ts";
import type { ParseTask } from "#io/github/facts/evidence/parse-task.ts";
import { writeZip } from "@gatehouse/github-simulator/git/zip.ts";
import { ms, percentile, seconds, type Row } from "./row.ts";

const megabyte = 1e6;
const pauseBudgetMs = 100;

/** A Cobertura report of about that size: classes of 40 lines, a third of them not covered. */
function cobertura(bytes: number): { readonly text: string; readonly files: readonly string[] } {
  const files: string[] = [];
  const classes: string[] = [];
  let size = 0;
  for (let index = 0; size < bytes; index += 1) {
    const path = `src/area${index % 40}/module${index}.ts`;
    const lines = Array.from(
      { length: 40 },
      (_, line) => `<line number="${line + 1}" hits="${(line + index) % 3}" branch="false"/>`,
    ).join("\n            ");
    const text = `<class name="module${index}" filename="${path}" line-rate="0.66" branch-rate="0" complexity="0"><methods/><lines>\n            ${lines}\n          </lines></class>`;
    files.push(path);
    classes.push(text);
    size += text.length;
  }
  return {
    text: `<?xml version="1.0" ?><coverage version="7" line-rate="0.66"><sources><source>/home/runner/work/shop/shop</source></sources><packages><package name="src"><classes>${classes.join("\n")}</classes></package></packages></coverage>`,
    files,
  };
}

/** A SARIF report of about that size, one result a few hundred bytes. */
function sarif(bytes: number): { readonly text: string; readonly results: number } {
  const results: unknown[] = [];
  for (let size = 0, index = 0; size < bytes; index += 1) {
    const result = {
      ruleId: `js/rule-${index % 300}`,
      level: index % 50 === 0 ? "error" : "warning",
      message: {
        text: `The value of parameter ${index} reaches a sink without being checked. ${"It flows through several functions. ".repeat(18)}`,
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: {
              uri: `src/area${index % 40}/module${index}.ts`,
              uriBaseId: "%SRCROOT%",
            },
            region: { startLine: 10 + (index % 500), startColumn: 3, endColumn: 40 },
          },
        },
      ],
      partialFingerprints: { primaryLocationLineHash: `${index.toString(16).padStart(16, "0")}:1` },
      properties: { "security-severity": String(index % 10) },
    };
    size += JSON.stringify(result).length;
    results.push(result);
  }
  return {
    text: JSON.stringify({
      version: "2.1.0",
      runs: [{ tool: { driver: { name: "CodeQL", rules: [] } }, results }],
    }),
    results: results.length,
  };
}

interface Measured {
  readonly parsed: Parsed;
  readonly tookMs: number;
  /** Growth of the whole process, threads included, at its highest. */
  readonly bytes: number;
  readonly pauseMs: number;
}

/** One task on its thread, while this thread does what it does for webhooks: it turns its loop. */
async function watched(pool: ParsePool, task: ParseTask): Promise<Measured> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let highest = before;
  const sampler = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage.rss());
  }, 5);
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const from = performance.now();
  const parsed = await pool.parse(task);
  const tookMs = performance.now() - from;
  loop.disable();
  clearInterval(sampler);
  return { parsed, tookMs, bytes: highest - before, pauseMs: loop.max / 1e6 };
}

const zipOf = (name: string, text: string): Uint8Array =>
  new Uint8Array(writeZip([{ name, content: Buffer.from(text, "utf8") }]));

/** A change of so many files, a third of whose added lines no test runs. */
function diffOf(files: readonly string[]): readonly ChangedFile[] {
  return files.map((path) => ({
    path,
    additions: 10,
    patch: `@@ -1,10 +1,20 @@\n${Array.from({ length: 10 }, (_, line) => ` context ${line}\n+added ${line}`).join("\n")}`,
  }));
}

/** Reading large reports: time, memory, and how long taking webhooks in has to wait. */
export async function run(): Promise<readonly Row[]> {
  const pool = createParsePool();
  try {
    // The thread is there from an earlier report, as in a gate that has run for a while.
    await pool.parse({
      kind: "measure",
      archives: [
        {
          artifact: "coverage",
          digest: null,
          bytes: zipOf("warm.xml", cobertura(0.3 * megabyte).text),
        },
      ],
      changed: null,
    });
    const report = cobertura(7 * megabyte);
    const coverage = await watched(pool, {
      kind: "measure",
      archives: [{ artifact: "coverage", digest: null, bytes: zipOf("coverage.xml", report.text) }],
      changed: null,
    });
    if (coverage.parsed.result.kind !== "measured")
      throw new Error(
        `the bench's report was not measured: ${JSON.stringify(coverage.parsed.result)}`,
      );

    const scan = sarif(24.9 * megabyte);
    const findings = await watched(pool, {
      kind: "scan",
      archive: { artifact: "sarif", digest: null, bytes: zipOf("codeql.sarif", scan.text) },
    });
    if (findings.parsed.result.kind !== "scanned" || findings.parsed.result.scans.length !== 1)
      throw new Error(`the bench's report was not read: ${JSON.stringify(findings.parsed.result)}`);

    const wide = cobertura(12 * megabyte);
    const entry = readEntry("coverage.xml", wide.text);
    if (entry.kind !== "report") throw new Error(entry.problem);
    const changed = diffOf(wide.files.slice(0, 3_000));
    const times = Array.from({ length: 7 }, () => {
      const from = performance.now();
      const laid = measure(
        [{ artifact: "coverage", name: entry.name, report: entry.report }],
        changed,
        null,
      );
      if ("error" in laid || laid.patch === null || laid.patch.valid !== 30_000)
        throw new Error("the bench's diff was not matched");
      return performance.now() - from;
    });
    const diffMs = percentile(times, 0.5);
    const pauseMs = Math.max(coverage.pauseMs, findings.pauseMs);
    return [
      {
        name: `${(report.text.length / megabyte).toFixed(1)} MB of Cobertura (${report.files.length} files)`,
        budget: "< 1 s",
        measured: seconds(coverage.tookMs),
        kept: coverage.tookMs < 1_000,
      },
      {
        name: "memory for it, whole process",
        budget: "< 150 MB",
        measured: `${Math.round(coverage.bytes / megabyte)} MB`,
        kept: coverage.bytes < 150 * megabyte,
      },
      {
        name: `${(scan.text.length / megabyte).toFixed(1)} MB of SARIF (${scan.results} results)`,
        budget: "< 2 s",
        measured: seconds(findings.tookMs),
        kept: findings.tookMs < 2_000,
      },
      {
        name: `diff of ${changed.length} files matched to coverage`,
        budget: "< 100 ms",
        measured: ms(diffMs),
        kept: diffMs < 100,
      },
      {
        name: "longest pause of the event loop meanwhile",
        budget: `< ${pauseBudgetMs} ms`,
        measured: ms(pauseMs),
        kept: pauseMs < pauseBudgetMs,
      },
    ];
  } finally {
    await pool.close();
  }
}
