import { describe, expect, it } from "vitest";
import { isOpen } from "#core/formats/findings/suppression.ts";
import { countFindings } from "#core/formats/findings/read-files.ts";
import { readFindings } from "#core/formats/findings/read-findings.ts";
import { atLine, findingsOf, sarif } from "./builders.ts";

const message = { text: "m" };

describe("a word in a property bag", () => {
  it.each([
    ["Black Duck", { securityRisk: "CRITICAL" }, "critical"],
    ["Bandit", { issue_severity: "LOW", issue_confidence: "HIGH" }, "low"],
  ])("of %s goes before the level", (name, properties, severity) => {
    expect(
      findingsOf(
        sarif([{ ruleId: "r", level: "error", message: { text: "m" }, properties }], { name }),
      ),
    ).toMatchObject([{ severity, severitySource: "property" }]);
  });
});

describe("W38: a security-severity that is there and cannot be read counts as the worst", () => {
  const read = (severity: unknown) =>
    readFindings(
      "a.sarif",
      sarif([
        { ruleId: "r", level: "note", message, properties: { "security-severity": severity } },
      ]),
    );

  it.each(["9,8", "9.8/10", "9.8 CRITICAL", [["9.8"]], { score: 9.8 }, "very bad", true])(
    "%j",
    (severity) => {
      expect(
        findingsOf(
          sarif([
            { ruleId: "r", level: "note", message, properties: { "security-severity": severity } },
          ]),
        ),
      ).toMatchObject([{ severity: "critical", severitySource: "none" }]);
      expect(JSON.stringify(read(severity))).toContain("cannot be read: it counts as critical");
    },
  );

  it.each(["", "-", "none", "N/A", "0.0", 0, null])(
    "%j says nothing, and the level speaks",
    (severity) => {
      expect(
        findingsOf(
          sarif([
            { ruleId: "r", level: "note", message, properties: { "security-severity": severity } },
          ]),
        ),
      ).toMatchObject([{ severity: "low", severitySource: "level" }]);
    },
  );
});

