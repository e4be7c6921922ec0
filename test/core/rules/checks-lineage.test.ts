import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkConclusions,
  type CheckFact,
  checks as checksFact,
  jobBehindCheck,
  type JobFact,
  jobNamed,
  statusReports,
} from "#core/facts/checks.ts";
import { pullRequest } from "#core/facts/pull-request.ts";
import { reporting } from "#core/facts/reporting.ts";
import { workflowRuns } from "#core/facts/workflow-runs.ts";
import type { FactTable } from "#core/model/fact.ts";
import type { VerdictKind } from "#core/model/verdict.ts";
import { checks } from "#core/rules/checks/rule.ts";
import {
  aBot,
  aCheck,
  aDeployment,
  aPerson,
  aPullRequest,
  aStatus,
  factsOf,
  minute,
  monday,
  tell,
  type Told,
} from "../build.ts";
import { judge, judgeInRounds, type Surroundings } from "../judge.ts";

const ci = ".github/workflows/ci.yml";
const evilApp = { id: 666, slug: "evil-app" } as const;

/** A check of one run: run, suite and event go together. */
function runOf(
  run: number,
  event: string,
  over: Partial<CheckFact> & {
    readonly name?: string;
    readonly path?: string;
    readonly ref?: string;
  } = {},
): CheckFact {
  const { name = "unit", path = ci, ref, ...rest } = over;
  return aCheck(name, {
    id: run * 10 + 1,
    suite: run * 10,
    run: { id: run, event, path, ...(ref === undefined ? {} : { ref }) },
    startedAt: monday + run * minute,
    ...rest,
  });
}

const red = { conclusion: "failure" } as const;

/** The pull request comes from `topic` onto `main`. */
function commitWith(list: readonly CheckFact[], ...told: readonly Told[]): FactTable {
  return factsOf(
    tell(checksFact.need(), list),
    tell(workflowRuns.need(), []),
    tell(pullRequest.need(), aPullRequest({ headRef: "topic", baseRef: "main" })),
    tell(reporting.need(), { signs: [] }),
    ...list.map((check) =>
      tell(jobBehindCheck.need({ check: check.id, run: check.run?.id ?? null }), true),
    ),
    ...list.flatMap(({ name, run }) =>
      run === null ? [] : [tell(jobNamed.need({ run: run.id, name }), null)],
    ),
    ...told,
  );
}

const kindOf = (
  list: readonly CheckFact[],
  params: unknown = { names: ["unit"] },
  around: Surroundings = {},
): VerdictKind => judge(checks, params, commitWith(list), around).kind;

