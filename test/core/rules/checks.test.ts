import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkConclusions,
  type CheckFact,
  checks as checksFact,
  jobBehindCheck,
  jobNamed,
  statusReports,
} from "#core/facts/checks.ts";
import { changedFiles } from "#core/facts/pull-request.ts";
import { reporting } from "#core/facts/reporting.ts";
import { workflowRuns } from "#core/facts/workflow-runs.ts";
import type { FactTable } from "#core/model/fact.ts";
import { firstQuestionId, type Subject } from "#core/model/subject.ts";
import { checks } from "#core/rules/checks/rule.ts";
import {
  aCheck,
  aCheckEvent,
  aDeployment,
  aFile,
  aStatus,
  anEvent,
  cannotRead,
  factsOf,
  minute,
  monday,
  tell,
} from "../build.ts";
import { judge, judgeInRounds } from "../judge.ts";

const evilApp = { id: 666, slug: "evil-app" } as const;

/** Checks of the commit; those of `forged` have no job behind them. */
function commitWith(
  list: readonly CheckFact[],
  { forged = [], changed = [] }: { forged?: readonly number[]; changed?: readonly string[] } = {},
): FactTable {
  return factsOf(
    tell(checksFact.need(), list),
    tell(workflowRuns.need(), []),
    tell(reporting.need(), { signs: [] }),
    tell(
      statusReports.need(),
      list.filter(({ kind }) => kind === "status"),
    ),
    tell(
      changedFiles.need(),
      changed.map((path) => aFile(path)),
    ),
    ...list.map((check) =>
      tell(
        jobBehindCheck.need({ check: check.id, run: check.run?.id ?? null }),
        !forged.includes(check.id),
      ),
    ),
    ...list.flatMap(({ name, run }) =>
      run === null ? [] : [tell(jobNamed.need({ run: run.id, name }), null)],
    ),
  );
}

