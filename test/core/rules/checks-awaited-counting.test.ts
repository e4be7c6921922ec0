import { describe, expect, it } from "vitest";
import { jobBehindCheck, jobNamed, type CheckFact } from "#core/facts/checks.ts";
import type { ReportingFact, Triggers } from "#core/facts/reporting.ts";
import type { WorkflowRunFact } from "#core/facts/workflow-runs.ts";
import { aCheck, aDeployment, aMergeGroup, minute, monday, tell } from "../build.ts";
import { aRun, ci, dco, here, judged, later, lint, type Around } from "./awaited-world.ts";

const trusted = { all: true, trusted: true };

/** A green job of a run, and the run. */
const jobOf = (run: WorkflowRunFact, name: string): CheckFact =>
  aCheck(name, {
    id: run.id * 10,
    suite: run.id,
    run: { id: run.id, event: run.event, path: run.path, ...(run.ref && { ref: run.ref }) },
  });
const proven = (checks: readonly CheckFact[]): Around["more"] =>
  checks.flatMap(({ id, name, run }) =>
    run === null
      ? []
      : [
          tell(jobBehindCheck.need({ check: id, run: run.id }), true),
          tell(jobNamed.need({ run: run.id, name }), null),
        ],
  );
const lintRun = aRun({ id: 1, name: "lint", path: lint });
const ciRun = aRun({ id: 2 });
const [lintJob, ciJob] = [jobOf(lintRun, "lint"), jobOf(ciRun, "unit")];
const both: Around = {
  seen: [lintJob, ciJob],
  runs: [lintRun, ciRun],
  more: proven([lintJob, ciJob]),
};

const places = (base: Triggers | null, head: Triggers | null): ReportingFact => ({
  ...here({}),
  workflows: [
    ...(base === null ? [] : [{ path: ci, at: "base" as const, on: base }]),
    ...(head === null ? [] : [{ path: ci, at: "head" as const, on: head }]),
  ],
});

describe("what counts and what has begun are the same runs", () => {
  it("a run of a workflow that the change touches is not the base's test, under trusted", () => {
    const around = { ...both, here: here({ pull_request: {} }) };
    expect(judged(trusted, around).kind).toBe("pass");
    const verdict = judged(trusted, { ...around, files: [ci] });
    expect(verdict.kind).toBe("pending");
    expect(verdict.need).toBe(`No run of ${ci} that counts has tested this commit`);
    expect(verdict.next).toContain(`one from ${ci}, which is changed here`);
    expect(judged({ all: true }, { ...around, files: [ci] }).kind).toBe("pass");
  });

  it("time makes nothing of a run that counts for nothing", () => {
    const around = { ...both, here: here({ pull_request: {} }), files: [ci], now: later };
    expect(judged(trusted, around)).toMatchObject({ kind: "pending", warnings: [] });
    expect(judged(trusted, around).changesAt).toBeUndefined();
  });

  it.each<[string, Triggers | null, Triggers | null, "pass" | "pending"]>([
    ["turns off", { pull_request: {} }, {}, "pending"],
    [
      "narrows to another base",
      { pull_request: {} },
      { pull_request: { branches: ["x"] } },
      "pending",
    ],
    ["removes", { pull_request: {} }, null, "pending"],
    ["turns off for pushes", { push: {} }, {}, "pending"],
    ["adds", null, { pull_request: {} }, "pass"],
  ])("under trusted a workflow that the change %s: %s, %s is %s", (_what, base, head, kind) => {
    const quick: Around = { seen: [lintJob], runs: [lintRun], more: proven([lintJob]) };
    const around = { ...quick, here: places(base, head), files: [ci] };
    expect(judged(trusted, around).kind).toBe(kind);
  });

  it("so it is in a merge group", () => {
    const group = { event: "merge_group", ref: aMergeGroup.headRef };
    const [lintHere, ciHere] = [aRun({ ...lintRun, ...group }), aRun({ ...ciRun, ...group })];
    const jobs = [jobOf(lintHere, "lint"), jobOf(ciHere, "unit")];
    const around: Around = {
      subject: aMergeGroup,
      seen: jobs,
      runs: [lintHere, ciHere],
      more: proven(jobs),
      here: here({ merge_group: {} }),
    };
    expect(judged(trusted, around).kind).toBe("pass");
    expect(judged(trusted, { ...around, files: [ci] }).kind).toBe("pending");
  });

  it("at a deployment under trusted a pull request's run is none of what the push starts", () => {
    const push = aRun({ ...lintRun, event: "push", ref: "refs/heads/main" });
    const job = jobOf(push, "lint");
    const around: Around = {
      subject: { ...aDeployment, ref: "main" },
      seen: [job],
      more: proven([job]),
      here: here({ push: {} }, "head"),
    };
    const ofPull = aRun({ id: 5, ref: undefined });
    expect(judged(trusted, { ...around, runs: [push, ofPull] }).kind).toBe("pending");
    const pushed = aRun({ id: 6, event: "push", ref: "refs/heads/main" });
    expect(judged(trusted, { ...around, runs: [push, pushed] }).kind).toBe("pass");
  });
});

