import { readCoverage } from "#core/formats/coverage/read.ts";
import { type CoverageReport, isFailure } from "#core/formats/coverage/report.ts";

/** Reads a text that must be readable. */
export function reportOf(text: string | Uint8Array, name = "report"): CoverageReport {
  const report = readCoverage(name, text);
  if (isFailure(report)) throw new Error(report.error);
  return report;
}

/** An lcov report from `path: {line: hits}`. */
export function anLcov(files: Readonly<Record<string, Readonly<Record<number, number>>>>): string {
  return Object.entries(files)
    .map(
      ([path, lines]) =>
        `SF:${path}\n${Object.entries(lines)
          .map(([line, hits]) => `DA:${line},${hits}\n`)
          .join("")}end_of_record\n`,
    )
    .join("");
}

/** Every line of every file, as plain data for comparisons. */
export function linesOf(report: CoverageReport): Record<string, Record<number, number>> {
  return Object.fromEntries(
    report.files.map((file) => [
      file.path,
      Object.fromEntries(
        [...(file.lines?.numbers ?? [])].map((line, i) => [line, file.lines?.hits[i] ?? 0]),
      ),
    ]),
  );
}

const cobertura = `<?xml version="1.0" ?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage line-rate="0.66" lines-covered="2" lines-valid="3" complexity="NaN" version="1">
  <sources><source>/w/shop</source></sources>
  <packages><package name="a"><classes>
    <class name="Cart&lt;T&gt;" filename="src/cart.ts"><methods><method name="m"><lines><line number="9" hits="1"/></lines></method></methods>
      <lines><line number="1" hits="4" branch="true"><conditions><condition number="0"/></conditions></line><line number="2" hits="0"/></lines></class>
    <class name="Cart2" filename="src/cart.ts"><methods/><lines><line number="2" hits="0"/><line number="3" hits="1"/></lines></class>
  </classes></package></packages>
</coverage>`;

const jacoco = `<?xml version="1.0"?><!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"[]>
<report name="shop"><sessioninfo id="x" start="1" dump="2"/>
  <group name="core"><package name="shop/cart">
    <class name="shop/cart/Cart" sourcefilename="Cart.java"><method name="&lt;init&gt;" line="3"><counter type="LINE" missed="0" covered="9"/></method></class>
    <sourcefile name="Cart.java"><line nr="3" mi="0" ci="2"/><line nr="4" mi="3" ci="0"/><line nr="5" mi="0" ci="0"/><counter type="LINE" missed="1" covered="1"/></sourcefile>
  </package></group>
  <group name="web"><package name="shop/cart"><sourcefile name="Cart.java"><line nr="3" mi="1" ci="1"/></sourcefile></package></group>
  <counter type="LINE" missed="1" covered="2"/>
</report>`;

const istanbulClover = `<?xml version="1.0"?><coverage generated="1" clover="3.2.0"><project timestamp="1" name="All files">
<metrics statements="3" coveredstatements="2"/><file name="cart.ts" path="/w/shop/src/cart.ts"><metrics statements="3" coveredstatements="2"/>
<line num="1" count="4" type="stmt"/><line num="2" count="0" type="cond" truecount="0" falsecount="2"/><line num="3" count="1" type="cond" truecount="1" falsecount="1"/></file></project></coverage>`;

const openClover = `<coverage generated="1" clover="4.5.2"><project name="p"><metrics statements="2" coveredstatements="1"/><package name="p"><file name="A.java" path="src/p/A.java">
<line num="1" count="1" type="method"/><line num="2" count="1" type="stmt"/><line num="2" type="cond" truecount="1" falsecount="0"/><line num="4" count="0" type="stmt"/></file></package></project>
<testproject name="t"><metrics statements="9" coveredstatements="9"/><file name="T.java" path="test/T.java"><line num="1" count="9" type="stmt"/></file></testproject></coverage>`;

const coveragePy = JSON.stringify({
  meta: { version: "7.3.2" },
  files: {
    "src/shop/cart.py": {
      executed_lines: [1, 3, 5],
      missing_lines: [7],
      summary: { covered_lines: 2, num_statements: 3 },
    },
  },
  totals: { covered_lines: 2, num_statements: 3 },
});