describe("a named check", () => {
  it.each([
    { conclusion: "success", conclusions: ["success"], kind: "pass" },
    { conclusion: "failure", conclusions: ["success"], kind: "fail" },
    { conclusion: "timed_out", conclusions: ["success"], kind: "fail" },
    { conclusion: "startup_failure", conclusions: ["success"], kind: "fail" },
    { conclusion: "cancelled", conclusions: ["success"], kind: "fail" },
    { conclusion: "action_required", conclusions: ["success"], kind: "fail" },
    { conclusion: "cancelled", conclusions: ["success", "cancelled"], kind: "pass" },
    { conclusion: "skipped", conclusions: ["success", "skipped"], kind: "pass" },
  ] as const)(
    "that ended with $conclusion, of $conclusions allowed → $kind",
    ({ conclusion, conclusions, kind }) => {
      expect(
        judge(
          checks,
          { names: ["unit"], conclusions },
          commitWith([aCheck("unit", { conclusion })]),
        ).kind,
      ).toBe(kind);
    },
  );

  it.each(["skipped", "neutral", "stale"] as const)(
    "T27: a job that ended %s tested nothing and is waited for",
    (conclusion) => {
      const verdict = judge(
        checks,
        { names: ["unit"] },
        commitWith([aCheck("unit", { conclusion })]),
      );
      expect(verdict.kind).toBe("pending");
      expect(verdict.next).toContain("tested nothing");
    },
  );

  it.each(["queued", "in_progress", "waiting", "requested", "pending"] as const)(
    "that is %s is waited for",
    (status) => {
      expect(
        judge(
          checks,
          { names: ["unit"] },
          commitWith([aCheck("unit", { status, conclusion: null, completedAt: null })]),
        ),
      ).toMatchObject({
        kind: "pending",
        need: "Waiting for the check unit",
      });
    },
  );

  it("row k: absent is pending, even where skipped is allowed", () => {
    expect(
      judge(checks, { names: ["unit"], conclusions: ["success", "skipped"] }, commitWith([])),
    ).toMatchObject({ kind: "pending", found: "unit: absent" });
  });

  it.each([
    { first: "failure", second: "success", kind: "pass" },
    { first: "success", second: "failure", kind: "fail" },
  ] as const)(
    "row k: $first, then $second: the newest run wins → $kind",
    ({ first, second, kind }) => {
      const list = [
        aCheck("unit", { id: 2, conclusion: second, startedAt: monday + minute }),
        aCheck("unit", { id: 1, conclusion: first }),
      ];
      expect(judge(checks, { names: ["unit"] }, commitWith(list)).kind).toBe(kind);
    },
  );

  it("row k: a re-run in progress is waited for", () => {
    const list = [
      aCheck("unit", { id: 1 }),
      aCheck("unit", {
        id: 2,
        status: "in_progress",
        conclusion: null,
        startedAt: monday + minute,
      }),
    ];
    expect(judge(checks, { names: ["unit"] }, commitWith(list)).kind).toBe("pending");
  });

  it("row k: so is a re-run that is queued and has no start yet", () => {
    const list = [
      aCheck("unit", { id: 1 }),
      aCheck("unit", { id: 2, status: "queued", conclusion: null, startedAt: 0 }),
    ];
    expect(judge(checks, { names: ["unit"] }, commitWith(list)).kind).toBe("pending");
  });

  it("is told apart from another of the same start by its id", () => {
    const list = [aCheck("unit", { id: 9, conclusion: "failure" }), aCheck("unit", { id: 8 })];
    expect(judge(checks, { names: ["unit"] }, commitWith(list)).kind).toBe("fail");
  });

  it("is named in what was found, what is needed and what comes next", () => {
    const list = [
      aCheck("unit", { conclusion: "failure", url: "https://ci.example/1" }),
      aCheck("lint"),
      aCheck("e2e", { conclusion: "timed_out" }),
    ];
    const verdict = judge(checks, { names: ["unit", "lint", "e2e"] }, commitWith(list));
    expect(verdict).toMatchObject({
      kind: "fail",
      found: "unit: failure, e2e: timed out, lint: success",
      need: "2 checks must pass: unit, e2e",
      required: "unit, lint, e2e: success",
    });
    expect(verdict.evidence[0]).toMatchObject({ url: "https://ci.example/1" });
  });
});

describe("globs", () => {
  const matrix = [
    aCheck("test (18)", { id: 1 }),
    aCheck("test (20)", { id: 2, conclusion: "failure" }),
    aCheck("lint", { id: 3, conclusion: "failure" }),
  ];

  it("asks all that match to pass, and no other", () => {
    expect(judge(checks, { names: ["test (*)"] }, commitWith(matrix))).toMatchObject({
      kind: "fail",
      need: "The check test (20) must pass",
    });
    expect(judge(checks, { names: ["test (18)"] }, commitWith(matrix)).kind).toBe("pass");
  });

  it("waits for a glob that nothing matches", () => {
    expect(judge(checks, { names: ["test (18)", "e2e*"] }, commitWith(matrix))).toMatchObject({
      kind: "pending",
      need: "Waiting for the check e2e*",
    });
  });

  it("takes a check by its exact name, whatever characters that has", () => {
    expect(
      judge(checks, { names: ["ci/build [fast]"] }, commitWith([aCheck("ci/build [fast]")])).kind,
    ).toBe("pass");
  });

  it("T31: a name that only looks alike is another check", () => {
    expect(
      judge(
        checks,
        { names: ["unit"] },
        commitWith([aCheck("un\u0456t"), aCheck("unit\u200b", { id: 2 })]),
      ).kind,
    ).toBe("pending");
  });
});