describe("a run onto another base is none of this pull request", () => {
  const opened = monday - 60 * minute;
  const on = here({ pull_request: {} });
  const unit = (run: WorkflowRunFact, over: Partial<CheckFact> = {}): Around => {
    const job = { ...jobOf(run, "unit"), ...over };
    return { seen: [dco, job], runs: [run], here: on, more: proven([job]) };
  };

  it.each<[string, Partial<WorkflowRunFact>, NonNullable<Around["pull"]>, "pass" | "pending"]>([
    ["after the change of base", { startedAt: monday }, { baseChangedAt: monday - minute }, "pass"],
    ["before it", { startedAt: monday }, { baseChangedAt: monday + minute }, "pending"],
    ["in the very second of it", { startedAt: monday }, { baseChangedAt: monday }, "pending"],
    ["of a fork, before it", { ref: undefined }, { baseChangedAt: monday + minute }, "pending"],
    [
      "by push, before it: it merges nothing",
      { event: "push" },
      { baseChangedAt: monday + minute },
      "pass",
    ],
    ["of a pull request that was there before", { startedAt: opened - 1 }, {}, "pending"],
    ["in the second of the opening", { startedAt: opened }, {}, "pass"],
  ])("begun %s", (_when, run, pull, kind) => {
    expect(judged({ all: true }, { ...unit(aRun(run)), pull }).kind).toBe(kind);
  });

  it("says so and how people get one, and no time ends the wait", () => {
    const pull = { baseChangedAt: monday + minute };
    for (const now of [monday, later]) {
      const verdict = judged({ all: true }, { ...unit(aRun()), pull, now });
      expect(verdict.kind).toBe("pending");
      expect(verdict.need).toBe(`No run of ${ci} that counts has tested this commit`);
      expect(verdict.next).toContain("by closing the pull request and opening it again");
      expect(verdict.next).not.toContain("[skip ci]");
      expect(verdict.changesAt).toBeUndefined();
    }
  });

  it("a new run of it counts beside the old one", () => {
    const pull = { baseChangedAt: monday + minute };
    const [old, fresh] = [aRun(), aRun({ id: 901, startedAt: monday + 2 * minute })];
    const jobs = [jobOf(old, "unit"), jobOf(fresh, "unit")];
    const around: Around = { seen: jobs, runs: [old, fresh], here: on, more: proven(jobs), pull };
    expect(judged({ all: true }, around).kind).toBe("pass");
  });

  it("where no workflow is for the new base, its green is no check either", () => {
    const run = aRun();
    const around: Around = {
      ...unit(run),
      seen: [jobOf(run, "unit")],
      here: here({ pull_request: { branches: ["dev"] } }),
      pull: { baseChangedAt: monday + minute },
    };
    for (const params of [{ all: true }, { names: ["*"] }]) {
      const verdict = judged(params, around);
      expect(verdict.kind).toBe("pending");
      expect(verdict.next).toContain("by closing the pull request and opening it again");
    }
    expect(judged({ all: true, names: ["unit"] }, around).kind).toBe("pass");
  });

  it("its red stays red, and a check that is named counts by its commit", () => {
    const pull = { baseChangedAt: monday + minute };
    const red = { conclusion: "failure" as const };
    expect(judged({ all: true }, { ...unit(aRun(red), red), pull }).kind).toBe("fail");
    expect(judged({ names: ["unit"] }, { ...unit(aRun()), pull }).kind).toBe("pass");
    expect(judged({ names: ["un*"] }, { ...unit(aRun()), pull }).kind).toBe("pass");
  });
});

describe("of a change of more than 300 files GitHub compares the first 300 with paths", () => {
  const many = (count: number, then: readonly string[] = []): readonly string[] => [
    ...then,
    ...Array.from({ length: count }, (_, index) => `docs/${String(index).padStart(4, "0")}.md`),
  ];
  const narrowed = here({ pull_request: { paths: ["src/**"] } }, "both", { ran: [ci] });
  const ignoring = here({ pull_request: { pathsIgnore: ["docs/**"] } }, "both", { ran: [ci] });

  it.each<[string, ReportingFact, readonly string[], "pass" | "pending"]>([
    ["299 others before it", narrowed, many(299, ["src/a.ts"]), "pending"],
    ["300 others before it", narrowed, many(300, ["src/a.ts"]), "pass"],
    ["none of 301", narrowed, many(301), "pass"],
    ["one in front of 400", narrowed, many(400, ["src/a.ts", "src/b.ts", "app/c"]), "pass"],
    [
      "one in front, by its path",
      here({ pull_request: { paths: ["app/**"] } }),
      many(400, ["app/c"]),
      "pending",
    ],
    ["300 that are ignored before it", ignoring, many(300, ["src/a.ts"]), "pass"],
    ["299 that are ignored before it", ignoring, many(299, ["src/a.ts"]), "pending"],
    ["no paths at all", here({ pull_request: {} }), many(400), "pending"],
  ])("%s", (_what, told, files, kind) => {
    expect(judged({ all: true }, { here: told, files }).kind).toBe(kind);
  });

  it("what it starts nothing for is a warning, with what people can do", () => {
    const warned = judged({ all: true }, { here: narrowed, files: many(300, ["src/a.ts"]) });
    expect(warned.warnings.join()).toContain(`nothing among them is of ${ci}`);
    expect(judged({ all: true }, { here: narrowed, files: many(301) }).warnings).toEqual([]);
  });
});
