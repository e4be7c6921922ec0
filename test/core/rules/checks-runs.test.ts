import { describe, expect, it } from "vitest";
import {
  type CheckFact,
  checks as checksFact,
  jobBehindCheck,
  jobNamed,
} from "#core/facts/checks.ts";
import { changedFiles, pullRequest } from "#core/facts/pull-request.ts";
import { reporting } from "#core/facts/reporting.ts";
import { workflowRuns, type WorkflowRunFact } from "#core/facts/workflow-runs.ts";
import type { VerdictKind } from "#core/model/verdict.ts";
import { checks } from "#core/rules/checks/rule.ts";
import {
  aCheck,
  aDeployment,
  aFile,
  aMergeGroup,
  aPullRequest,
  cannotRead,
  factsOf,
  monday,
  tell,
} from "../build.ts";
import { judge, type Surroundings } from "../judge.ts";

const ci = ".github/workflows/ci.yml";

const aRun = (over: Partial<WorkflowRunFact> = {}): WorkflowRunFact => ({
  id: 900,
  name: "CI",
  event: "pull_request",
  path: ci,
  ref: "refs/heads/topic",
  status: "in_progress",
  conclusion: null,
  startedAt: monday,
  url: "https://github.example/acme/shop/actions/runs/900",
  ...over,
});
const ended = (
  conclusion: WorkflowRunFact["conclusion"],
  over: Partial<WorkflowRunFact> = {},
): WorkflowRunFact => aRun({ status: "completed", conclusion, ...over });

const dco = aCheck("DCO", { id: 5, app: { id: 3, slug: "dco" }, run: null, suite: 4 });
const lint = aCheck("lint");

const factsWith = (runs: readonly WorkflowRunFact[], reported: readonly CheckFact[]) =>
  factsOf(
    tell(checksFact.need(), reported),
    tell(workflowRuns.need(), runs),
    tell(pullRequest.need(), aPullRequest({ headRef: "topic", baseRef: "main" })),
    tell(reporting.need(), { signs: [] }),
    tell(changedFiles.need(), [aFile(ci)]),
    ...reported.map(({ id, run }) =>
      tell(jobBehindCheck.need({ check: id, run: run?.id ?? null }), true),
    ),
    ...reported.flatMap(({ name, run }) =>
      run === null ? [] : [tell(jobNamed.need({ run: run.id, name }), null)],
    ),
  );

const judged = (
  runs: readonly WorkflowRunFact[],
  reported: readonly CheckFact[] = [lint],
  params: unknown = { all: true },
  around: Surroundings = {},
) => judge(checks, params, factsWith(runs, reported), around);

describe("W13: a run that goes on may bring another check", () => {
  it.each(["queued", "in_progress", "waiting", "requested", "pending"] as const)(
    "a run that is %s is waited for",
    (status) => {
      const verdict = judged([aRun({ status })]);
      expect(verdict.kind).toBe("pending");
      expect(verdict.need).toBe("Workflow CI is still running");
      expect(verdict.next).toContain("a job that needs another reports only when that one is done");
    },
  );

  it.each<[string, unknown, VerdictKind]>([
    ["all", { all: true }, "pending"],
    ["all of the app", { all: true, app: 15_368 }, "pending"],
    ["a pattern", { names: ["li*"] }, "pending"],
    ["alternatives", { names: ["{lint,test}"] }, "pending"],
    ["an exact name that is there", { names: ["lint"] }, "pass"],
    ["all of another app", { all: true, app: "dco" }, "pass"],
  ])("%s", (_how, params, kind) => {
    expect(judged([aRun()], [lint, dco], params).kind).toBe(kind);
  });

  it("GitHub Actions is known by its checks where its id is another", () => {
    const elsewhere = { ...lint, app: { id: 21, slug: "github-actions" } };
    expect(judged([aRun()], [elsewhere], { all: true, app: 21 }).kind).toBe("pending");
  });

  it("once it is over, its checks say all", () => {
    expect(judged([ended("success")]).kind).toBe("pass");
    expect(judged([ended("success")], [lint], { names: ["li*"] }).kind).toBe("pass");
  });

  it("a check of it that runs is named, not the run", () => {
    const test = aCheck("test", { id: 2, status: "in_progress", conclusion: null });
    expect(judged([aRun()], [lint, test]).need).toBe("Waiting for the check test");
  });

  it.each<[string, Partial<WorkflowRunFact>]>([
    ["by an event that tests no change", { event: "workflow_dispatch" }],
    ["of another branch", { event: "push", ref: "refs/heads/other" }],
  ])("a run %s is not waited for", (_which, over) => {
    expect(judged([aRun({ id: 901, ...over }), ended("success")]).kind).toBe("pass");
  });

  it("a merge group waits as a pull request does", () => {
    const run = aRun({ event: "merge_group", ref: aMergeGroup.headRef });
    expect(judged([run], [lint], { all: true }, { subject: aMergeGroup }).kind).toBe("pending");
  });

  it("a deployment waits for other runs, and never for the run that asks", () => {
    const around = { subject: aDeployment };
    const push = { event: "push", ref: "refs/heads/main" };
    const asking = aRun({ ...push, id: aDeployment.runId ?? 0 });
    expect(judged([asking], [dco], { all: true }, around).kind).toBe("pass");
    expect(judged([asking, aRun({ ...push, id: 7 })], [dco], { all: true }, around).kind).toBe(
      "pending",
    );
  });

  it("a run that waits for people at an environment is its job's matter", () => {
    const deploy = aCheck("deploy", { id: 9, status: "queued", conclusion: null });
    const run = aRun({ status: "waiting" });
    expect(judged([run], [lint, deploy], { names: ["li*"] }).kind).toBe("pass");
    expect(judged([run], [lint, deploy]).need).toBe("Waiting for the check deploy");
  });

  it("without a check, the run is said to go on", () => {
    expect(judged([aRun()], [], { all: true, if_none: "pass_without_ci" }).need).toBe(
      "Workflow CI is still running",
    );
  });

  it("is unknown when the runs cannot be read", () => {
    const facts = factsOf(tell(checksFact.need(), [dco]), cannotRead(workflowRuns.need()));
    expect(judge(checks, { all: true }, facts).kind).toBe("unknown");
  });
});