describe("a pinned app", () => {
  it.each(["github-actions", "GitHub-Actions", 15368, "15368"])(
    "row l, T1: the same name from another app is ignored, and both are named (%s)",
    (app) => {
      const verdict = judge(
        checks,
        { names: ["unit"], app },
        commitWith([aCheck("unit", { app: evilApp })]),
      );
      expect(verdict.kind).toBe("pending");
      expect(verdict.found).toBe("unit: absent (one from evil-app does not count)");
      expect(verdict.next).toContain(
        typeof app === "number" || app === "15368" ? "app 15368" : String(app),
      );
      expect(verdict.warnings).toHaveLength(1);
    },
  );

  it("T1: another app's newer green does not hide the pinned app's red, nor its red the green", () => {
    const red = aCheck("unit", { id: 1, conclusion: "failure" });
    const foreign = aCheck("unit", { id: 2, app: evilApp, startedAt: monday + minute });
    expect(
      judge(checks, { names: ["unit"], app: "github-actions" }, commitWith([red, foreign])).kind,
    ).toBe("fail");
    const verdict = judge(
      checks,
      { names: ["unit"], app: "github-actions" },
      commitWith([aCheck("unit"), { ...foreign, conclusion: "failure" }]),
    );
    expect(verdict.kind).toBe("pass");
    expect(verdict.warnings[0]).toContain("evil-app");
  });

  it("T1: without a pin another app's green does not take the place of a red", () => {
    const list = [
      aCheck("unit", { id: 1, conclusion: "failure" }),
      aCheck("unit", { id: 2, app: evilApp, startedAt: monday + minute }),
    ];
    expect(judge(checks, { names: ["unit"] }, commitWith(list)).kind).toBe("fail");
  });

  it("takes a status by the app behind its creator, and none that a person set", () => {
    const codecov = { id: 254, slug: "codecov" };
    const pin = { names: ["codecov/patch"], app: "codecov" };
    expect(judge(checks, pin, commitWith([aStatus("codecov/patch", { app: codecov })])).kind).toBe(
      "pass",
    );
    expect(judge(checks, pin, commitWith([aStatus("codecov/patch", { app: null })]))).toMatchObject(
      {
        kind: "pending",
        found: "codecov/patch: absent (one from a person does not count)",
      },
    );
  });

  it("asks for a check and a status of one name both", () => {
    const list = [aCheck("unit", { id: 1 }), aStatus("unit", { id: 2, conclusion: "failure" })];
    expect(judge(checks, { names: ["unit"] }, commitWith(list)).kind).toBe("fail");
  });
});

describe("jobs", () => {
  const pins = [
    { app: "github-actions" },
    { app: 15368 },
    { workflow: ".github/workflows/ci.yml" },
    { workflow: "ci.yml" },
    { trusted: true },
  ];

  it.each(pins)("T2: a green check without a job is ignored under $app$workflow$trusted", (pin) => {
    const list = [aCheck("unit", { id: 5 })];
    expect(
      judge(checks, { names: ["unit"], ...pin }, commitWith(list, { forged: [5] })),
    ).toMatchObject({
      kind: "pending",
      found: "unit: absent (one that no workflow job stands behind does not count)",
    });
    expect(judge(checks, { names: ["unit"], ...pin }, commitWith(list)).kind).toBe("pass");
  });

  it("T2: a forged green does not take the place of the job's red", () => {
    const list = [
      aCheck("unit", { id: 1, conclusion: "failure" }),
      aCheck("unit", { id: 2, startedAt: monday + minute }),
    ];
    expect(
      judge(checks, { names: ["unit"], app: "github-actions" }, commitWith(list, { forged: [2] }))
        .kind,
    ).toBe("fail");
  });

  it("T2: a status of github-actions has no job behind it", () => {
    const judged = judgeInRounds(
      checks,
      { names: ["unit"], app: "github-actions" },
      commitWith([aStatus("unit")]),
    );
    expect(judged.verdict.kind).toBe("pending");
    expect(judged.rounds).toEqual([["checks"]]);
  });

  it("looks for the job of what would pass only", () => {
    const list = [
      aCheck("unit", { id: 1, conclusion: "failure", startedAt: monday - minute }),
      aCheck("unit", { id: 2 }),
      aCheck("lint", { id: 3, status: "queued", conclusion: null }),
      aCheck("other", { id: 4 }),
    ];
    const judged = judgeInRounds(
      checks,
      { names: ["unit", "lint"], app: "github-actions" },
      commitWith(list),
    );
    expect(judged.rounds).toEqual([
      ["checks"],
      [
        jobNamed.need({ run: 900, name: "unit" }).key,
        jobBehindCheck.need({ check: 2, run: 900 }).key,
      ],
    ]);
  });

  it("looks for no job of another app's checks", () => {
    const foreign = aCheck("unit", { app: evilApp });
    expect(judgeInRounds(checks, { names: ["unit"] }, commitWith([foreign])).rounds).toEqual([
      ["checks"],
    ]);
  });
});