describe("W12: only its own re-run takes a run's place", () => {
  it.each<[string, readonly CheckFact[], VerdictKind]>([
    [
      "its own re-run",
      [
        runOf(1, "pull_request", red),
        runOf(1, "pull_request", { id: 99, startedAt: monday + 9 * minute }),
      ],
      "pass",
    ],
    [
      "its own re-run, worse",
      [
        runOf(1, "pull_request"),
        runOf(1, "pull_request", { id: 99, startedAt: monday + 9 * minute, ...red }),
      ],
      "fail",
    ],
    ["another event", [runOf(1, "pull_request", red), runOf(2, "push")], "fail"],
    [
      "another event, the other way round",
      [runOf(1, "push", red), runOf(2, "pull_request")],
      "fail",
    ],
    [
      "another run by the same event",
      [runOf(1, "pull_request", red), runOf(2, "pull_request")],
      "fail",
    ],
    [
      "another workflow with a job of that name",
      [
        runOf(1, "pull_request", red),
        runOf(2, "pull_request", { path: ".github/workflows/other.yml" }),
      ],
      "fail",
    ],
    ["a dispatched run", [runOf(1, "pull_request", red), runOf(2, "workflow_dispatch")], "fail"],
    ["a run of a schedule", [runOf(1, "pull_request", red), runOf(2, "schedule")], "fail"],
    [
      "two suites of one app",
      [
        aCheck("unit", { app: evilApp, run: null, suite: 1, ...red }),
        aCheck("unit", { id: 2, app: evilApp, run: null, suite: 2, startedAt: monday + minute }),
      ],
      "fail",
    ],
    [
      "the same app in the same suite",
      [
        aCheck("unit", { app: evilApp, run: null, suite: 1, ...red }),
        aCheck("unit", { id: 2, app: evilApp, run: null, suite: 1, startedAt: monday + minute }),
      ],
      "pass",
    ],
    [
      "a status of that name",
      [runOf(1, "pull_request", red), aStatus("unit", { startedAt: monday + 9 * minute })],
      "fail",
    ],
    [
      "two workflows with a job of one name, both green",
      [runOf(1, "pull_request"), runOf(2, "pull_request", { path: ".github/workflows/other.yml" })],
      "pass",
    ],
    [
      "one of them running",
      [
        runOf(1, "pull_request"),
        runOf(2, "pull_request", {
          path: ".github/workflows/other.yml",
          status: "in_progress",
          conclusion: null,
        }),
      ],
      "pending",
    ],
  ])("%s", (_what, list, kind) => {
    expect(kindOf(list)).toBe(kind);
    expect(kindOf(list, { all: true })).toBe(kind);
    expect(kindOf(list, { names: ["un*"], app: undefined })).toBe(kind);
  });

  it.each<[string, readonly CheckFact[], VerdictKind]>([
    [
      "cancelled, and a newer run of the same workflow by the same event",
      [runOf(1, "pull_request", { conclusion: "cancelled" }), runOf(2, "pull_request")],
      "pass",
    ],
    [
      "skipped, and a newer one that ran",
      [runOf(1, "pull_request", { conclusion: "skipped" }), runOf(2, "pull_request")],
      "pass",
    ],
    [
      "cancelled, and a newer one by another event",
      [runOf(1, "pull_request", { conclusion: "cancelled" }), runOf(2, "push")],
      "fail",
    ],
    [
      "cancelled after the green",
      [runOf(1, "pull_request"), runOf(2, "pull_request", { conclusion: "cancelled" })],
      "fail",
    ],
    [
      "skipped after the green",
      [runOf(1, "pull_request"), runOf(2, "pull_request", { conclusion: "skipped" })],
      "pass",
    ],
    [
      "cancelled, and only skipped ones after it",
      [
        runOf(1, "pull_request", { conclusion: "cancelled" }),
        runOf(2, "pull_request", { conclusion: "skipped" }),
      ],
      "fail",
    ],
    [
      "cancelled, of a branch that is not the newer one's",
      [
        runOf(1, "pull_request", { conclusion: "cancelled", ref: "refs/heads/topic" }),
        runOf(2, "pull_request", { ref: "refs/heads/other" }),
      ],
      "fail",
    ],
  ])("what tested nothing gives way: %s", (_what, list, kind) => {
    expect(kindOf(list)).toBe(kind);
  });

  const topic = { ref: "refs/heads/topic" } as const;
  const skipped = { conclusion: "skipped" } as const;
  const cancelled = { conclusion: "cancelled" } as const;
  const running = { status: "in_progress", conclusion: null } as const;
  it.each<[string, readonly CheckFact[], VerdictKind]>([
    [
      "a newer run that skips the job takes nothing back from the older success",
      [runOf(1, "pull_request", topic), runOf(2, "pull_request", { ...topic, ...skipped })],
      "pass",
    ],
    [
      "so it is of a fork, whose runs have no branch here",
      [runOf(1, "pull_request"), runOf(2, "pull_request", skipped)],
      "pass",
    ],
    [
      "a newer red does take it back",
      [runOf(1, "pull_request", topic), runOf(2, "pull_request", { ...topic, ...red })],
      "fail",
    ],
    [
      "so does a newer one that was cancelled: nobody knows what it found",
      [runOf(1, "pull_request", topic), runOf(2, "pull_request", { ...topic, ...cancelled })],
      "fail",
    ],
    [
      "an older red stays behind the skipped one",
      [runOf(1, "pull_request", red), runOf(2, "pull_request", skipped)],
      "fail",
    ],
    [
      "the success of another branch stands for nothing",
      [
        runOf(1, "pull_request", { ref: "refs/heads/b" }),
        runOf(2, "pull_request", { ...topic, ...skipped }),
      ],
      "pending",
    ],
    [
      "a push run that the pull request's cancelled gives way to it",
      [runOf(1, "push", { ...topic, ...cancelled }), runOf(2, "pull_request", topic)],
      "pass",
    ],
    [
      "and the other way round",
      [runOf(1, "pull_request", { ...topic, ...cancelled }), runOf(2, "push", topic)],
      "pass",
    ],
    [
      "while the newer one goes on, nothing is red",
      [
        runOf(1, "push", { ...topic, ...cancelled }),
        runOf(2, "pull_request", { ...topic, ...running }),
      ],
      "pending",
    ],
    [
      "what was cancelled after the other one began had no such reason",
      [runOf(1, "pull_request", topic), runOf(2, "push", { ...topic, ...cancelled })],
      "fail",
    ],
    [
      "a red push stays",
      [runOf(1, "push", { ...topic, ...red }), runOf(2, "pull_request", topic)],
      "fail",
    ],
    [
      "the job that the pull request's run skips was tested by nobody",
      [
        runOf(1, "push", { ...topic, ...cancelled }),
        runOf(2, "pull_request", { ...topic, ...skipped }),
      ],
      "fail",
    ],
    [
      "a cancelled one of another file stays",
      [
        runOf(1, "push", { ...topic, ...cancelled }),
        runOf(2, "pull_request", { ...topic, path: ".github/workflows/other.yml" }),
      ],
      "fail",
    ],
    [
      "a cancelled push on another branch proves nothing and hides nothing",
      [
        runOf(1, "push", { ...cancelled, ref: "refs/heads/b" }),
        runOf(2, "pull_request", { ...topic, ...red }),
      ],
      "fail",
    ],
  ])("%s", (_what, list, kind) => {
    expect(kindOf(list)).toBe(kind);
    expect(kindOf(list, { all: true })).toBe(kind);
  });

  it("a green elsewhere is explained", () => {
    const verdict = judge(
      checks,
      { names: ["unit"] },
      commitWith([runOf(1, "pull_request", red), runOf(2, "push")]),
    );
    expect(verdict.warnings.join(" ")).toContain(
      `Another unit of ${ci} by push, run 2 is green; it does not take the place of the red one`,
    );
  });
});