describe("SARIF", () => {
  it.each([
    [
      "by index in the extension that is named",
      { rule: { index: 0, toolComponent: { index: 1 } } },
      "low",
    ],
    ["by ruleIndex", { ruleIndex: 1, ruleId: "b" }, "medium"],
    ["by ruleIndex alone", { ruleIndex: 1 }, "medium"],
    ["W38: by id, where the index is another rule's", { ruleIndex: 1, ruleId: "a" }, "critical"],
    ["W38: by id, where the index is beyond the list", { ruleIndex: 77, ruleId: "a" }, "critical"],
    [
      "W38: by id, where the reference's index is another rule's",
      { rule: { id: "a", index: 1 } },
      "critical",
    ],
    [
      "W38: by id in the driver, where the index is in an extension that has no such rule",
      { ruleId: "a", rule: { index: 0, toolComponent: { index: 1 } } },
      "critical",
    ],
    ["W38: not at all, where no rule has the id", { ruleId: "z", ruleIndex: 1 }, "unrated"],
    ["W38: by the graver of two of one id", { ruleId: "twice" }, "high"],
    ["W38: by the one of two that the index names", { ruleId: "twice", ruleIndex: 2 }, "low"],
    [
      "W38: by the name of the component",
      { ruleId: "x", rule: { toolComponent: { name: "e2" } } },
      "critical",
    ],
    [
      "W38: by the guid of the component",
      { ruleId: "x", rule: { toolComponent: { guid: "ABC-1" } } },
      "critical",
    ],
    ["W38: by the beginning of an id of several parts", { ruleId: "b/deeper/still" }, "medium"],
    ["W38: by index and the beginning of the id", { ruleId: "b/deeper", ruleIndex: 1 }, "medium"],
    ["by id", { ruleId: "b" }, "medium"],
    ["by id in an extension, when the driver has none of that name", { ruleId: "x" }, "low"],
    ["by the beginning of a hierarchical id", { ruleId: "b/deeper" }, "medium"],
    ["not at all for an index outside the list and no id", { ruleIndex: 99 }, "unrated"],
    ["not at all for a negative index", { ruleIndex: -1 }, "unrated"],
    ["not at all for a name of every object", { ruleId: "constructor" }, "unrated"],
  ])("finds a rule %s", (_name, reference, severity) => {
    const rule = (id: string, score: number): unknown => ({
      id,
      properties: { "security-severity": score },
    });
    const text = JSON.stringify({
      version: "2.1.0",
      runs: [
        {
          tool: {
            driver: {
              name: "T",
              rules: [rule("a", 9), rule("b", 5), rule("twice", 1), rule("twice", 8)],
            },
            extensions: [
              { name: "e0" },
              { name: "e1", rules: [rule("x", 1)] },
              { name: "e2", guid: "abc-1", rules: [rule("x", 9)] },
            ],
          },
          results: [{ ...reference, level: "none", message }],
        },
      ],
    });
    expect(findingsOf(text)[0]?.severity).toBe(severity);
  });

  it.each([
    ["a result's level", { level: "note" }, "low"],
    ["the rule's, where the result has none", {}, "high"],
    ["none for a kind that is not fail", { kind: "review" }, "unrated"],
  ])("takes %s", (_name, result, severity) => {
    const text = sarif([{ ruleId: "r", message, ...result }], {
      name: "T",
      rules: [{ id: "r", defaultConfiguration: { level: "error" } }],
    });
    expect(findingsOf(text)[0]?.severity).toBe(severity);
  });

  it("takes warning where neither result nor rule has a level", () => {
    expect(findingsOf(sarif([{ message }]))[0]).toMatchObject({
      severity: "medium",
      severitySource: "level",
      rule: "unknown",
    });
  });

  it.each([
    ["no suppressions", [], false, true],
    ["a suppression without a status is accepted", [{ kind: "external" }], true, false],
    ["accepted", [{ kind: "inSource", status: "accepted" }], true, false],
    ["under review", [{ kind: "external", status: "underReview" }], false, true],
    ["rejected", [{ kind: "external", status: "rejected" }], false, true],
    [
      "one of two rejected",
      [{ kind: "external" }, { kind: "external", status: "rejected" }],
      false,
      true,
    ],
    ["a status nobody defined", [{ kind: "external", status: "sure" }], false, true],
    [
      "expired",
      [{ kind: "external", properties: { expiration: "2026-01-01T00:00:00Z" } }],
      true,
      true,
    ],
    [
      "not yet expired",
      [{ kind: "external", properties: { expiration: "2026-12-31T00:00:00Z" } }],
      true,
      false,
    ],
    [
      "one expired, one for good",
      [
        { kind: "external", properties: { expiration: "2026-01-01T00:00:00Z" } },
        { kind: "inSource" },
      ],
      true,
      false,
    ],
    ["no list", "yes", false, true],
  ])("suppression: %s", (_name, suppressions, suppressed, open) => {
    const finding = findingsOf(sarif([{ message, suppressions }]))[0];
    expect(finding?.suppressed).toBe(suppressed);
    expect(finding === undefined ? null : isOpen(finding, Date.UTC(2026, 5, 1))).toBe(open);
  });

  it("counts passed checks as results, never as findings", () => {
    const text = sarif([
      { message, kind: "pass" },
      { message, kind: "notApplicable" },
      { message, baselineState: "absent" },
      { message },
    ]);
    expect(findingsOf(text)).toHaveLength(1);
    expect(countFindings("a", readFindings("a", text))).toMatchObject({ results: 4, unrated: 4 });
  });

  it.each([
    ["src/a.ts", "src/a.ts"],
    ["./src/a.ts", "src/a.ts"],
    ["file:///home/runner/work/repo/repo/src/a%20b.ts", "src/a b.ts"],
    ["file:///github/workspace/a.ts", "a.ts"],
    ["src\\win\\a.ts", "src/win/a.ts"],
    ["%zz/a.ts", "%zz/a.ts"],
    ["a\u202Etxt.ts", "atxt.ts"],
  ])("places %s at %s", (uri, path) => {
    expect(findingsOf(sarif([{ message, locations: atLine(uri, 3) }]))[0]).toMatchObject({
      path,
      startLine: 3,
      endLine: 3,
    });
  });

  it("takes the base off a path, and the path from the run's artifacts", () => {
    const run = {
      originalUriBaseIds: { SRC: { uri: "file:///build/x/" } },
      artifacts: [{ location: { uri: "src/from-table.ts" } }],
    };
    const located = (artifactLocation: unknown): unknown => ({
      message,
      locations: [{ physicalLocation: { artifactLocation } }],
    });
    const text = sarif(
      [located({ uri: "file:///build/x/src/a.ts", uriBaseId: "SRC" }), located({ index: 0 })],
      { name: "T" },
      run,
    );
    expect(findingsOf(text).map((finding) => finding.path)).toEqual([
      "src/a.ts",
      "src/from-table.ts",
    ]);
  });

  it("fills a message from the rule's strings", () => {
    const rules = [
      { id: "r", messageStrings: { default: { text: "{0} is used before {1}, {9}" } } },
    ];
    const text = sarif([{ ruleId: "r", message: { id: "default", arguments: ["p", "q"] } }], {
      name: "T",
      rules,
    });
    expect(findingsOf(text)[0]?.message).toBe("p is used before q, {9}");
  });

  it.each([
    ["its invocation failed", { invocations: [{ executionSuccessful: false }] }, []],
    ["its results are elsewhere", { externalPropertyFileReferences: { results: [{}] } }, []],
    ["it lists no results", {}, null],
  ])("T25: a run proves no scan when %s", (_name, run, results) => {
    expect(readFindings("a.sarif", sarif(results, { name: "CodeQL" }, run))).toMatchObject({
      report: {
        tool: "codeql",
        runs: [{ tool: "codeql", scanned: false }],
        problems: [expect.stringContaining("CodeQL")],
      },
    });
  });

  it("T25: a run that lists nothing found is a scan; no runs are none", () => {
    expect(readFindings("a.sarif", sarif([], { name: "Semgrep OSS" }))).toMatchObject({
      report: { runs: [{ tool: "semgrep", scanned: true }] },
    });
    expect(readFindings("a.sarif", JSON.stringify({ version: "2.1.0", runs: [] }))).toMatchObject({
      report: { tool: "unknown", runs: [] },
    });
  });

  it.each([
    ["runs is no list", { version: "2.1.0", runs: 1 }, "runs is not a list"],
    ["a run is no object", { version: "2.1.0", runs: [7] }, "runs[0] is not an object"],
    [
      "a result is no object",
      { version: "2.1.0", runs: [{ results: [{ message }, null] }] },
      "runs[0].results[1] is not an object",
    ],
    [
      "an older draft",
      { version: "2.0.0-csd.2.beta.2019-04-03", runs: [] },
      "it is SARIF 2.0.0-csd.2.beta.201: only 2.1.0 is read",
    ],
    ["another version", { version: "1.0.0", runs: [] }, "it is SARIF 1.0.0: only 2.1.0 is read"],
    [
      "results in another part",
      { version: "2.1.0", runs: [], inlineExternalProperties: [{ results: [{}] }] },
      "it keeps results in inlineExternalProperties, which are not read",
    ],
  ])("T24: unreadable when %s", (_name, document, reason) => {
    expect(readFindings("a.sarif", JSON.stringify(document))).toEqual({
      kind: "unreadable",
      reason,
    });
  });

  it.each([
    ["CodeQL", [], "code"],
    ["Trivy", ["OsPackageVulnerability", "vulnerability"], "container"],
    ["Trivy", ["LanguageSpecificPackageVulnerability", "vulnerability"], "dependency"],
    ["Trivy", ["Secret", "secret"], "secret"],
    ["Trivy", ["misconfiguration"], "iac"],
    ["gitleaks", [], "secret"],
    ["Grype", [], "dependency"],
    ["SnykCode", [], "code"],
    ["Snyk Container", [], "container"],
    ["Snyk Open Source", [], "dependency"],
    ["checkov", [], "iac"],
    ["zizmor", [], "code"],
  ])("%s with %j reports kind %s", (name, [ruleName, ...tags], kind) => {
    const rules = [{ id: "r", name: ruleName, properties: { tags: [ruleName, ...tags] } }];
    expect(findingsOf(sarif([{ ruleId: "r", message }], { name, rules }))[0]?.kind).toBe(kind);
  });
});