describe("a pinned workflow", () => {
  it.each([
    { path: ".github/workflows/ci.yml", kind: "pass" },
    { path: ".github/workflows/ci.yml@refs/heads/main", kind: "pass" },
    { path: ".github/workflows/other.yml", kind: "pending" },
    { path: null, kind: "pending" },
  ])("$path → $kind", ({ path, kind }) => {
    const list = [aCheck("unit", { run: { id: 900, event: "push", path } })];
    expect(
      judge(checks, { names: ["unit"], workflow: ".github/workflows/ci.yml" }, commitWith(list))
        .kind,
    ).toBe(kind);
  });

  it("T2, T42: trusted does not take a check of a workflow file that the pull request changes", () => {
    const facts = commitWith([aCheck("unit")], { changed: [".github/workflows/ci.yml"] });
    const verdict = judge(checks, { names: ["unit"], trusted: true }, facts);
    expect(verdict.kind).toBe("pending");
    expect(verdict.found).toContain(".github/workflows/ci.yml, which is changed here");
  });

  it.each([
    { event: "push", kind: "pass" },
    { event: "merge_group", kind: "pass" },
    { event: "pull_request", kind: "pending" },
    { event: "pull_request_target", kind: "pending" },
  ])(
    "at a deployment trusts the branch's own run, not the proposal's: $event → $kind",
    ({ event, kind }) => {
      const check = aCheck("unit", { run: { id: 901, event, path: ".github/workflows/ci.yml" } });
      const proven = commitWith([check]);
      expect(
        judge(checks, { names: ["unit"], trusted: true }, proven, { subject: aDeployment }).kind,
      ).toBe(kind);
      expect(
        judge(checks, { names: ["unit"] }, commitWith([check]), { subject: aDeployment }).kind,
      ).toBe("pass");
    },
  );

  it("does not wait at a deployment for the jobs that wait for its answer", () => {
    const own = (status: "waiting" | "queued") =>
      aCheck("deploy", {
        id: 2,
        status,
        conclusion: null,
        run: { id: 900, event: "push", path: ".github/workflows/cd.yml" },
      });
    expect(
      judge(checks, { all: true }, commitWith([aCheck("unit"), own("waiting")]), {
        subject: aDeployment,
      }).kind,
    ).toBe("pass");
    expect(
      judge(checks, { all: true }, commitWith([aCheck("unit"), own("queued")]), {
        subject: aDeployment,
      }).kind,
    ).toBe("pending");
    expect(judge(checks, { all: true }, commitWith([aCheck("unit"), own("waiting")])).kind).toBe(
      "pending",
    );
  });

  it("does not wait for the job that asks over the API, once it alone is unfinished", () => {
    const ofRun = (name: string, id: number, status: "in_progress" | "completed", run = 900) =>
      aCheck(name, {
        id,
        status,
        conclusion: status === "completed" ? "success" : null,
        run: { id: run, event: "push", path: ".github/workflows/cd.yml" },
      });
    const question = { ...aDeployment, deploymentId: firstQuestionId + 1 };
    const verdict = (list: readonly CheckFact[], subject: Subject = question) =>
      judge(checks, { all: true }, commitWith(list), { subject }).kind;
    const asking = ofRun("deploy", 2, "in_progress");
    expect(verdict([aCheck("unit"), asking])).toBe("pass");
    expect(verdict([aCheck("unit"), asking, ofRun("test", 3, "completed")])).toBe("pass");
    expect(verdict([aCheck("unit"), asking, ofRun("test", 3, "in_progress")])).toBe("pending");
    expect(verdict([aCheck("unit"), asking, ofRun("other", 3, "in_progress", 901)])).toBe(
      "pending",
    );
    expect(verdict([aCheck("unit"), asking], aDeployment)).toBe("pending");
    expect(verdict([aCheck("unit"), asking], { ...question, runId: null })).toBe("pending");
  });
});

