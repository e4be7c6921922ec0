import { describe, expect, it } from "vitest";
import {
  baseCoverage,
  coverageReport,
  type BaseCoverage,
  type CoverageFact,
  type CoverageSource,
  type PatchFigure,
} from "#core/facts/coverage.ts";
import { changedFiles } from "#core/facts/pull-request.ts";
import type { FactTable } from "#core/model/fact.ts";
import { unnamedWorkflow } from "#core/facts/workflows.ts";
import { coverage } from "#core/rules/coverage/rule.ts";
import { aCheckEvent, aFile, anEvent, bothEnds, factsOf, monday, sha, tell } from "../build.ts";
import { judge, judgeInRounds } from "../judge.ts";

type Figures = Extract<CoverageFact, { kind: "figures" }>;

const figures = (over: Partial<Figures> = {}): Figures => ({
  kind: "figures",
  from: "artifact",
  reports: [],
  waiting: [],
  project: { percent: 85, covered: 850, valid: 1000 },
  patch: null,
  noPatch: "the report gives totals without lines",
  workflows: [],
  called: [],
  warnings: [],
  evidence: [],
  ...over,
});

const project = (covered: number, valid: number): Figures["project"] => ({
  percent: (covered / valid) * 100,
  covered,
  valid,
});

const patch = (
  covered: number,
  valid: number,
  over: Partial<PatchFigure> = {},
): Partial<Figures> => ({
  patch: {
    percent: valid === 0 ? null : (covered / valid) * 100,
    covered,
    valid,
    unseen: [],
    uncovered: [],
    uncoveredRanges: 0,
    uncoveredLines: 0,
    ...over,
  },
  noPatch: null,
});

const world = (
  fact: CoverageFact,
  base: BaseCoverage | null = null,
  place: CoverageSource = {},
): FactTable =>
  factsOf(
    tell(coverageReport.need(place), fact),
    tell(baseCoverage.need(place), base),
    tell(changedFiles.need(), [aFile("src/a.ts")]),
  );

const absent = (over: Partial<Extract<CoverageFact, { kind: "absent" }>> = {}): CoverageFact => ({
  kind: "absent",
  waiting: [],
  ignored: [],
  ...over,
});
const base = (percent: number, over: Partial<BaseCoverage> = {}): BaseCoverage => ({
  percent,
  sha: sha("f"),
  from: "artifact",
  reports: [],
  ...over,
});

