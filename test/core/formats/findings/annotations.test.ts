import { describe, expect, it } from "vitest";
import { annotateFindings, countBySeverity } from "#core/formats/findings/annotations.ts";
import { aFinding } from "./builders.ts";

describe("annotations", () => {
  it("stand on their lines, most severe first, then by place", () => {
    const findings = [
      aFinding({ severity: "low", path: "a.ts", startLine: 1 }),
      aFinding({ severity: "critical", path: "z.ts", startLine: 9, endLine: 7 }),
      aFinding({ severity: "unrated", path: "b.ts", startLine: undefined }),
      aFinding({ severity: "medium", path: "a.ts", startLine: 5, endLine: 6 }),
      aFinding({ severity: "critical", path: "b.ts", startLine: 2 }),
    ];
    const { annotations, more, note } = annotateFindings(findings, {
      limit: 50,
      visibility: "private",
    });
    expect(
      annotations.map(({ path, startLine, endLine, level }) => [path, startLine, endLine, level]),
    ).toEqual([
      ["b.ts", 2, 12, "failure"],
      ["z.ts", 9, 9, "failure"],
      ["a.ts", 5, 6, "warning"],
      ["a.ts", 1, 12, "notice"],
      ["b.ts", 1, 12, "warning"],
    ]);
    expect({ more, note }).toEqual({ more: 0, note: null });
  });

  it("say honestly what is left out", () => {
    const findings = [
      ...Array.from({ length: 123 }, () => aFinding()),
      aFinding({ path: undefined, severity: "critical" }),
      aFinding({ path: "/etc/passwd" }),
      aFinding({ path: "../outside" }),
      aFinding({ path: "https://evil.example/a" }),
    ];
    const { annotations, more, note } = annotateFindings(findings, {
      limit: 50,
      visibility: "private",
      link: "https://github.com/o/r/security",
    });
    expect(annotations).toHaveLength(50);
    expect(more).toBe(77);
    expect(note).toBe(
      "and 73 more (73 high); 4 without a line in this repository (1 critical, 3 high): https://github.com/o/r/security",
    );
  });

  it("T51: on a public repository only counts are shown", () => {
    const findings = [
      aFinding({ severity: "critical", title: "Hidden thing" }),
      aFinding({ kind: "secret", severity: "critical" }),
    ];
    const shown = annotateFindings(findings, { limit: 50, visibility: "public" });
    expect(shown).toEqual({
      annotations: [],
      more: 2,
      note: "2 whose details are not shown on a public repository (2 critical)",
    });
    expect(JSON.stringify(shown)).not.toContain("Hidden thing");
  });

  it("T51: what everybody can read anyway may be shown on a public repository, a secret never", () => {
    const findings = [aFinding(), aFinding({ source: "dependabot" }), aFinding({ kind: "secret" })];
    expect(
      annotateFindings(findings, { limit: 50, visibility: "public", publicSources: ["artifacts"] })
        .annotations,
    ).toHaveLength(1);
  });

  it("T51: a secret's annotation names rule and place only", () => {
    const { annotations } = annotateFindings(
      [aFinding({ kind: "secret", tool: "gitleaks", rule: "aws-key", message: "never shown" })],
      { limit: 50, visibility: "private" },
    );
    expect(annotations[0]?.message).toBe(
      "gitleaks found a secret here (aws-key). Revoke it, then remove it; its value is not shown.",
    );
  });

  it("counts in words", () => {
    expect(countBySeverity([])).toBe("none");
    expect(
      countBySeverity([
        aFinding({ severity: "low" }),
        aFinding({ severity: "critical" }),
        aFinding({ severity: "low" }),
      ]),
    ).toBe("1 critical, 2 low");
  });
});