describe("all other checks", () => {
  it.each([
    { list: [], kind: "pending", found: "no check" },
    {
      list: [aCheck("unit"), aCheck("x", { conclusion: "failure" })],
      kind: "fail",
      found: "x: failure, unit: success",
    },
    {
      list: [aCheck("unit"), aCheck("x", { conclusion: "skipped" })],
      kind: "pending",
      found: "x: skipped, unit: success",
    },
    {
      list: [aCheck("gatehouse-smoke", { conclusion: "failure" })],
      kind: "fail",
      found: "gatehouse-smoke: failure",
    },
  ] as const)("$found → $kind", ({ list, kind, found }) => {
    expect(judge(checks, { all: true }, commitWith(list))).toMatchObject({ kind, found });
  });

  it("asks for names as well where both are given", () => {
    expect(judge(checks, { names: ["unit"], all: true }, commitWith([aCheck("lint")])).kind).toBe(
      "pending",
    );
    expect(
      judge(
        checks,
        { names: ["unit"], all: true },
        commitWith([aCheck("lint", { conclusion: "failure" }), aCheck("unit")]),
      ).kind,
    ).toBe("fail");
  });
});

describe("facts and events", () => {
  it("is unknown when the checks, or a job, cannot be read", () => {
    expect(
      judge(
        checks,
        { all: true },
        factsOf(cannotRead(checksFact.need(), "incomplete"), tell(workflowRuns.need(), [])),
      ).kind,
    ).toBe("unknown");
    const facts = factsOf(
      tell(checksFact.need(), [aCheck("unit")]),
      tell(workflowRuns.need(), []),
      tell(jobNamed.need({ run: 900, name: "unit" }), null),
      cannotRead(jobBehindCheck.need({ check: 1, run: 900 })),
    );
    expect(judge(checks, { names: ["unit"], app: "github-actions" }, facts).kind).toBe("unknown");
  });

  it.each([
    { params: { names: ["unit"] }, event: aCheckEvent("check_run.completed", "unit"), heard: true },
    {
      params: { names: ["unit"] },
      event: aCheckEvent("check_run.completed", "lint"),
      heard: false,
    },
    { params: { names: ["un*"] }, event: aCheckEvent("status", "unit"), heard: true },
    { params: { all: true }, event: aCheckEvent("check_run.completed", "lint"), heard: true },
    {
      params: { names: ["unit"] },
      event: aCheckEvent("check_suite.completed", null),
      heard: false,
    },
    { params: { names: ["un*"] }, event: aCheckEvent("check_suite.completed", null), heard: true },
    { params: { all: true }, event: aCheckEvent("workflow_run.requested", "CI"), heard: true },
    {
      params: { names: ["unit"] },
      event: aCheckEvent("check_suite.rerequested", null),
      heard: true,
    },
    {
      params: { names: ["unit"] },
      event: aCheckEvent("workflow_run.completed", "CI"),
      heard: false,
    },
    {
      params: { names: ["unit"], workflow: "ci.yml" },
      event: aCheckEvent("workflow_run.completed", "CI"),
      heard: true,
    },
    { params: { names: ["unit"] }, event: anEvent("pull_request.synchronize"), heard: true },
  ])("$params hears $event.name of $event.check.name: $heard", ({ params, event, heard }) => {
    expect(checks.bind(params).isAffectedBy(event)).toBe(heard);
  });

  it.each([
    {},
    { names: [] },
    { app: "x" },
    { names: ["unit"], conclusions: ["green"] },
    { names: ["unit"], apps: 3 },
  ])("refuses %j", (params) => {
    expect(checks.params.safeParse(params).success).toBe(false);
  });
});