const summary = JSON.stringify({
  total: { lines: { total: 4, covered: 3, pct: 75 } },
  "/w/shop/src/cart.ts": { lines: { total: 4, covered: 3, pct: 75 } },
});

const final = JSON.stringify({
  "/w/shop/src/cart.ts": {
    path: "/w/shop/src/cart.ts",
    statementMap: {
      0: { start: { line: 1 } },
      1: { start: { line: 1 } },
      2: { start: { line: 2 } },
    },
    s: { 0: 0, 1: 3, 2: 0 },
  },
});

const goProfile =
  "mode: atomic\nexample.com/shop/cart/cart.go:3.10,5.2 2 1\nexample.com/shop/cart/cart.go:5.2,7.3 3 0\nexample.com/shop/cart/cart.go:5.2,7.3 3 0\n";

const lcov =
  "TN:unit\nSF:src/cart.ts\nDA:1,4\nDA:2,0\nLF:3\nLH:2\nend_of_record\nTN:more\nSF:src/cart.ts\nDA:2,1,checksum\nend_of_record\n";

/** Atlassian's own Clover had a version 3.2.0 as well: its `cond` rows carry no count and stand beside the `stmt` rows. */
const atlassianClover = `<coverage generated="1" clover="3.2.0"><project timestamp="1" name="p"><metrics statements="2" coveredstatements="1"/><package name="p"><file name="A.java" path="src/p/A.java">
<line num="1" count="1" type="method" signature="a()"/><line num="2" count="1" type="stmt"/><line num="2" type="cond" truecount="1" falsecount="0"/><line num="3" type="cond" truecount="0" falsecount="0"/><line num="4" count="0" type="stmt"/></file></package></project></coverage>`;

const resultset = JSON.stringify({
  RSpec: {
    coverage: { "/w/shop/app/cart.rb": { lines: [1, null, 0, "ignored"], branches: {} } },
    timestamp: 1,
  },
  Minitest: { coverage: { "/w/shop/app/cart.rb": [2, null, 0, 1] }, timestamp: 2 },
});

const simplecovJson = JSON.stringify({
  meta: { simplecov_version: "0.22.0" },
  coverage: { "/w/shop/app/cart.rb": { lines: [1, null, 0], branches: [] } },
  groups: {},
});

/** One small report per format, written for these tests: `[format, text, covered, valid, declared, lines by file]`. */
export const ownReports = [
  ["lcov", lcov, 2, 2, [2, 3], { "src/cart.ts": { 1: 4, 2: 1 } }],
  ["cobertura", cobertura, 2, 3, [2, 3], { "/w/shop/src/cart.ts": { 1: 4, 2: 0, 3: 1 } }],
  ["jacoco", jacoco, 2, 3, [2, 3], { "shop/cart/Cart.java": { 3: 1 } }],
  ["clover", istanbulClover, 2, 3, [2, 3], { "/w/shop/src/cart.ts": { 1: 4, 2: 0, 3: 1 } }],
  ["clover", openClover, 1, 2, [1, 2], { "src/p/A.java": { 2: 1, 4: 0 } }],
  ["istanbul_summary", summary, 3, 4, [3, 4], { "/w/shop/src/cart.ts": {} }],
  ["istanbul_final", final, 1, 2, undefined, { "/w/shop/src/cart.ts": { 1: 3, 2: 0 } }],
  [
    "go",
    goProfile,
    2,
    5,
    undefined,
    { "example.com/shop/cart/cart.go": { 3: 1, 4: 1, 5: 1, 6: 0, 7: 0 } },
  ],
  ["clover", atlassianClover, 1, 2, [1, 2], { "src/p/A.java": { 2: 1, 4: 0 } }],
  ["simplecov", resultset, 2, 3, undefined, { "/w/shop/app/cart.rb": { 1: 2, 3: 0, 4: 1 } }],
  ["simplecov", simplecovJson, 1, 2, undefined, { "/w/shop/app/cart.rb": { 1: 1, 3: 0 } }],
  ["coveragepy", coveragePy, 2, 3, [2, 3], { "src/shop/cart.py": { 1: 1, 3: 1, 5: 1, 7: 0 } }],
] as const;