describe("W12: runs of other branches or events prove nothing", () => {
  it.each<[event: string, ref: string | undefined, kind: VerdictKind]>([
    ["pull_request", "refs/heads/topic", "pass"],
    ["pull_request", undefined, "pass"],
    ["pull_request", "refs/heads/scratch", "pending"],
    ["pull_request_target", "refs/heads/main", "pass"],
    ["push", "refs/heads/topic", "pass"],
    ["push", "refs/heads/scratch", "pending"],
    ["push", "refs/tags/topic", "pending"],
    ["push", "refs/heads/gh-readonly-queue/main/pr-7-abc", "pass"],
    ["merge_group", "refs/heads/gh-readonly-queue/main/pr-7-abc", "pass"],
    ["dynamic", "refs/heads/main", "pass"],
    ["deployment_status", undefined, "pass"],
    ["workflow_dispatch", "refs/heads/topic", "pending"],
    ["workflow_dispatch", "refs/heads/scratch", "pending"],
    ["schedule", "refs/heads/main", "pending"],
    ["workflow_run", "refs/heads/main", "pending"],
    ["repository_dispatch", undefined, "pending"],
    ["issue_comment", undefined, "pending"],
    ["something_new", "refs/heads/topic", "pending"],
  ])("a green by %s on %s → %s", (event, ref, kind) => {
    const list = [runOf(1, event, ref === undefined ? {} : { ref })];
    expect(kindOf(list)).toBe(kind);
    expect(kindOf(list, { all: true })).toBe(kind);
    expect(kindOf(list, { all: true, if_none: "pass_without_ci" })).toBe(kind);
  });

  it("and says why", () => {
    const verdict = judge(
      checks,
      { names: ["unit"] },
      commitWith([runOf(1, "push", { ref: "refs/heads/scratch" })]),
    );
    expect(verdict.found).toBe("unit: absent (one from a run of scratch does not count)");
  });

  it.each<[event: string, ref: string, kind: VerdictKind]>([
    ["workflow_dispatch", "refs/heads/topic", "pass"],
    ["workflow_dispatch", "refs/heads/scratch", "pass"],
    ["schedule", "refs/heads/main", "pass"],
    ["workflow_run", "refs/heads/main", "pass"],
    ["something_new", "refs/heads/topic", "pass"],
    // Whoever may choose the branch must not choose what is looked at.
    ["push", "refs/heads/topic", "fail"],
    ["push", "refs/heads/scratch", "fail"],
    ["pull_request", "refs/heads/scratch", "fail"],
    ["merge_group", "refs/heads/gh-readonly-queue/main/pr-7-abc", "fail"],
  ])("a red by %s on %s beside the green of the pull request → %s", (event, ref, kind) => {
    for (const conclusion of ["failure", "timed_out", "startup_failure"] as const) {
      const list = [runOf(1, "pull_request"), runOf(2, event, { ref, conclusion })];
      expect(kindOf(list)).toBe(kind);
      expect(kindOf(list, { all: true })).toBe(kind);
      expect(kindOf(list.toReversed(), { names: ["un*"] })).toBe(kind);
    }
  });

  it("and the red of the pull request stays, whatever ran beside it", () => {
    for (const conclusion of ["failure", "success", "skipped"] as const)
      expect(
        kindOf([runOf(1, "pull_request", red), runOf(2, "workflow_dispatch", { conclusion })]),
      ).toBe("fail");
  });

  it("a red that does not count is no proof by itself, and is named", () => {
    const only = [runOf(1, "workflow_dispatch", { ref: "refs/heads/topic", ...red })];
    expect(kindOf(only)).toBe("pending");
    expect(kindOf(only, { all: true, if_none: "pass_without_ci" })).toBe("pending");
    const beside = judge(
      checks,
      { names: ["unit"] },
      commitWith([runOf(2, "pull_request"), ...only]),
    );
    expect(beside.warnings.join(" ")).toContain(
      `A red unit of ${ci} by workflow_dispatch, run 1 counts neither way: it is from a run by workflow_dispatch, which tests no change.`,
    );
  });

  it("at a deployment the red of the run that asks counts, whatever started it", () => {
    const asking = runOf(900, "workflow_dispatch", { ref: "refs/heads/main", ...red });
    expect(
      kindOf(
        [asking, runOf(1, "push", { ref: "refs/heads/main" })],
        { names: ["unit"] },
        {
          subject: { ...aDeployment, ref: "main" },
        },
      ),
    ).toBe("fail");
  });

  it.each<[what: string, check: CheckFact, ref: string, kind: VerdictKind]>([
    ["of the deployed branch", runOf(1, "push", { ref: "refs/heads/main" }), "main", "pass"],
    [
      "of the deployed branch, in full",
      runOf(1, "push", { ref: "refs/heads/main" }),
      "refs/heads/main",
      "pass",
    ],
    ["of another branch", runOf(1, "push", { ref: "refs/heads/topic" }), "main", "pending"],
    [
      "of the queue",
      runOf(1, "merge_group", { ref: "refs/heads/gh-readonly-queue/main/pr-7-a" }),
      "main",
      "pass",
    ],
    ["dispatched", runOf(1, "workflow_dispatch", { ref: "refs/heads/main" }), "main", "pending"],
    [
      "the very run that asks",
      runOf(900, "workflow_dispatch", { ref: "refs/heads/main" }),
      "main",
      "pass",
    ],
    [
      "of a branch, where a tag is deployed",
      runOf(1, "push", { ref: "refs/heads/main" }),
      "refs/tags/v1",
      "pass",
    ],
    [
      "of a branch, where a commit is deployed",
      runOf(1, "push", { ref: "refs/heads/main" }),
      "a".repeat(40),
      "pass",
    ],
  ])("at a deployment: a run %s", (_what, check, ref, kind) => {
    expect(kindOf([check], { names: ["unit"] }, { subject: { ...aDeployment, ref } })).toBe(kind);
  });

  it("at a deployment of a tag by name: the run that asks says that it is one", () => {
    const asking = runOf(900, "push", {
      name: "deploy",
      ref: "refs/tags/v1",
      status: "waiting",
      conclusion: null,
    });
    const unit = runOf(1, "push", { ref: "refs/heads/main" });
    const around = { subject: { ...aDeployment, ref: "v1" } };
    expect(kindOf([unit, asking], { names: ["unit"] }, around)).toBe("pass");
    expect(kindOf([unit], { names: ["unit"] }, around)).toBe("pending");
  });
});