describe("tighten", () => {
  it.each([
    { ours: { names: ["a"] }, theirs: { names: ["a", "b"] }, is: "tighter" },
    { ours: { names: ["a", "b"] }, theirs: { names: ["a"] }, is: "looser" },
    { ours: { names: ["a"] }, theirs: { names: ["a"], app: "x" }, is: "beside" },
    { ours: { names: ["a"], app: "x" }, theirs: { names: ["a"] }, is: "looser" },
    { ours: { names: ["a"], app: "x" }, theirs: { names: ["a"], app: "y" }, is: "looser" },
    {
      ours: { names: ["a"] },
      theirs: { names: ["a"], conclusions: ["success", "skipped"] },
      is: "looser",
    },
    { ours: { names: ["a"] }, theirs: { names: ["a"], trusted: true }, is: "beside" },
    { ours: { all: true }, theirs: { names: ["a"] }, is: "looser" },
    { ours: { names: ["a"] }, theirs: { names: ["a"], all: true }, is: "tighter" },
    { ours: { names: ["a"] }, theirs: { names: ["a"] }, is: "same" },
  ])("$ours against $theirs is $is", ({ ours, theirs, is }) => {
    expect(checks.compare(ours, theirs)).toBe(is);
  });
});

describe("laws", () => {
  const aRun = fc.record({
    id: fc.integer({ min: 1, max: 1000 }),
    startedAt: fc.integer({ min: monday, max: monday + 5 }),
    conclusion: fc.constantFrom(...checkConclusions),
  });

  it("the order in which GitHub lists runs does not matter", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(aRun, { selector: (run) => run.id, minLength: 1, maxLength: 6 }),
        (runs) => {
          const list = runs.map((run) => aCheck("unit", run));
          const there = judge(checks, { names: ["unit"] }, commitWith(list));
          const back = judge(checks, { names: ["unit"] }, commitWith([...list].reverse()));
          expect(back).toEqual(there);
        },
      ),
    );
  });

  it("only the newest run of a name decides", () => {
    fc.assert(
      fc.property(
        fc.array(aRun, { maxLength: 6 }),
        fc.constantFrom(...checkConclusions),
        (runs, conclusion) => {
          const newest = aCheck("unit", { id: 5000, startedAt: monday + minute, conclusion });
          const withOlder = judge(
            checks,
            { names: ["unit"] },
            commitWith([...runs.map((run) => aCheck("unit", run)), newest]),
          );
          expect(withOlder).toEqual(judge(checks, { names: ["unit"] }, commitWith([newest])));
        },
      ),
    );
  });

  it("what other apps report never turns a pass into something else, nor anything into a pass", () => {
    fc.assert(
      fc.property(
        fc.array(aRun, { maxLength: 4 }),
        fc.array(aRun, { maxLength: 4 }),
        (own, foreign) => {
          const ours = own.map((run) => aCheck("unit", run));
          const theirs = foreign.map((run) => aCheck("unit", { ...run, app: evilApp }));
          const params = { names: ["unit"], app: "github-actions" };
          expect(judge(checks, params, commitWith([...ours, ...theirs])).kind).toBe(
            judge(checks, params, commitWith(ours)).kind,
          );
        },
      ),
    );
  });
});
