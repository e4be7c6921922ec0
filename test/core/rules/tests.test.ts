import { describe, expect, it } from "vitest";
import { baseTests, testReports, type TestsFact } from "#core/facts/test-reports.ts";
import type { FailedCase } from "#core/formats/tests/junit.ts";
import { tests } from "#core/rules/tests/rule.ts";
import { aDeployment, cannotRead, factsOf, monday, tell } from "../build.ts";
import { judge } from "../judge.ts";

const place = { from: ["junit*", "test-results*"] };
const failed = (id: string, at: FailedCase["at"] = null): FailedCase => ({
  id,
  name: id,
  message: "no",
  at,
});
const read = (over: Partial<Extract<TestsFact, { kind: "read" }>> = {}): TestsFact => ({
  kind: "read",
  reports: ["junit"],
  ran: 10,
  skipped: 0,
  failed: over.failed ?? [],
  failures: over.failures ?? over.failed?.length ?? 0,
  flaky: [],
  waiting: [],
  evidence: [],
  ...over,
});
const said = (
  fact: TestsFact,
  params: Record<string, unknown> = {},
  around: Parameters<typeof judge>[3] = {},
  base: { ran: number; sha: string } | null = null,
) =>
  judge(
    tests,
    params,
    factsOf(tell(testReports.need(place), fact), tell(baseTests.need(place), base)),
    around,
  );
const quarantined = (test: string, until: string) => ({
  policy: { owner: "acme", quarantine: [{ test, until, owner: "octocat", reason: "races" }] },
});

describe("tests", () => {
  it.each([
    { what: "all passed", fact: read(), params: {}, kind: "pass" },
    { what: "one failed", fact: read({ failed: [failed("C.a")] }), params: {}, kind: "fail" },
    {
      what: "one may fail",
      fact: read({ failed: [failed("C.a")] }),
      params: { max_failed: 1 },
      kind: "pass",
    },
    { what: "nothing ran", fact: read({ ran: 0 }), params: {}, kind: "fail" },
    { what: "too few ran", fact: read({ ran: 9 }), params: { min: 10 }, kind: "fail" },
    {
      what: "too few ran, and more may come",
      fact: read({ ran: 9, waiting: ["e2e"] }),
      params: { min: 10 },
      kind: "pending",
    },
    {
      what: "all passed, and more may come",
      fact: read({ waiting: ["e2e"] }),
      params: {},
      kind: "pending",
    },
    {
      what: "all passed, and a job failed before it reported",
      fact: read({ unexplained: ["CI (run 5, job test (b))"] }),
      params: {},
      kind: "pending",
    },
    {
      what: "one failed, and more may come",
      fact: read({ failed: [failed("C.a")], waiting: ["e2e"] }),
      params: {},
      kind: "fail",
    },
    { what: "flaky ones", fact: read({ flaky: ["C.a"] }), params: {}, kind: "pass" },
    {
      what: "no report",
      fact: { kind: "absent", waiting: [], ignored: [] } as const,
      params: {},
      kind: "pending",
    },
    {
      what: "an unreadable one",
      fact: { kind: "unreadable", problems: ["cut off"] } as const,
      params: { max_failed: 1000 },
      kind: "unknown",
    },
    {
      what: "more failures than are told one by one",
      fact: read({ failed: [failed("C.a")], failures: 2 }),
      params: { max_failed: 1 },
      kind: "fail",
    },
  ])("$what → $kind", ({ fact, params, kind }) => {
    expect(said(fact, params).kind).toBe(kind);
  });

  it("annotates failures where the report tells the line, and names flaky ones", () => {
    const verdict = said(
      read({ failed: [failed("C.a", { path: "a.ts", line: 3 }), failed("C.b")], flaky: ["C.c"] }),
    );
    expect(verdict.annotations).toEqual([
      { path: "a.ts", startLine: 3, endLine: 3, level: "failure", title: '"C.a"', message: '"no"' },
    ]);
    expect(verdict).toMatchObject({
      need: '2 tests failed: "C.a", "C.b"',
      warnings: ['passed only when tried again: "C.c"'],
    });
  });

  it("a quarantine counts until its last day is over, and no longer", () => {
    const fact = read({ failed: [failed("C.a[1]")] });
    expect(said(fact, {}, quarantined("C.a[1]", "2026-03-02"))).toMatchObject({
      kind: "pass",
      changesAt: Date.UTC(2026, 2, 3),
      warnings: [expect.stringContaining("in quarantine by octocat through 2026-03-02")],
    });
    expect(said(fact, {}, quarantined("C.*", "2026-03-31")).kind).toBe("pass");
    expect(said(fact, {}, quarantined("D.*", "2026-03-31")).kind).toBe("fail");
    expect(said(fact, {}, { ...quarantined("C.*", "2026-03-01"), now: monday })).toMatchObject({
      kind: "fail",
      warnings: ['quarantine of "C.*" by octocat ended on 2026-03-01 (UTC) and counts for nothing'],
    });
  });

  it("not_fewer_than_base compares with the base, and waits where that has no report", () => {
    const params = { not_fewer_than_base: 90 };
    expect(said(read({ ran: 9 }), params, {}, { ran: 10, sha: "b" }).kind).toBe("pass");
    expect(said(read({ ran: 8 }), params, {}, { ran: 10, sha: "b" })).toMatchObject({
      kind: "fail",
      need: "8 tests ran, 10 on the base",
      next: "The author looks at which tests did not run (read here: junit; the base is b) and lets them run again.",
    });
    expect(said(read(), params, {}, null)).toMatchObject({
      kind: "pending",
      next: expect.stringContaining("then the author updates the branch"),
    });
    expect(said(read(), params, { subject: aDeployment }).kind).toBe("pass");
  });

  it("if_absent: skip only where nothing reports tests, the base included", () => {
    const none: TestsFact = { kind: "absent", waiting: [], ignored: [] };
    const params = { if_absent: "skip" };
    expect(said(none, params).kind).toBe("skipped");
    for (const around of [{}, { subject: aDeployment }]) {
      expect(said(none, params, around, null).kind).toBe("skipped");
      expect(said(none, params, around, { ran: 10, sha: "b" }).kind).toBe("pending");
      expect(said({ ...none, waiting: ["ci"] }, params, around).kind).toBe("pending");
      expect(
        said({ ...none, ignored: ["ci (run 1): ended as cancelled"] }, params, around).kind,
      ).toBe("pending");
    }
  });

  it("says of a fork's pull request that its artifacts never count", () => {
    const forked: TestsFact = {
      kind: "absent",
      waiting: [],
      ignored: ["ci (run 1): of the fork mallory/shop"],
    };
    expect(said(forked).next).toContain("A fork's artifacts never count");
    expect(said({ ...forked, ignored: ["ci (run 1): ended as cancelled"] }).next).toContain(
      "junit*, test-results*",
    );
  });

  it("what cannot be read is unknown", () => {
    expect(judge(tests, {}, factsOf(cannotRead(testReports.need(place)))).kind).toBe("unknown");
  });

  it.each([
    [{ min: 5 }, { min: 6 }, "tighter"],
    [{}, { max_failed: 1 }, "looser"],
    [{}, { not_fewer_than_base: 90 }, "tighter"],
    [{}, { from: ["mine"] }, "looser"],
    [{ if_absent: "pending" }, { if_absent: "skip" }, "looser"],
  ])("%j by the organisation, %j here: %s", (ours, theirs, is) => {
    expect(tests.compare(ours, theirs)).toBe(is);
  });
});