describe("W13: nothing there is no pass", () => {
  const here = (...signs: readonly string[]): Told => tell(reporting.need(), { signs });
  const without = { all: true, if_none: "pass_without_ci" };

  it.each([
    { params: { all: true }, told: [], kind: "pending" },
    { params: { all: true, if_none: "wait" }, told: [], kind: "pending" },
    { params: without, told: [here()], kind: "pass" },
    { params: without, told: [here("checks on the tip of main")], kind: "pending" },
    { params: { ...without, app: "circleci" }, told: [here()], kind: "pass" },
    { params: { ...without, names: ["unit"] }, told: [here()], kind: "pending" },
  ] as const)("$params → $kind", ({ params, told, kind }) => {
    for (const subject of [undefined, { ...aDeployment }])
      expect(
        judge(checks, params, commitWith([], ...told), subject === undefined ? {} : { subject })
          .kind,
      ).toBe(kind);
  });

  it("says what is waited for", () => {
    const verdict = judge(checks, without, commitWith([], here("checks on #7")));
    expect(verdict).toMatchObject({ need: "No check has reported", found: "no check" });
    expect(verdict.next).toContain("checks on #7");
  });

  it("what is there and does not count is not nothing", () => {
    const foreign = aCheck("lint", { app: evilApp, run: null });
    expect(kindOf([foreign], { ...without, app: "circleci" })).toBe("pending");
  });

  it("the repository is asked about only where no check is there", () => {
    expect(kindOf([runOf(1, "push")], without)).toBe("pass");
  });
});