describe("coverage", () => {
  it.each<[string, unknown, CoverageFact, BaseCoverage | null, string, RegExp]>([
    ["enough of the project", {}, figures(), null, "pass", /project 85% \(850 of 1000\)/],
    [
      "exactly enough, counted in lines",
      {},
      figures({ project: project(28, 35) }),
      null,
      "pass",
      /80%/,
    ],
    [
      "a hair too little is not rounded up",
      {},
      figures({ project: project(79_996, 100_000) }),
      null,
      "fail",
      /79.99%/,
    ],
    [
      "enough, and a run goes on that may bring another report",
      { project: 80 },
      figures({ waiting: ["e2e"] }),
      null,
      "pending",
      /85%/,
    ],
    [
      "enough, and a job failed before it may have reported",
      { project: 80 },
      figures({ unexplained: ["CI (run 5, job unit (b))"] }),
      null,
      "pending",
      /85%/,
    ],
    [
      "too little, whatever a run may bring that goes on",
      { project: 90 },
      figures({ waiting: ["e2e"] }),
      null,
      "fail",
      /85%/,
    ],
    ["too little of the project", { project: 90 }, figures(), null, "fail", /85%/],
    [
      "enough of the patch",
      { patch: 80 },
      figures(patch(4, 5)),
      null,
      "pass",
      /patch 80% \(4 of 5\)/,
    ],
    [
      "too little of the patch",
      { patch: 80 },
      figures(patch(5, 7)),
      null,
      "fail",
      /patch 71.42% \(5 of 7\)/,
    ],
    [
      "no measurable line changed",
      { patch: 80 },
      figures(patch(0, 0)),
      null,
      "pass",
      /no measurable line changed/,
    ],
    ["patch asked, totals only", { patch: 80 }, figures(), null, "pending", /85%/],
    [
      "patch asked, a service that says the project",
      { patch: 80 },
      figures({
        from: "service",
        noPatch: "the service does not say it",
        project: { percent: 90, covered: null, valid: null },
      }),
      null,
      "pending",
      /as its service says/,
    ],
    [
      "a service that says the patch only",
      {},
      figures({ from: "service", project: null, ...patch(9, 10) }),
      null,
      "pending",
      /project not reported/,
    ],
    [
      "the same where no project figure is asked",
      { project: 0, patch: 80 },
      figures({ from: "service", project: null, ...patch(9, 10) }),
      null,
      "pass",
      /patch 90%/,
    ],
    ["a drop within bounds", { max_drop: 1 }, figures(), base(85.9), "pass", /down 0.9 points/],
    ["exactly the drop allowed", { max_drop: 1 }, figures(), base(86), "pass", /down 1 point/],
    ["a larger drop", { max_drop: 1 }, figures(), base(86.01), "fail", /base 86.01%/],
    ["a gain", { max_drop: 0 }, figures(), base(80), "pass", /up 5 points/],
    ["no base to compare with", { max_drop: 1 }, figures(), null, "pending", /85%/],
    [
      "too little also without a base",
      { project: 90, max_drop: 1 },
      figures(),
      null,
      "fail",
      /85%/,
    ],
    ["no report", {}, absent(), null, "pending", /no report/],
    [
      "no report where none is asked for",
      { if_absent: "skip" },
      absent(),
      null,
      "skipped",
      /no report/,
    ],
    [
      "no report, and the base is measured",
      { if_absent: "skip" },
      absent(),
      base(50),
      "pending",
      /no report/,
    ],
    [
      "no report yet",
      { if_absent: "skip" },
      absent({ waiting: ["CI"] }),
      null,
      "pending",
      /CI still running/,
    ],
    [
      "an unusable report is none that is missing",
      { if_absent: "skip" },
      { kind: "unusable", problems: ["lcov.info: the file is empty"] },
      null,
      "fail",
      /empty/,
    ],
  ])("%s", (_title, params, fact, known, kind, found) => {
    const verdict = judge(coverage, params, world(fact, known));
    expect(verdict.kind).toBe(kind);
    expect(verdict.found).toMatch(found);
  });

  it.each([
    ["the report measures no line: 0 of 0 is nothing covered"],
    ["artifact coverage: lcov.info: the file is empty"],
    ["artifact coverage: coverage-final.json: the JSON is broken or cut off: …"],
  ])("T24: %s is never a pass", (problem) => {
    expect(
      judge(coverage, { project: 0 }, world({ kind: "unusable", problems: [problem] })),
    ).toMatchObject({ kind: "fail", need: `coverage was not measured: ${problem}` });
  });

  it("says all that is missed, as the title of the check run wants it", () => {
    const verdict = judge(
      coverage,
      { project: 90, patch: 80, max_drop: 1 },
      world(figures(patch(5, 7)), base(88)),
    );
    expect(verdict.need).toBe(
      "project coverage 85% < 90%, patch coverage 71.42% < 80%, project coverage drops by 3 points, more than 1 point",
    );
    expect(verdict.required).toBe(
      "project coverage 90%, patch coverage 80%, a drop of at most 1 point",
    );
  });

  describe("lines that nobody sees", () => {
    const unseen = (
      path: string,
      lines: number,
      why: "unmeasured" | "unreadable" = "unmeasured",
    ) => ({ unseen: [{ path, lines, why }] });

    it.each<[string, PatchFigure["unseen"][number], string]>([
      [
        "a new file that no test loads counts as uncovered",
        { path: "src/new.ts", lines: 20, why: "unmeasured" },
        "fail",
      ],
      [
        "a test is not measured, and need not be",
        { path: "test/new.test.ts", lines: 20, why: "unmeasured" },
        "pass",
      ],
      [
        "a type declaration neither",
        { path: "src/global.d.ts", lines: 20, why: "unmeasured" },
        "pass",
      ],
      [
        "a few lines may be unseen where the rest makes up for them",
        { path: "src/types.ts", lines: 1, why: "unmeasured" },
        "pass",
      ],
      [
        "a diff that is cut off hides lines, also of a test",
        { path: "test/new.test.ts", lines: 20, why: "unreadable" },
        "fail",
      ],
    ])("%s", (_title, file, kind) => {
      const verdict = judge(
        coverage,
        { patch: 80 },
        world(figures(patch(9, 9, { unseen: [file] }))),
      );
      expect(verdict.kind).toBe(kind);
    });

    it("are named", () => {
      const verdict = judge(
        coverage,
        { patch: 80 },
        world(figures(patch(0, 0, unseen("src/new.ts", 3)))),
      );
      expect(verdict).toMatchObject({
        kind: "fail",
        found: expect.stringContaining("patch 0% (0 of 3)"),
        warnings: [expect.stringContaining("src/new.ts")],
      });
    });

    it("are left out where the policy says so", () => {
      expect(
        judge(
          coverage,
          { patch: 80, ignore: ["src/generated/**"] },
          world(figures(patch(0, 0, unseen("src/generated/api.ts", 300)))),
        ).kind,
      ).toBe("pass");
    });
  });

  it("says who does what next: of a fork, of a base without a report, of what is not reported", () => {
    const next = (params: unknown, fact: CoverageFact) => judge(coverage, params, world(fact)).next;
    expect(next({}, absent({ ignored: ["ci (run 1): of the fork mallory/shop"] }))).toContain(
      "somebody with write access pushes the change to a branch of this repository",
    );
    expect(next({}, absent())).toMatch(/^The author lets a workflow/);
    expect(next({ max_drop: 1 }, figures())).toMatch(/then the author updates the branch/);
    expect(next({ project: 80 }, figures({ project: null }))).toMatch(/^The author lets/);
  });

  it("annotates uncovered changed lines in ranges, the largest fifty", () => {
    const ranges = Array.from({ length: 60 }, (_, index) => ({
      path: "src/a.ts",
      from: index * 10 + 1,
      to: index * 10 + 1 + (index % 3),
      lines: 1 + (index % 3),
    }));
    const verdict = judge(
      coverage,
      { patch: 80 },
      world(
        figures(patch(1, 200, { uncovered: ranges, uncoveredRanges: 60, uncoveredLines: 120 })),
      ),
    );
    expect(verdict.annotations).toHaveLength(50);
    expect(verdict.annotations[0]).toMatchObject({
      path: "src/a.ts",
      level: "warning",
      title: "Not covered by tests",
    });
    expect(verdict.annotations.find((one) => one.startLine === 21)).toMatchObject({
      endLine: 23,
      message: "No test runs lines 21 to 23 (3 measured lines).",
    });
    expect(verdict.warnings.join()).toContain("60 ranges");
    expect(verdict.next).toContain("src/a.ts:1");
  });

  describe("T23: PR code writes its own coverage number", () => {
    const own = figures({
      workflows: [".github/workflows/ci.yml"],
      evidence: [{ label: "artifact coverage: self-reported, nothing attests it" }],
    });
    const table = (path: string): FactTable =>
      factsOf(
        tell(coverageReport.need({}), own),
        tell(changedFiles.need(), [aFile(path)]),
        ...bothEnds(".github/workflows/ci.yml", "jobs: {}"),
      );

    it("the table, the warnings and the evidence say that nothing attests it", () => {
      expect(judge(coverage, {}, table("src/a.ts"))).toMatchObject({
        kind: "pass",
        found: expect.stringContaining("self-reported"),
        warnings: [
          "nothing attests this figure: .github/workflows/ci.yml ran the change's own code, which can write any report",
        ],
        evidence: [{ label: expect.stringContaining("nothing attests it") }],
      });
    });
    it("the word of a known service is not called so", () => {
      expect(judge(coverage, {}, world(figures({ from: "service" }))).found).not.toContain(
        "self-reported",
      );
    });

    describe("measured by a reusable workflow that the policy trusts", () => {
      const path = "acme/ci/.github/workflows/coverage.yml";
      const at = "a".repeat(40);
      it.each<[string, readonly string[], Figures["called"], string, string]>([
        ["it was called", [path], [{ path, sha: at }], "src/a.ts", "pass"],
        [
          "it was called at the pinned commit",
          [`${path}@${at}`],
          [{ path, sha: at }],
          "src/a.ts",
          "pass",
        ],
        [
          "one of several",
          ["acme/ci/.github/workflows/other.yml", path],
          [{ path, sha: at }],
          "src/a.ts",
          "pass",
        ],
        [
          "at another commit",
          [`${path}@${"b".repeat(40)}`],
          [{ path, sha: at }],
          "src/a.ts",
          "pending",
        ],
        [
          "another one",
          [path],
          [{ path: "mallory/ci/.github/workflows/coverage.yml", sha: at }],
          "src/a.ts",
          "pending",
        ],
        ["none", [path], [], "src/a.ts", "pending"],
        [
          "the caller is changed here",
          [path],
          [{ path, sha: at }],
          ".github/workflows/ci.yml",
          "pending",
        ],
        [
          "it is this repository's own, and changed here",
          [path],
          [{ path, sha: at }],
          ".github/workflows/coverage.yml",
          "pending",
        ],
      ])("%s", (_title, measured_by, called, changed, kind) => {
        const fact = figures({ workflows: [".github/workflows/ci.yml"], called });
        const verdict = judge(
          coverage,
          { measured_by },
          factsOf(
            tell(coverageReport.need({}), fact),
            tell(changedFiles.need(), [aFile(changed)]),
            ...bothEnds(".github/workflows/ci.yml", "jobs: {}"),
            // The called workflow is another repository's.
            ...bothEnds(".github/workflows/coverage.yml", null),
          ),
        );
        expect(verdict.kind).toBe(kind);
        expect(verdict.found).not.toContain("self-reported");
        expect(verdict.required).toContain("measured by");
      });
      it("a service's figure is measured by none", () => {
        expect(
          judge(coverage, { measured_by: [path] }, world(figures({ from: "service" }))),
        ).toMatchObject({ kind: "pending", need: `coverage is not measured by ${path}` });
      });
    });

    it.each([
      { changed: "scripts/cov/action.yml", kind: "pending" },
      { changed: "src/a.ts", kind: "pass" },
    ])("W24: what the workflow uses here is changed: $changed → $kind", ({ changed, kind }) => {
      const facts = factsOf(
        tell(coverageReport.need({}), own),
        tell(changedFiles.need(), [aFile(changed)]),
        ...bothEnds(
          ".github/workflows/ci.yml",
          "jobs: { unit: { steps: [{ uses: ./scripts/cov }] } }",
        ),
        ...bothEnds("scripts/cov/action.yml", "runs: { using: composite, steps: [] }"),
      );
      expect(judge(coverage, { trusted: true }, facts).kind).toBe(kind);
      expect(judge(coverage, {}, facts).kind).toBe("pass");
    });

    it("a workflow that GitHub does not name may be a changed one", () => {
      const nameless = figures({ workflows: [unnamedWorkflow] });
      expect(
        judge(
          coverage,
          { trusted: true },
          factsOf(
            tell(coverageReport.need({}), nameless),
            tell(changedFiles.need(), [aFile("src/a.ts")]),
          ),
        ).kind,
      ).toBe("pending");
    });
    it("a changed workflow is pointed out", () => {
      expect(judge(coverage, {}, table(".github/workflows/ci.yml"))).toMatchObject({
        kind: "pass",
        warnings: [expect.stringContaining("which this pull request changes")],
      });
    });
    it("and does not count where only trusted ones do", () => {
      expect(judge(coverage, { trusted: true }, table(".github/workflows/ci.yml")).kind).toBe(
        "pending",
      );
      expect(judge(coverage, { trusted: true }, table("src/a.ts")).kind).toBe("pass");
    });
  });

  it("reads the base only where a drop is limited, and then looks again for it", () => {
    expect(judgeInRounds(coverage, {}, world(figures())).rounds).toEqual([
      [coverageReport.need({}).key],
    ]);
    const verdict = judge(coverage, { max_drop: 1 }, world(figures()), { now: monday });
    expect(verdict.changesAt).toBe(monday + 5 * 60_000);
  });

  it.each<[string, unknown, unknown, string]>([
    ["a higher project figure", { project: 80 }, { project: 90 }, "tighter"],
    ["a lower one", { project: 80 }, { project: 70 }, "looser"],
    ["a patch figure where there was none", {}, { patch: 80 }, "tighter"],
    ["no patch figure where there was one", { patch: 80 }, {}, "looser"],
    ["a smaller drop", { max_drop: 2 }, { max_drop: 1 }, "tighter"],
    ["a limit to the drop where there was none", {}, { max_drop: 5 }, "tighter"],
    ["a larger drop", { max_drop: 1 }, { max_drop: 2 }, "looser"],
    ["other flags", {}, { flags: ["unit"] }, "looser"],
    ["another source", {}, { from: { artifact: "mine" } }, "looser"],
    ["absence waits", { if_absent: "skip" }, { if_absent: "pending" }, "tighter"],
    ["absence is skipped", {}, { if_absent: "skip" }, "looser"],
    ["fewer files ignored", { ignore: ["a/**", "b/**"] }, { ignore: ["a/**"] }, "tighter"],
    ["more files ignored", { ignore: ["a/**"] }, { ignore: ["a/**", "**"] }, "looser"],
    ["trusted workflows only", {}, { trusted: true }, "tighter"],
    [
      "a reusable workflow asked for",
      {},
      { measured_by: ["a/b/.github/workflows/c.yml"] },
      "tighter",
    ],
    ["none where there was one", { measured_by: ["a/b/.github/workflows/c.yml"] }, {}, "looser"],
    [
      "one more of them",
      { measured_by: ["a/b/.github/workflows/c.yml"] },
      { measured_by: ["a/b/.github/workflows/c.yml", "a/b/.github/workflows/d.yml"] },
      "looser",
    ],
    [
      "the same source in other words",
      { from: "artifact" },
      { from: { artifact: "coverage*" } },
      "same",
    ],
    [
      "tighter here and looser there",
      { project: 80, patch: 80 },
      { project: 90, patch: 70 },
      "looser",
    ],
  ])("tighten: %s", (_title, organization, repository, direction) => {
    expect(coverage.compare(organization, repository)).toBe(direction);
  });

  it.each([
    ["the end of a workflow run", anEvent("workflow_run.completed"), {}, true],
    ["an ordinary job", aCheckEvent("check_run.completed", "unit"), {}, false],
    ["a known service's check", aCheckEvent("check_run.completed", "codecov/patch"), {}, true],
    ["its status", aCheckEvent("status", "coverage/coveralls"), {}, true],
    [
      "a status where a check is named",
      aCheckEvent("status", "codecov/project"),
      { from: { check: "codecov/*" } },
      false,
    ],
    [
      "an ordinary job where any check may be it",
      aCheckEvent("check_run.completed", "unit"),
      { from: "check" },
      false,
    ],
    [
      "a service's check where any may be it",
      aCheckEvent("check_run.completed", "codecov/project"),
      { from: ["check", "status"] },
      true,
    ],
    [
      "a service's check where artifacts only are",
      aCheckEvent("check_run.completed", "codecov/project"),
      { from: "artifact" },
      false,
    ],
    [
      "the check that is named",
      aCheckEvent("check_run.completed", "codecov/project"),
      { from: { check: "codecov/*" } },
      true,
    ],
  ])("hears %s: %s", (_title, event, params, heard) => {
    expect(coverage.bind(params).isAffectedBy(event)).toBe(heard);
  });
});

