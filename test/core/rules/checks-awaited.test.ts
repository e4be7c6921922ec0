import { describe, expect, it } from "vitest";
import type { CheckFact } from "#core/facts/checks.ts";
import type { ReportingFact, Triggers } from "#core/facts/reporting.ts";
import type { WorkflowRunFact } from "#core/facts/workflow-runs.ts";
import type { VerdictKind } from "#core/model/verdict.ts";
import { triggersOf } from "#core/rules/kit/triggers/read-triggers.ts";
import { aDeployment, aMergeGroup, monday } from "../build.ts";
import { aRun, ci, dco, here, judged, later, lint, ofAda, type Around } from "./awaited-world.ts";

describe("A16: all of what reported is not all, where the tests have not run", () => {
  it.each<[string, unknown, Around]>([
    ["a quick App alone", { all: true }, {}],
    ["a status that the author set", { all: true }, { seen: [ofAda] }],
    ["a pattern of everything", { names: ["*"] }, {}],
    [
      "a run that tests no change",
      { all: true },
      { runs: [aRun({ event: "pull_request_target", ref: "refs/heads/main" })] },
    ],
    [
      "a run of another branch",
      { all: true },
      { runs: [aRun({ event: "push", ref: "refs/heads/b" })] },
    ],
    ["a workflow file that cannot be read", { all: true }, { here: here("unreadable") }],
    [
      "the pinned workflow",
      { all: true, workflow: "other.yml" },
      {
        seen: [],
        here: here({ pull_request: {} }),
      },
    ],
  ])("%s waits", (_what, params, around) => {
    expect(judged(params, around).kind).toBe("pending");
  });

  it("names what is awaited, and why nothing may have come", () => {
    const verdict = judged({ all: true });
    expect(verdict.need).toBe(`No run of ${ci} has tested this commit`);
    expect(verdict.next).toContain("[skip ci]");
  });

  it.each<[string, unknown, Around]>([
    ["a run for the pull request is there", { all: true }, { runs: [aRun()] }],
    ["its push was tested", { all: true }, { runs: [aRun({ event: "push" })] }],
    ["exact names say what counts", { names: ["DCO"] }, {}],
    ["another App is asked for", { all: true, app: "dco" }, {}],
    ["no workflow tests changes here", { all: true }, { here: here({}) }],
    ["the workflow is switched off", { all: true }, { off: [ci] }],
    [
      "it is for another base",
      { all: true },
      { here: here({ pull_request: { branches: ["rel/**"] } }) },
    ],
    ["it is for pushes to main", { all: true }, { here: here({ push: { branches: ["main"] } }) }],
    [
      "it is for what is pushed later",
      { all: true },
      { here: here({ pull_request: { types: ["synchronize"] } }) },
    ],
    [
      "the change removes it",
      { all: true },
      { here: here({ push: {}, pull_request: {} }, "base"), files: [ci] },
    ],
    [
      "a push reads the pushed commit, where it is not yet",
      { all: true },
      { here: here({ push: {} }, "base") },
    ],
    ["the base removed it since", { all: true }, { here: here({ pull_request: {} }, "head") }],
    ["it is for tags", { all: true }, { here: here({ push: { tags: ["v*"] } }) }],
    [
      "it is for opening alone",
      { all: true },
      { here: here({ pull_request: { types: ["opened"] } }) },
    ],
    [
      "a push to a fork starts it there",
      { all: true },
      { here: here({ push: {} }), pull: { fork: true } },
    ],
    [
      "no such file changed",
      { all: true },
      { here: here({ pull_request: { paths: ["docs/**"] } }) },
    ],
    [
      "only such files changed",
      { all: true },
      {
        here: here({ pull_request: { pathsIgnore: ["src/**"] } }),
      },
    ],
  ])("%s: it passes", (_what, params, around) => {
    expect(judged(params, around).kind).toBe("pass");
  });

  it.each<[string, Triggers, readonly string[], VerdictKind]>([
    ["**.ts", { pull_request: { paths: ["**.ts"] } }, ["src/a.ts"], "pending"],
    ["*.ts", { pull_request: { paths: ["*.ts"] } }, ["src/a.ts"], "pass"],
    ["**/a.ts", { pull_request: { paths: ["**/a.ts"] } }, ["a.ts"], "pending"],
    ["taken out", { pull_request: { paths: ["src/**", "!src/**.md"] } }, ["src/a.md"], "pass"],
    [
      "one left in",
      { pull_request: { paths: ["src/**", "!src/**.md"] } },
      ["src/a.md", "src/b"],
      "pending",
    ],
    [
      "some not ignored",
      { pull_request: { pathsIgnore: ["docs/**"] } },
      ["docs/a", "src/b"],
      "pending",
    ],
    ["jsx?", { pull_request: { paths: ["**.jsx?"] } }, ["src/a.js"], "pending"],
    ["unreadable", { pull_request: { paths: ["src/[a"] } }, ["docs/a"], "pending"],
  ])("filters are GitHub's own: %s", (_what, on, files, kind) => {
    expect(judged({ all: true }, { here: here(on), files }).kind).toBe(kind);
  });

  it.each<[string, WorkflowRunFact]>([
    ["by push", aRun({ id: 1, name: "lint", path: lint, event: "push" })],
    ["by pull_request", aRun({ id: 1, name: "lint", path: lint })],
    ["of a file that GitHub does not name", aRun({ id: 1, path: null })],
  ])("a run of another workflow %s is not the one that tests", (_what, run) => {
    const verdict = judged({ all: true }, { runs: [run] });
    expect(verdict.kind).toBe("pending");
    expect(verdict.need).toBe(`No run of ${ci} has tested this commit`);
    expect(judged({ all: true }, { runs: [run, aRun()] }).kind).toBe("pass");
  });

  it("a file that the change touches is read as the change has it", () => {
    const both = (base: Triggers, head: Triggers): ReportingFact => ({
      ...here({}),
      workflows: [
        { path: ci, at: "base", on: base },
        { path: ci, at: "head", on: head },
      ],
    });
    const [on, off] = [{ pull_request: {} }, {}];
    const kindOf = (files: readonly string[], told: ReportingFact): VerdictKind =>
      judged({ all: true }, { files, here: told }).kind;
    expect(kindOf([ci], both(on, off))).toBe("pass");
    expect(kindOf([ci], both(off, on))).toBe("pending");
    expect(kindOf(["src/a.ts"], both(on, off))).toBe("pending");
    expect(kindOf(["src/a.ts"], both(off, on))).toBe("pass");
  });

  it("what has not begun half an hour later is a warning, unless it did run before", () => {
    const on = { pull_request: {} };
    const waiting = judged({ all: true }, { here: here(on), now: later - 1 });
    expect(waiting).toMatchObject({ kind: "pending", changesAt: later });
    const passed = judged({ all: true }, { here: here(on), now: later });
    expect(passed.kind).toBe("pass");
    expect(passed.warnings.join()).toContain(`No run of ${ci} has begun on this commit`);
    const held = judged({ all: true }, { here: here(on, "both", { ran: [ci] }), now: later });
    expect(held.kind).toBe("pending");
    expect(held.changesAt).toBeUndefined();
    expect(held.next).toContain("did run before");
    expect(held.next).toContain("by pushing another commit");
  });

  it("a merge group waits for what merge_group starts, and warns of what nothing starts", () => {
    const inGroup = (on: Triggers, around: Around = {}) =>
      judged({ all: true }, { subject: aMergeGroup, here: here(on), ...around });
    const groupless = inGroup({ push: {}, pull_request: {} });
    expect(groupless.kind).toBe("pass");
    expect(groupless.warnings.join()).toContain("adds `merge_group`");
    expect(inGroup({ merge_group: {}, pull_request: {} }).kind).toBe("pending");
    const run = aRun({ event: "merge_group", ref: aMergeGroup.headRef });
    const tested = inGroup({ merge_group: {}, pull_request: {} }, { runs: [run] });
    expect(tested).toMatchObject({ kind: "pass", warnings: [] });
    expect(inGroup({ pull_request: {} }, { runs: [run] }).warnings).toEqual([]);
  });

  it("a deployed commit is tested by what its own files start for the default branch", () => {
    const subject = { ...aDeployment, ref: "main" };
    const push = { push: { branches: ["main"] } };
    const kindOf = (around: Around): VerdictKind =>
      judged({ all: true }, { subject, here: here(push, "head"), ...around }).kind;
    expect(kindOf({})).toBe("pending");
    expect(kindOf({ here: here(push, "base") })).toBe("pass");
    expect(kindOf({ here: here("unreadable", "head") })).toBe("pass");
    for (const ref of ["refs/tags/v1.0.1", "v1.0.1", "release/1", "a".repeat(40)])
      expect(kindOf({ subject: { ...subject, ref } })).toBe("pass");
    expect(kindOf({ runs: [aRun({ event: "push", ref: "refs/heads/main" })] })).toBe("pass");
    const asking = aRun({ id: 900, event: "workflow_dispatch", ref: "refs/heads/main" });
    expect(kindOf({ subject: { ...subject, runId: 900 }, runs: [asking] })).toBe("pass");
  });

  it("where the tests run elsewhere, each of those who always report is awaited, for half an hour", () => {
    const elsewhere: ReportingFact = {
      signs: [],
      elsewhere: {
        where: ["#1", "#2", "#3"],
        reporters: [
          { key: "account 8", name: "buildkite" },
          { key: "account 7", name: "circleci" },
        ],
      },
      askedFirstAt: monday,
    };
    const verdict = judged({ all: true }, { here: elsewhere });
    expect(verdict.need).toBe("No check of buildkite, circleci is on this commit");
    expect(verdict.next).toContain("#1, #2");
    expect(verdict.changesAt).toBe(later);
    const passed = judged({ all: true }, { here: elsewhere, now: later });
    expect(passed.kind).toBe("pass");
    expect(passed.warnings.join()).toContain("No check of buildkite, circleci has come");
    const theirs = { ...ofAda, creator: { id: 7, login: "circleci", type: "Bot" as const } };
    const other = { ...ofAda, creator: { id: 8, login: "buildkite", type: "Bot" as const } };
    const kindOf = (...seen: readonly CheckFact[]): VerdictKind =>
      judged({ all: true }, { here: elsewhere, seen }).kind;
    expect(kindOf(dco, theirs)).toBe("pending");
    expect(kindOf(dco, theirs, other)).toBe("pass");
    // A workflow that is for some changes only may run on a commit that the others test.
    expect(judged({ all: true }, { here: elsewhere, runs: [aRun({ path: lint })] }).kind).toBe(
      "pending",
    );
    const late = judged({ all: true }, { here: elsewhere, seen: [theirs], now: later });
    expect(late.kind).toBe("pass");
    expect(late.warnings.join()).toContain("No check of buildkite has come");
  });

  it("what is red or runs is said first", () => {
    const running = { ...dco, status: "in_progress" as const, conclusion: null };
    expect(judged({ all: true }, { seen: [running] }).need).toBe("Waiting for the check DCO");
  });
});

describe("what starts a workflow", () => {
  it.each<[string, Triggers]>([
    ["on: push", { push: {} }],
    ["on: [push, schedule]", { push: {} }],
    ["on:\n  pull_request:\n  workflow_dispatch:\n", { pull_request: {} }],
    [
      "on:\n  pull_request:\n    branches: [main]\n    paths-ignore: ['docs/**']\n",
      { pull_request: { branches: ["main"], pathsIgnore: ["docs/**"] } },
    ],
    [
      "on: { push: { branches: main, tags: [v1] } }",
      { push: { branches: ["main"], tags: ["v1"] } },
    ],
    ["on: { schedule: [{ cron: '0 0 * * *' }] }", {}],
    ["jobs: {}", "unreadable"],
    ["on: [push", "unreadable"],
  ])("%s", (text, on) => {
    expect(triggersOf(text)).toEqual(on);
  });
});