describe("W12: two jobs of one name in one run are no re-runs of each other", () => {
  const green = runOf(1, "pull_request", { hasSteps: true });
  const told = (value: JobFact): Told => tell(jobNamed.need({ run: 1, name: "unit" }), value);

  it.each<[what: string, twin: JobFact, kind: VerdictKind]>([
    ["red", { status: "completed", conclusion: "failure" }, "fail"],
    ["running", { status: "in_progress", conclusion: null }, "pending"],
    ["green", { status: "completed", conclusion: "success" }, "pass"],
  ])("the other one is %s", (_what, twin, kind) => {
    for (const params of [
      { names: ["unit"] },
      { names: ["u*"] },
      { names: ["unit"], app: "github-actions" },
      { names: ["unit"], workflow: "ci.yml" },
      { all: true },
    ])
      expect(judge(checks, params, commitWith([green], told(twin))).kind).toBe(kind);
  });
});

describe("W25: a green without a job never stands in the place of a job", () => {
  const minted = runOf(1, "pull_request", { hasSteps: false });
  const noJob = tell(jobBehindCheck.need({ check: minted.id, run: 1 }), false);
  const job = (value: JobFact | null): Told => tell(jobNamed.need({ run: 1, name: "unit" }), value);

  it.each<[what: string, job: JobFact | null, kind: VerdictKind]>([
    ["the job of that name is red", { status: "completed", conclusion: "failure" }, "fail"],
    ["it is running", { status: "in_progress", conclusion: null }, "pending"],
    ["it was skipped", { status: "completed", conclusion: "skipped" }, "pending"],
    ["it is green", { status: "completed", conclusion: "success" }, "pass"],
    ["the run has no job of that name", null, "pass"],
  ])("no app is pinned: %s", (_what, value, kind) => {
    for (const params of [{ names: ["unit"] }, { all: true }])
      expect(judge(checks, params, commitWith([minted], noJob, job(value))).kind).toBe(kind);
  });

  it("a pinned app takes none of it", () => {
    expect(
      judge(checks, { names: ["unit"], app: "github-actions" }, commitWith([minted], noJob)).kind,
    ).toBe("pending");
  });

  it("skipped and neutral ones are looked behind where they would pass", () => {
    const list = [runOf(1, "pull_request", { hasSteps: false, conclusion: "neutral" })];
    expect(
      judge(
        checks,
        { all: true, conclusions: ["success", "neutral"] },
        commitWith(list, noJob, job({ status: "completed", conclusion: "failure" })),
      ).kind,
    ).toBe("fail");
  });
});