describe("W41: max_drop compares like with like", () => {
  const two = ["coverage-api", "coverage-web"];
  const some = (
    reports: readonly string[],
    percent: number,
    over: Partial<Figures> = {},
  ): Figures => figures({ reports, project: project(percent, 100), ...over });
  const judged = (
    head: Figures,
    of: BaseCoverage | null,
    some_: readonly (readonly [readonly string[], CoverageFact])[] = [],
  ) =>
    judgeInRounds(
      coverage,
      { project: 0, max_drop: 1 },
      factsOf(
        tell(coverageReport.need({}), head),
        tell(baseCoverage.need({}), of),
        tell(changedFiles.need(), []),
        ...some_.map(([artifacts, fact]) => tell(coverageReport.need({ artifacts }), fact)),
      ),
    ).verdict;

  it.each<[string, Figures, BaseCoverage, string, RegExp]>([
    [
      "a report that the head lacks is waited for",
      some(["coverage-web"], 80),
      base(77, { reports: two }),
      "pending",
      /waiting for the report coverage-api, which the base has/,
    ],
    [
      "even where the rest is far better",
      some(["coverage-web"], 99),
      base(60, { reports: two }),
      "pending",
      /coverage-api/,
    ],
    [
      "several of them",
      some(["coverage"], 80),
      base(77, { reports: two }),
      "pending",
      /the reports coverage-api, coverage-web/,
    ],
    [
      "a run that may bring it is named",
      some(["coverage-web"], 80, { waiting: ["API tests"] }),
      base(77, { reports: two }),
      "pending",
      /API tests may still bring it/,
    ],
    [
      "the same reports are compared",
      some(two, 80),
      base(81.5, { reports: two }),
      "fail",
      /drops by 1\.5 points/,
    ],
    [
      "in any order",
      some(two, 80),
      base(80.5, { reports: [...two].reverse() }),
      "pass",
      /base 80\.5%/,
    ],
    [
      "names with a run's number or a commit in them are the same report",
      some(["coverage-1234567890"], 80),
      base(80, { reports: ["coverage-987654321"] }),
      "pass",
      /base 80%/,
    ],
    [
      "a service's word is not compared with reports",
      some([], 80, { from: "service" }),
      base(70, { reports: two }),
      "pending",
      /measured by reports in artifacts, this commit by a coverage service/,
    ],
    [
      "nor reports with a service's word",
      some(two, 80),
      base(70, { from: "service" }),
      "pending",
      /by a coverage service, this commit by reports/,
    ],
    [
      "two words of services are",
      some([], 80, { from: "service" }),
      base(80.5, { from: "service" }),
      "pass",
      /base 80\.5%/,
    ],
  ])("W41: %s", (_, head, of, verdict, says) => {
    const answer = judged(head, of);
    expect(answer.kind).toBe(verdict);
    expect(JSON.stringify(answer)).toMatch(says);
  });

  it("W41: a report that the base has not counts for no drop, up or down", () => {
    const head = some([...two, "coverage-new"], 90);
    const same = (percent: number) =>
      judged(head, base(80, { reports: two }), [[two, some(two, percent)]]);
    expect(same(78)).toMatchObject({
      kind: "fail",
      need: expect.stringContaining("drops by 2 points"),
    });
    expect(same(79.5)).toMatchObject({
      kind: "pass",
      found: expect.stringContaining(
        "against 79.5% without coverage-new, which the base has not (down 0.5 points)",
      ),
    });
    expect(
      judged(some([...two, "coverage-new"], 50), base(80, { reports: two }), [
        [two, some(two, 80)],
      ]),
    ).toMatchObject({ kind: "pass" });
    expect(judged(head, base(80, { reports: two }), [[two, absent()]])).toMatchObject({
      kind: "pending",
    });
  });
});
