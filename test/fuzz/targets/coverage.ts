import fc from "fast-check";
import { measure } from "#core/formats/coverage/measure.ts";
import { readCoverage } from "#core/formats/coverage/read.ts";
import { promise, type FuzzTarget } from "../target.ts";

const changed = [{ path: "src/a.ts", patch: "@@ -1,2 +1,3 @@\n a\n+b\n c" }] as never;
const lcovLine = fc.oneof(
  fc.constantFrom(
    "SF:src/a.ts",
    "end_of_record",
    "TN:",
    "LF:3",
    "LH:2",
    "DA:1,1",
    "DA:1,-1",
    "DA:x",
    "BRDA:1,0,0,-",
    "FNDA:1,f",
  ),
  fc.tuple(fc.integer(), fc.integer()).map(([line, hits]) => `DA:${line},${hits}`),
);

export const target: FuzzTarget = {
  name: "coverage",
  corpus: [
    "TN:\nSF:src/a.ts\nFN:1,f\nFNDA:1,f\nDA:1,1\nDA:2,0\nDA:3,4\nLF:3\nLH:2\nend_of_record\nSF:src/b.ts\nDA:1,0\nend_of_record\n",
    '<?xml version="1.0"?><coverage line-rate="0.5" lines-valid="2" lines-covered="1"><sources><source>src</source></sources><packages><package name="p"><classes><class name="c" filename="a.ts"><lines><line number="1" hits="1"/><line number="2" hits="0" branch="true" condition-coverage="50% (1/2)"/></lines></class></classes></package></packages></coverage>',
    '<report name="r"><group name="g"><package name="p"><sourcefile name="A.java"><line nr="1" mi="0" ci="2" mb="0" cb="0"/><line nr="2" mi="1" ci="0" mb="0" cb="0"/><counter type="LINE" missed="1" covered="1"/></sourcefile></package></group><counter type="LINE" missed="1" covered="1"/></report>',
    '<coverage generated="1"><project timestamp="1"><metrics statements="2" coveredstatements="1"/><package name="p"><file name="a.ts" path="src/a.ts"><metrics statements="2" coveredstatements="1"/><line num="1" count="1" type="stmt"/><line num="2" count="0" type="stmt"/></file></package></project></coverage>',
    "mode: count\nexample.com/m/a.go:1.2,3.4 2 1\nexample.com/m/a.go:5.2,6.4 1 0\n",
    '{"total":{"lines":{"total":4,"covered":3,"skipped":0,"pct":75}},"src/a.ts":{"lines":{"total":4,"covered":3,"skipped":0,"pct":75}}}',
    '{"src/a.ts":{"path":"src/a.ts","statementMap":{"0":{"start":{"line":1,"column":0},"end":{"line":1,"column":9}}},"fnMap":{},"branchMap":{},"s":{"0":1},"f":{},"b":{}}}',
    '{"meta":{"version":"7.0","branch_coverage":false},"files":{"src/a.py":{"executed_lines":[1,2],"missing_lines":[3],"excluded_lines":[],"summary":{"covered_lines":2,"num_statements":3}}},"totals":{"covered_lines":2,"num_statements":3}}',
    '{"RSpec":{"coverage":{"/app/a.rb":{"lines":[1,null,0,2]}},"timestamp":1}}',
  ],
  madeUp: fc.array(lcovLine, { maxLength: 60 }).map((lines) => `TN:\n${lines.join("\n")}\n`),
  read: (input) => {
    const report = readCoverage("report", input);
    if ("error" in report) return promise(report.error.length < 2_000, "an error is a sentence");
    const { covered, valid, percent, files } = report;
    promise(Number.isFinite(covered) && Number.isFinite(valid), "counts are numbers");
    promise(covered >= 0 && covered <= valid, "no more is covered than there is");
    promise(percent === undefined || (percent >= 0 && percent <= 100), "a share is 0 to 100");
    for (const file of files)
      promise(file.covered >= 0 && file.covered <= file.valid, "the same in each file");
    const measured = measure([{ artifact: "a", name: "report", report }], changed, null);
    if ("error" in measured) return;
    promise(measured.percent >= 0 && measured.percent <= 100, "what is measured is 0 to 100");
  },
};