describe("W47: ours is what our App made", () => {
  it("a check of our name by another App counts, red and running", () => {
    const green = runOf(1, "pull_request");
    const named = (over: Partial<CheckFact>): CheckFact =>
      aCheck("gatehouse / e2e", { id: 2, app: evilApp, run: null, ...over });
    expect(kindOf([green, named(red)], { all: true })).toBe("fail");
    expect(kindOf([green, named({ status: "in_progress", conclusion: null })], { all: true })).toBe(
      "pending",
    );
    expect(kindOf([named(red)], { names: ["gatehouse / *"] })).toBe("fail");
  });
});

describe("laws of evidence", () => {
  const aRun = fc
    .record({
      run: fc.integer({ min: 1, max: 4 }),
      id: fc.integer({ min: 1, max: 9_999 }),
      at: fc.integer({ min: 0, max: 5 }),
      event: fc.constantFrom("pull_request", "push", "workflow_dispatch", "schedule"),
      ref: fc.constantFrom(undefined, "refs/heads/topic", "refs/heads/scratch"),
      path: fc.constantFrom(ci, ".github/workflows/other.yml"),
      name: fc.constantFrom("unit", "lint"),
      conclusion: fc.constantFrom(...checkConclusions),
    })
    .map(({ run, id, at, event, ref, path, name, conclusion }) =>
      runOf(run, event, {
        id,
        name,
        path,
        conclusion,
        startedAt: monday + at,
        ...(ref === undefined ? {} : { ref }),
      }),
    );
  const commits = fc.uniqueArray(aRun, { selector: ({ id }) => id, maxLength: 6 });
  const demands = fc.constantFrom(
    { all: true },
    { names: ["unit"] },
    { names: ["*"], conclusions: ["success", "skipped"] },
  );
  const allows = (list: readonly CheckFact[], params: unknown): boolean =>
    kindOf(list, params) === "pass";
  /** Re-runs replace their predecessors, so they are no more evidence but other evidence. */
  const isReRun = (check: CheckFact, list: readonly CheckFact[]): boolean =>
    list.some((other) => other.suite === check.suite && other.name === check.name);

  it("more evidence never turns wait or deny into allow unless it is evidence for", () => {
    fc.assert(
      fc.property(commits, aRun, demands, (list, more, params) => {
        fc.pre(!list.some(({ id }) => id === more.id) && !isReRun(more, list));
        const isFor =
          more.conclusion === "success" ||
          (more.conclusion === "skipped" && "conclusions" in params);
        if (!isFor && !allows(list, params)) expect(allows([...list, more], params)).toBe(false);
      }),
    );
  });

  it("removing evidence never turns deny into allow", () => {
    fc.assert(
      fc.property(commits, demands, (list, params) => {
        fc.pre(kindOf(list, params) === "fail");
        const reds = list.filter(({ conclusion }) => conclusion !== "success");
        // Whatever is taken away that is not the red itself.
        for (const gone of list.filter((check) => !reds.includes(check)))
          expect(
            allows(
              list.filter((check) => check !== gone),
              params,
            ),
          ).toBe(false);
      }),
    );
  });

  it("a red that is not re-run is never hidden, whatever else is there", () => {
    fc.assert(
      fc.property(commits, demands, (list, params) => {
        const stays = runOf(77, "pull_request", { id: 99_999, startedAt: monday, ...red });
        expect(kindOf([...list, stays], params)).toBe("fail");
      }),
    );
  });
});