describe("W13: a run that ended without a job", () => {
  it.each<[WorkflowRunFact["conclusion"], VerdictKind, VerdictKind]>([
    ["startup_failure", "fail", "fail"],
    ["action_required", "fail", "fail"],
    ["failure", "fail", "pass"],
    ["cancelled", "fail", "pass"],
    ["timed_out", "fail", "pass"],
    ["skipped", "pending", "pass"],
    ["neutral", "pending", "pass"],
    ["stale", "pending", "pass"],
    ["success", "pass", "pass"],
  ])(
    "%s: under all %s, under a pattern that something else answers %s",
    (conclusion, all, some) => {
      expect(judged([ended(conclusion)], [dco]).kind).toBe(all);
      expect(judged([ended(conclusion)], [dco], { names: ["D*"] }).kind).toBe(some);
    },
  );

  it("says what to do", () => {
    expect(judged([ended("action_required")], [dco])).toMatchObject({
      need: "The workflow CI waits for approval to run",
      next: "Somebody with write access looks at the change and approves the run of CI.",
    });
    expect(judged([ended("startup_failure")], [dco])).toMatchObject({
      need: "The workflow CI could not start",
      next: "The author repairs the workflow file of CI.",
    });
  });

  it("conclusions that are allowed pass", () => {
    expect(
      judged([ended("cancelled")], [dco], { all: true, conclusions: ["success", "cancelled"] })
        .kind,
    ).toBe("pass");
  });

  it("a cancelled one gives way to the newer run of its workflow, a broken one does not", () => {
    const newer = ended("success", { id: 901 });
    expect(judged([ended("cancelled"), newer], [dco]).kind).toBe("pass");
    expect(judged([newer, ended("startup_failure")], [dco]).kind).toBe("fail");
    expect(judged([ended("cancelled"), { ...newer, event: "merge_group" }], [dco]).kind).toBe(
      "fail",
    );
  });

  it("one that was cancelled before it had a job gives way to what cancelled it, by push or by pull_request", () => {
    const push = ended("cancelled", { event: "push" });
    const green = ended("success", { id: 901 });
    expect(judged([push, green]).kind).toBe("pass");
    expect(judged([push]).kind).toBe("fail");
    expect(judged([ended("success"), { ...push, id: 901 }]).kind).toBe("fail");
    expect(judged([push, ended("success", { id: 901, path: "x.yml" })]).kind).toBe("fail");
  });

  it("one that was skipped before it had a job takes nothing back from an older success", () => {
    expect(judged([ended("success"), ended("skipped", { id: 901 })]).kind).toBe("pass");
    expect(judged([ended("skipped", { id: 901 })]).kind).toBe("pending");
  });

  it("a run whose red job is there fails by that job's name", () => {
    const red = aCheck("unit", { conclusion: "failure" });
    expect(judged([ended("failure")], [red]).need).toBe("The check unit must pass");
  });

  it("the broken run of a commit counts on whatever branch, one that waits for approval on its own", () => {
    const elsewhere = { event: "push", ref: "refs/heads/other" };
    expect(judged([ended("startup_failure", elsewhere)], [dco]).kind).toBe("fail");
    expect(judged([ended("action_required", elsewhere)], [dco]).kind).toBe("pass");
  });
});

describe("a run that was deleted", () => {
  const gone = "was deleted at GitHub, so it can neither be run again nor report";
  const red = (over: Partial<CheckFact>) => aCheck("unit", { conclusion: "failure", ...over });

  it.each([
    ["red", [ended("failure", { isDeleted: true })], [red({ isDeleted: true })]],
    ["going on", [aRun({ isDeleted: true })], [lint]],
    ["stopped", [ended("cancelled", { isDeleted: true })], [lint]],
    ["waiting for approval", [ended("action_required", { isDeleted: true })], [lint]],
  ])("%s: what is to be done can be done", (_, runs, reported) => {
    const verdict = judged(runs, reported);
    expect(verdict.kind).not.toBe("pass");
    expect(verdict.next).toContain(gone);
    expect(verdict.next).toContain("pushes a new commit");
    expect(verdict.next).not.toMatch(/runs? it again|approves the run|when it ends/);
  });
  it("beside one that is there: each has its own next step", () => {
    const there = aCheck("build", { id: 77, conclusion: "failure" });
    const { next } = judged([], [red({ isDeleted: true }), there]);
    expect(next).toMatch(
      /^The author fixes what build reports, .* The run behind unit was deleted/,
    );
  });
});
