import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reportLimits } from "#core/formats/findings/parse-json.ts";
import { readFindings } from "#core/formats/findings/read-findings.ts";
import { findingsOf, sarif } from "./builders.ts";

const reasonOf = (text: string, file = "report.json"): string => {
  const reading = readFindings(file, text);
  return reading.kind === "unreadable" ? reading.reason : `a report of ${reading.report.tool}`;
};

describe("hostile reports", () => {
  it.each([
    ["an empty file", "", "it is empty: a scanner that ran writes at least an empty list"],
    ["white space", " \n\t ", "it is empty: a scanner that ran writes at least an empty list"],
    [
      "a cut-off file",
      '{"version":"2.1.0","runs":[{"results":[',
      "it is cut off: brackets are left open at its end",
    ],
    [
      "cut off inside a string",
      '{"version":"2.1',
      "it is cut off: brackets are left open at its end",
    ],
    ["not JSON", "hello", "it is not valid JSON"],
    ["JSON with something behind it", '{"version":"2.1.0","runs":[]} done', "it is not valid JSON"],
    [
      "a missing comma, with its place",
      '{\n "runs": 1 "version": 2\n}',
      "it is not valid JSON (line 2, column 12)",
    ],
    [
      "an HTML error page",
      "\n<!DOCTYPE html><html><body>502</body></html>",
      "it is XML or a web page: of scanners, SARIF and JSON are read",
    ],
    ["gzip", "\u001f\ufffd\b\u0000", "it is compressed: unpack it, and name the report inside"],
    ["JSON of nobody", '{"hello": 1}', "it is neither SARIF 2.1.0 nor the JSON of a known scanner"],
    ["a number", "42", "it is neither SARIF 2.1.0 nor the JSON of a known scanner"],
    [
      "an empty list of nobody",
      "[]",
      "it is an empty document, and its name does not say which scanner wrote it",
    ],
    [
      "broken JSON lines",
      '{"SourceMetadata":{},"DetectorName":"AWS"}\n{"SourceMetadata":',
      "line 2: it is cut off: brackets are left open at its end",
    ],
  ])("T24: %s is unreadable", (_name, text, reason) => {
    expect(reasonOf(text)).toMatch(
      new RegExp(`^${reason.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}`),
    );
  });

  it("T24: half a character in a package's name takes nothing from the rest of the report", () => {
    const half = "\ud800/a\udc00b";
    const report = {
      auditReportVersion: 2,
      vulnerabilities: { [half]: { name: half, severity: "high", via: ["q"] } },
    };
    expect(findingsOf(JSON.stringify(report), "npm-audit.json")).toMatchObject([
      { severity: "high", package: "pkg:npm/%EF%BF%BD/a%EF%BF%BDb" },
    ]);
  });

  it("T24: more than 25 MiB is unreadable", () => {
    expect(reasonOf(" ".repeat(reportLimits.bytes + 1))).toBe("it is larger than 25 MiB");
  });

  it("T24: too deep is unreadable before anything is built", () => {
    expect(reasonOf("[".repeat(1_000_000))).toBe("it is nested deeper than 200 levels");
  });

  it("T24: too many objects are unreadable", () => {
    expect(reasonOf(`[${"{},".repeat(reportLimits.containers)}{}]`)).toBe(
      "it holds more than 3000000 objects and lists",
    );
  });

  it("T24: too many findings are unreadable, never a shorter list", () => {
    const row = '{"level":"error","message":{"text":"x"}}';
    expect(
      reasonOf(
        `{"version":"2.1.0","runs":[{"results":[${Array.from({ length: reportLimits.findings + 1 }, () => row).join(",")}]}]}`,
      ),
    ).toBe("it holds more than 100000 findings");
  });

  it("an excerpt of a broken file never gets into the reason", () => {
    expect(reasonOf('{"password": hunter2secret}')).not.toContain("hunter2");
  });

  it("skips a byte-order mark", () => {
    expect(findingsOf(`\uFEFF${sarif([{ message: { text: "m" } }])}`)).toHaveLength(1);
  });

  it("knows no prototype", () => {
    const text =
      '{"version":"2.1.0","__proto__":{"polluted":1},"runs":[{"tool":{"driver":{"name":"__proto__","rules":[{"id":"__proto__","properties":{"__proto__":{"security-severity":"9.9"}}}]}},"results":[{"ruleId":"__proto__","message":{"text":"m","id":"constructor"},"properties":{"__proto__":{"security-severity":"9.9"}}}]}]}';
    expect(findingsOf(text)[0]).toMatchObject({
      rule: "__proto__",
      severity: "medium",
      severitySource: "level",
    });
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("caps long texts and removes characters that hide or turn text", () => {
    const [finding] = findingsOf(
      sarif([
        { ruleId: "r".repeat(5_000), message: { text: `\u202Eevil\u0000${"x".repeat(9_000)}` } },
      ]),
    );
    expect(finding?.rule.length).toBeLessThanOrEqual(255);
    expect(finding?.message?.length).toBeLessThanOrEqual(2_000);
    expect(finding?.message).toMatch(/^evilxxx/);
    expect(finding?.title.length).toBeLessThanOrEqual(250);
  });

  it("keeps only web links", () => {
    const links = [
      "javascript:alert(1)",
      "https://example.org/a",
      "data:text/html,x",
      'https://example.org/"onclick',
    ];
    const text = sarif(
      links.map((_, index) => ({ ruleIndex: index, message: { text: "m" } })),
      { name: "T", rules: links.map((helpUri, index) => ({ id: `r${index}`, helpUri })) },
    );
    expect(findingsOf(text).map((finding) => finding.url)).toEqual([
      undefined,
      "https://example.org/a",
      undefined,
      undefined,
    ]);
  });

  it("never throws, whatever the JSON", () => {
    const keys = fc.constantFrom(
      "runs",
      "version",
      "results",
      "tool",
      "driver",
      "name",
      "rules",
      "Results",
      "Vulnerabilities",
      "matches",
      "vulnerabilities",
      "ok",
      "Issues",
      "Stats",
      "check_type",
      "metrics",
      "dependencies",
      "vulns",
      "advisories",
      "metadata",
      "RuleID",
      "File",
      "SourceMetadata",
      "DetectorName",
      "filePath",
      "messages",
      "SchemaVersion",
      "descriptor",
      "locations",
      "suppressions",
      "properties",
      "message",
      "extra",
      "check_id",
      "location",
      "rule_id",
      "__proto__",
      "ruleIndex",
      "level",
      "kind",
    );
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: "medium" },
        fc.constantFrom(null, true, 0, -1, 1e9, "", "x", "2.1.0", "9.8", "error"),
        fc.array(tie("node"), { maxLength: 3 }),
        fc.dictionary(keys, tie("node"), { maxKeys: 5 }),
      ),
    })).node;
    fc.assert(
      fc.property(tree, fc.constantFrom("trivy.json", "x.sarif"), (value, file) => {
        const reading = readFindings(file, JSON.stringify(value));
        expect(["report", "unreadable"]).toContain(reading.kind);
      }),
      { numRuns: 2_000 },
    );
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 300 }),
        (text) => void readFindings("gitleaks.json", text),
      ),
      { numRuns: 500 },
    );
  });
});