describe("W12: a status takes the place of its own creator's only", () => {
  const [machine, mallory, gone] = [aPerson("jenkins"), aPerson("mallory"), undefined];
  const later = { startedAt: monday + 5 * minute } as const;
  const status = (over: Partial<CheckFact> = {}): CheckFact =>
    aStatus("ci/test", { app: null, creator: machine, ...over });
  /** What GitHub's summary shows, and what each creator said last. */
  const verdictOf = (
    shown: readonly CheckFact[],
    reports: readonly CheckFact[],
    params: unknown = { names: ["ci/*"] },
  ): VerdictKind =>
    judge(
      checks,
      params,
      factsOf(
        tell(checksFact.need(), shown),
        tell(workflowRuns.need(), []),
        tell(statusReports.need(), reports),
        tell(reporting.need(), { signs: [] }),
      ),
    ).kind;

  it.each<[what: string, shown: readonly CheckFact[], reports: readonly CheckFact[], VerdictKind]>([
    ["of one creator, green", [status()], [status()], "pass"],
    [
      "a stranger's green over a red",
      [status({ creator: mallory, ...later })],
      [status({ creator: mallory, ...later }), status(red)],
      "fail",
    ],
    [
      "an App's green over a red",
      [status({ creator: aBot("helper[bot]"), ...later })],
      [status({ creator: aBot("helper[bot]"), ...later }), status(red)],
      "fail",
    ],
    [
      "a green over one that runs",
      [status({ creator: mallory, ...later })],
      [
        status({ creator: mallory, ...later }),
        status({ status: "in_progress", conclusion: null, completedAt: null }),
      ],
      "pending",
    ],
    [
      "two greens of two creators",
      [status({ creator: mallory, ...later })],
      [status({ creator: mallory, ...later }), status()],
      "pass",
    ],
    [
      "a green of an account that is gone over a red of one",
      [status({ creator: gone, ...later })],
      [status({ id: 2, creator: gone, ...later }), status({ id: 1, creator: gone, ...red })],
      "fail",
    ],
    [
      "a stranger's red over a green",
      [status({ creator: mallory, ...later, ...red })],
      [status({ creator: mallory, ...later, ...red }), status()],
      "fail",
    ],
  ])("%s", (_, shown, reports, kind) => {
    expect(verdictOf(shown, reports)).toBe(kind);
    expect(verdictOf(shown, reports, { all: true })).toBe(kind);
  });

  it("a context in other letters is the same one", () => {
    const strangers = status({ name: "CI/Test", creator: mallory, ...later });
    const unit = aCheck("ci/unit", { run: null, app: { id: 5, slug: "other" } });
    expect(verdictOf([unit, strangers], [strangers, status(red)])).toBe("fail");
    expect(verdictOf([strangers], [strangers, status(red)], { all: true })).toBe("fail");
    expect(verdictOf([status({ name: "CI/Test" })], [status()], { all: true })).toBe("pass");
  });

  it("the word of the app that is asked for counts behind a stranger's", () => {
    const app = { id: null, slug: "jenkins" } as const;
    const its = status({ app, creator: aBot("jenkins[bot]") });
    const strangers = status({ creator: mallory, ...later });
    const pin = { names: ["ci/test"], app: "jenkins" };
    expect(verdictOf([strangers], [strangers, its], pin)).toBe("pass");
    expect(verdictOf([strangers], [strangers, { ...its, ...red }], pin)).toBe("fail");
  });

  it("the list is not asked for where the summary holds, or where no status counts", () => {
    const asked = (shown: readonly CheckFact[], params: unknown): boolean =>
      judgeInRounds(
        checks,
        params,
        factsOf(
          tell(checksFact.need(), shown),
          tell(workflowRuns.need(), []),
          tell(statusReports.need(), shown),
          tell(jobNamed.need({ run: 900, name: "unit" }), null),
        ),
      )
        .rounds.flat()
        .includes(statusReports.need().key);
    const app = { id: null, slug: "jenkins" } as const;
    expect(asked([status()], { names: ["ci/*"] })).toBe(true);
    expect(asked([status(red)], { names: ["ci/*"] })).toBe(false);
    expect(asked([status()], { names: ["ci/*", "lint"] })).toBe(false);
    expect(asked([status(), aCheck("unit")], { names: ["unit"] })).toBe(false);
    expect(asked([status({ app })], { names: ["ci/*"], app: "jenkins" })).toBe(false);
  });
});
