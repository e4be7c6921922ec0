import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { coverageReport, type CoverageFact, type CoverageSource } from "#core/facts/coverage.ts";
import { valueOf } from "../simulated.ts";
import { writeZip } from "../zip-writer.ts";
import {
  anywhere,
  evidenceWorld,
  lcov,
  repo,
  threeOfFour,
  type EvidenceWorld,
} from "./evidence-world.ts";

let world: EvidenceWorld;
beforeEach(async () => {
  world = await evidenceWorld();
});
afterEach(() => world.stop());

const read = async (place: CoverageSource = anywhere): Promise<CoverageFact> =>
  valueOf(await world.fact(coverageReport.need(place)));
const artifacts = (
  files: Readonly<Record<string, Readonly<Record<string, string>>>>,
): ReturnType<EvidenceWorld["sim"]["workflowRun"]> =>
  world.sim.workflowRun({ repo, sha: world.headSha, jobs: ["unit"], artifacts: files });
const zipped = (zip: Buffer) => ({ zipBase64: zip.toString("base64") });

describe("coverage of a pull request", () => {
  it("is measured from the artifact of its own run, with the changed lines that no test runs", async () => {
    artifacts({ coverage: { "lcov.info": threeOfFour } });
    expect(await read()).toMatchObject({
      kind: "figures",
      from: "artifact",
      project: { covered: 3, valid: 4, percent: 75 },
      patch: {
        covered: 1,
        valid: 2,
        unseen: [],
        uncovered: [{ path: "src/a.ts", from: 4, to: 4, lines: 1 }],
      },
      workflows: [".github/workflows/ci.yml"],
      evidence: [
        {
          label: expect.stringContaining("self-reported, nothing attests it"),
          digest: expect.stringMatching(/^sha256:/),
        },
      ],
    });
  });

  it("costs five calls the first time, and two as long as nothing changes", async () => {
    artifacts({ coverage: { "lcov.info": threeOfFour } });
    world.calls();
    await read();
    expect(world.calls()).toHaveLength(5);
    // Within three minutes of the run's end another artifact may still come to be listed.
    world.sim.advance(3 * 60_000);
    await read();
    world.calls();
    await read();
    expect(world.calls()).toEqual(["POST /graphql", "GET /repos/acme/shop/actions/runs"]);
  });

  it("adds up the reports of several jobs, and takes one measurement in four formats for one", async () => {
    const istanbul = {
      "src/b.ts": {
        path: "/home/runner/work/shop/shop/src/b.ts",
        statementMap: {
          0: { start: { line: 1 }, end: { line: 1 } },
          1: { start: { line: 2 }, end: { line: 2 } },
        },
        s: { 0: 1, 1: 1 },
        fnMap: {},
        f: {},
        branchMap: {},
        b: {},
      },
    };
    artifacts({
      "coverage-a": { "a/lcov.info": threeOfFour },
      "coverage-b": {
        "coverage/coverage-final.json": JSON.stringify(istanbul),
        "coverage/lcov.info": lcov({ "src/b.ts": { 1: 1, 2: 1 } }),
        "coverage/index.html": "<html></html>",
      },
    });
    const fact = await read();
    expect(fact).toMatchObject({ kind: "figures", project: { covered: 5, valid: 6 } });
    expect(fact.kind === "figures" && fact.warnings.join()).toContain(
      "1 of 3 reports are the same measurement in another format",
    );
  });

  it("finds the paths of a monorepo by the tree of the judged commit, asked for only then", async () => {
    await world.stop();
    world = await evidenceWorld({
      "packages/web/src/cart.ts": "1\n2\n",
      "packages/api/src/cart.ts": "1\n",
    });
    artifacts({
      coverage: { "packages/web/coverage/lcov.info": lcov({ "src/cart.ts": { 1: 0, 2: 1 } }) },
    });
    world.calls();
    const fact = await read();
    expect(fact).toMatchObject({
      kind: "figures",
      patch: { uncovered: [{ path: "packages/web/src/cart.ts", from: 1, to: 1 }] },
    });
    expect(world.calls().filter((call) => call.includes("/git/trees/"))).toHaveLength(1);
  });

  it("counts the flags that are asked for, and waits for one that is missing", async () => {
    artifacts({
      "coverage-unit": { "lcov.info": threeOfFour },
      "coverage-e2e": { "lcov.info": lcov({ "src/b.ts": { 1: 1 } }) },
    });
    expect(await read({ flags: ["unit"] })).toMatchObject({
      kind: "figures",
      project: { covered: 3, valid: 4 },
    });
    expect(await read({ flags: ["unit", "E2E"] })).toMatchObject({
      kind: "figures",
      project: { covered: 4, valid: 5 },
    });
    expect(await read({ flags: ["unit", "backend"] })).toMatchObject({
      kind: "absent",
      ignored: [expect.stringContaining("backend")],
    });
  });

  it("is looked for where the policy says", async () => {
    world.sim.workflowRun({
      repo,
      sha: world.headSha,
      path: ".github/workflows/other.yml",
      jobs: ["x"],
      artifacts: { cov: { "lcov.info": lcov({ "src/b.ts": { 1: 0 } }) } },
    });
    artifacts({
      cov: { "lcov.info": threeOfFour },
      coverage: { "lcov.info": lcov({ "src/b.ts": { 1: 0 } }) },
    });
    expect(await read({ from: { artifact: "cov", workflow: "ci.yml" } })).toMatchObject({
      kind: "figures",
      project: { covered: 3, valid: 4 },
    });
  });

  it("waits for a run that is not finished, and says which", async () => {
    world.sim.workflowRun({
      repo,
      sha: world.headSha,
      name: "CI",
      jobs: [{ name: "unit", status: "in_progress" }],
      artifacts: { coverage: { "lcov.info": threeOfFour } },
    });
    expect(await read()).toMatchObject({ kind: "absent", waiting: ["CI"] });
  });

  it("A7: names the jobs of a failed run, which may have measured a part only, unless its test reports say why", async () => {
    const failed = {
      repo,
      sha: world.headSha,
      name: "CI",
      jobs: ["lint", { name: "unit (b)", conclusion: "failure" }],
    };
    const coverage = { "lcov.info": threeOfFour };
    const { id } = world.sim.workflowRun({ ...failed, artifacts: { coverage } });
    const unexplained = [`CI (run ${id}, job unit (b))`];
    expect(await read()).toMatchObject({ kind: "figures", unexplained });
    const red =
      '<testsuite name="s" failures="1"><testcase name="t"><failure/></testcase></testsuite>';
    world.sim.artifact({ repo, run: id, name: "junit", files: { "r.xml": red } });
    expect(await read()).not.toHaveProperty("unexplained");
  });

  it("a report of totals has no patch figure", async () => {
    artifacts({
      coverage: {
        "coverage-summary.json": JSON.stringify({
          total: { lines: { total: 10, covered: 9, skipped: 0, pct: 90 } },
        }),
      },
    });
    expect(await read()).toMatchObject({
      kind: "figures",
      project: { percent: 90 },
      patch: null,
      noPatch: "the report gives totals without lines",
    });
  });
});

describe("T22: artifacts that are not of this commit's own run", () => {
  it.each<[string, () => void]>([
    [
      "of a fork's run on the same commit",
      () =>
        void world.sim.workflowRun({
          repo,
          sha: world.headSha,
          headRepo: world.sim.fork({ repo, owner: "mallory" }).name,
          jobs: ["unit"],
          artifacts: { coverage: { "lcov.info": threeOfFour } },
        }),
    ],
    [
      "of an older commit",
      () =>
        void world.sim.workflowRun({
          repo,
          sha: world.baseSha,
          jobs: ["unit"],
          artifacts: { coverage: { "lcov.info": threeOfFour } },
        }),
    ],
    [
      "of a run that something else started",
      () =>
        void world.sim.workflowRun({
          repo,
          sha: world.headSha,
          event: "workflow_run",
          jobs: ["unit"],
          artifacts: { coverage: { "lcov.info": threeOfFour } },
        }),
    ],
    [
      "of a cancelled run",
      () =>
        void world.sim.workflowRun({
          repo,
          sha: world.headSha,
          jobs: [{ name: "unit", conclusion: "cancelled" }],
          artifacts: { coverage: { "lcov.info": threeOfFour } },
        }),
    ],
  ])("%s does not count", async (_title, bring) => {
    bring();
    expect(await read()).toMatchObject({ kind: "absent" });
  });

  it("of an earlier attempt does not count, once the run has been started again", async () => {
    const run = artifacts({ coverage: { "lcov.info": threeOfFour } });
    expect((await read()).kind).toBe("figures");
    world.sim.advance(60_000);
    world.sim.rerun({ repo, run: run.id, by: "alice", status: "queued" });
    expect(await read()).toMatchObject({ kind: "absent", waiting: ["ci"] });
    world.sim.job({ repo, run: run.id, name: "unit" });
    expect(await read()).toMatchObject({
      kind: "absent",
      ignored: [
        expect.stringContaining("nothing has come in its place"),
        expect.stringContaining("before attempt 2"),
      ],
    });
    world.sim.rerun({ repo, run: run.id, by: "alice", status: "queued" });
    world.sim.advance(1_000);
    world.sim.artifact({
      repo,
      run: run.id,
      name: "coverage",
      files: { "lcov.info": lcov({ "src/a.ts": { 1: 1 } }) },
    });
    world.sim.job({ repo, run: run.id, name: "unit" });
    expect(await read()).toMatchObject({ kind: "figures", project: { covered: 1, valid: 1 } });
  });

  it('of a job that "Re-run failed jobs" took over as it was still counts', async () => {
    const run = artifacts({ coverage: { "lcov.info": threeOfFour } });
    const uploadedAt = world.sim.now();
    world.sim.advance(60_000);
    world.sim.rerun({ repo, run: run.id, by: "alice", status: "completed", conclusion: "success" });
    const iso = (at: number): string => new Date(at).toISOString();
    const taken = {
      status: "completed",
      conclusion: "success",
      started_at: iso(uploadedAt - 5_000),
      completed_at: iso(uploadedAt),
    };
    world.sim.fault({
      match: { path: /\/jobs$/ },
      status: 200,
      body: { total_count: 1, jobs: [taken] },
    });
    expect(await read()).toMatchObject({ kind: "figures", project: { covered: 3, valid: 4 } });
  });

  it("W12: of another run of the same workflow take no place: the lowest figure counts", async () => {
    artifacts({ coverage: { "lcov.info": threeOfFour } });
    artifacts({ coverage: { "lcov.info": lcov({ "src/a.ts": { 1: 1, 2: 1, 3: 1, 4: 1 } }) } });
    expect(await read()).toMatchObject({ kind: "figures", project: { covered: 3, valid: 4 } });
  });

  it.each(["workflow_dispatch", "schedule", "workflow_run"])(
    "W12: of a run by %s, or of another branch, are none",
    async (event) => {
      const whole = { coverage: { "lcov.info": lcov({ "src/a.ts": { 1: 1, 2: 1, 3: 1, 4: 1 } }) } };
      const dispatched = { repo, sha: world.headSha, branch: "scratch", artifacts: whole };
      world.sim.workflowRun({ ...dispatched, event, jobs: ["unit"] });
      world.sim.workflowRun({ ...dispatched, event: "push", jobs: ["unit"] });
      expect(await read()).toMatchObject({ kind: "absent" });
      artifacts({ coverage: { "lcov.info": threeOfFour } });
      expect(await read()).toMatchObject({ kind: "figures", project: { covered: 3, valid: 4 } });
    },
  );

  it("with another content than GitHub's digest says is refused", async () => {
    const run = artifacts({ coverage: { "lcov.info": threeOfFour } });
    const [kept] = run.artifacts;
    const listed = {
      id: kept?.id,
      name: "coverage",
      size_in_bytes: 10,
      expired: false,
      digest: `sha256:${"0".repeat(64)}`,
      created_at: new Date(world.sim.now()).toISOString(),
      workflow_run: { id: run.id, head_sha: world.headSha },
    };
    world.sim.fault({
      match: { path: /\/artifacts$/ },
      status: 200,
      body: { total_count: 1, artifacts: [listed] },
    });
    expect(await read()).toMatchObject({
      kind: "unusable",
      problems: [expect.stringContaining("digest")],
    });
  });

  it.each([
    ["another run", { id: 1 }],
    ["another repository", { repository_id: 99 }],
    ["a fork", { head_repository_id: 99 }],
    ["another commit", { head_sha: "f".repeat(40) }],
  ])("listed with the run, and of %s, does not count", async (_title, workflow_run) => {
    artifacts({ coverage: { "lcov.info": threeOfFour } });
    world.sim.fault({
      match: { path: /\/artifacts$/ },
      status: 200,
      body: {
        total_count: 1,
        artifacts: [{ id: 1, name: "coverage", size_in_bytes: 10, expired: false, workflow_run }],
      },
    });
    expect((await read()).kind).toBe("absent");
  });
});

describe("T20, T21, T24: reports that are no measurement", () => {
  const bomb = writeZip([{ name: "lcov.info", data: "SF:a\n".repeat(4_000_000) }]);
  const xxe =
    '<?xml version="1.0"?><!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]><coverage line-rate="1" lines-valid="1" lines-covered="1"><packages>&x;</packages></coverage>';

  it.each<[string, Parameters<typeof zipped>[0] | Readonly<Record<string, string>>, RegExp]>([
    ["T20: a zip bomb", bomb, /compressed more than 200 times/],
    [
      "T20: a name that leads out of the archive",
      writeZip([{ name: "../lcov.info", data: threeOfFour }]),
      /invalid relative path|leads out/,
    ],
    [
      "T20: a link",
      writeZip([{ name: "lcov.info", data: "/etc/passwd", mode: 0o120777 }]),
      /is a link/,
    ],
    ["T21: external entities", { "coverage.xml": xxe }, /DOCTYPE/i],
    ["T24: an empty report", { "lcov.info": "" }, /empty/],
    [
      "T24: a report cut off",
      { "coverage-final.json": '{"a":{"path":"a","statementMap":{' },
      /cut off/,
    ],
    [
      "T24: 0 of 0",
      {
        "coverage-summary.json": JSON.stringify({
          total: { lines: { total: 0, covered: 0, skipped: 0, pct: 100 } },
        }),
      },
      /0 of 0/,
    ],
    [
      "T24: more covered than there is",
      {
        "coverage-summary.json": JSON.stringify({
          total: { lines: { total: 1, covered: 2, skipped: 0, pct: 200 } },
        }),
      },
      /covers more lines/,
    ],
    [
      "one broken report among good ones",
      { "good/lcov.info": threeOfFour, "bad/lcov.info": "TN:\n" },
      /bad\/lcov.info/,
    ],
    [
      "F: a zip that is cut off",
      writeZip([{ name: "lcov.info", data: threeOfFour }]).subarray(0, 60),
      /broken/,
    ],
  ])("%s is unusable, and says why", async (_title, content, problem) => {
    const files = Buffer.isBuffer(content) ? zipped(content) : content;
    world.sim.workflowRun({
      repo,
      sha: world.headSha,
      jobs: ["unit"],
      artifacts: { coverage: files },
    });
    const fact = await read();
    expect(fact.kind).toBe("unusable");
    expect(fact.kind === "unusable" ? fact.problems.join("\n") : "").toMatch(problem);
  });

  it("an artifact of pages only holds no report", async () => {
    artifacts({ "coverage-html": { "index.html": "<html></html>" } });
    expect(await read()).toMatchObject({
      kind: "absent",
      ignored: ["artifact coverage-html: holds no coverage report"],
    });
  });
});

describe("F: faults around artifacts", () => {
  it("W28: an expired artifact is unreadable, whatever else is there, and the remedy is said", async () => {
    const run = artifacts({ "coverage-unit": { "lcov.info": threeOfFour } });
    world.sim.artifact({
      repo,
      run: run.id,
      name: "coverage-e2e",
      files: { "lcov.info": threeOfFour },
      expired: true,
    });
    expect(await world.fact(coverageReport.need(anywhere))).toMatchObject({
      ok: false,
      message: "artifact coverage-e2e: expired; run its workflow again",
    });
  });
  it("W28: 410 while it is fetched is the same", async () => {
    artifacts({ coverage: { "lcov.info": threeOfFour } });
    world.sim.fault({
      match: { path: "/zip" },
      status: 410,
      body: { message: "Artifact has expired" },
    });
    expect(await world.fact(coverageReport.need(anywhere))).toMatchObject({
      ok: false,
      message: expect.stringContaining("expired"),
    });
  });
  it.each([
    ["the list of runs", "/actions/runs"],
    ["the list of artifacts", "/artifacts"],
    ["the archive", "/zip"],
    ["the diff", "/files"],
  ])("5xx for %s is unreadable, never a measurement", async (_title, path) => {
    artifacts({ coverage: { "lcov.info": threeOfFour } });
    world.sim.fault({ match: { path }, status: 502, body: {} });
    expect(await world.fact(coverageReport.need(anywhere))).toMatchObject({
      ok: false,
      code: "unavailable",
    });
    world.sim.clearFaults();
    expect((await read()).kind).toBe("figures");
  });
  it("a missing permission is unreadable", async () => {
    artifacts({ coverage: { "lcov.info": threeOfFour } });
    world.sim.setPermissions({
      account: "acme",
      permissions: {
        metadata: "read",
        pull_requests: "read",
        contents: "read",
        checks: "read",
        statuses: "read",
      },
    });
    expect(await world.fact(coverageReport.need(anywhere))).toMatchObject({
      ok: false,
      code: "forbidden",
    });
  });
  it("more than a page of artifacts is read to its end", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 130 }, (_, index) => [`build-${index}`, { "a.txt": "x" }]),
    );
    artifacts({ coverage: { "lcov.info": threeOfFour }, ...many });
    expect((await read()).kind).toBe("figures");
  });
});

describe("the word of a known service", () => {
  const codecov = {
    repo,
    name: "codecov/project",
    app: "codecov",
    title: "60.00% (+10.00%) compared to 1234567",
  };

  it.each<[string, () => void, Partial<Extract<CoverageFact, { kind: "figures" }>>]>([
    [
      "a check of its own app",
      () => void world.sim.checkRun({ ...codecov, sha: world.headSha }),
      { project: { percent: 60, covered: null, valid: null } },
    ],
    [
      "project and patch together",
      () => {
        world.sim.checkRun({ ...codecov, sha: world.headSha, conclusion: "failure" });
        world.sim.checkRun({
          ...codecov,
          name: "codecov/patch",
          title: "66.67% of diff hit (target 50.00%)",
          sha: world.headSha,
        });
      },
      {
        project: { percent: 60, covered: null, valid: null },
        patch: expect.objectContaining({ percent: 66.67 }),
      },
    ],
    [
      "a status of its own bot",
      () => {
        world.sim.user({ login: "coveralls[bot]", bot: true });
        world.sim.status({
          repo,
          sha: world.headSha,
          context: "coverage/coveralls",
          state: "success",
          by: "coveralls[bot]",
          description: "Coverage increased (+4.2%) to 88.871%",
        });
      },
      { project: { percent: 88.871, covered: null, valid: null } },
    ],
    [
      "W12: a status of its own bot that a stranger's stands before",
      () => {
        const status = { repo, sha: world.headSha, state: "success", by: "codecov[bot]" } as const;
        const said = (percent: string) => `${percent}% (+1.00%) compared to 1234567`;
        world.sim.status({ ...status, context: "codecov/project", description: said("60.00") });
        world.sim.status({ ...status, context: "codecov/project/b", description: said("90.00") });
        world.sim.status({ ...status, context: "codecov/project", by: "alice" });
      },
      { project: { percent: 60, covered: null, valid: null } },
    ],
  ])("counts: %s", async (_title, bring, expected) => {
    bring();
    expect(await read()).toMatchObject({ kind: "figures", from: "service", ...expected });
  });

  it.each<[string, () => void, RegExp]>([
    [
      "T1: another app under its name",
      () => void world.sim.checkRun({ ...codecov, app: "mallory-checks", sha: world.headSha }),
      /reported by mallory-checks, not by codecov/,
    ],
    [
      "T1: a person's status under its name",
      () =>
        void world.sim.status({
          repo,
          sha: world.headSha,
          context: "codecov/project",
          state: "success",
          by: "alice",
          description: "99.00% (+10.00%) compared to 1234567",
        }),
      /reported by a person/,
    ],
    [
      "T2: a workflow's own check under its name",
      () => void world.sim.checkRun({ ...codecov, app: "github-actions", sha: world.headSha }),
      /reported by github-actions/,
    ],
    [
      "T27: a skipped check",
      () => void world.sim.checkRun({ ...codecov, conclusion: "skipped", sha: world.headSha }),
      /ended as skipped/,
    ],
    [
      "T27: a neutral check",
      () => void world.sim.checkRun({ ...codecov, conclusion: "neutral", sha: world.headSha }),
      /ended as neutral/,
    ],
    [
      "green, and no coverage found",
      () =>
        void world.sim.checkRun({
          ...codecov,
          title: "No coverage information found on head",
          sha: world.headSha,
        }),
      /no coverage figure/,
    ],
    [
      "green, and not affected",
      () =>
        void world.sim.checkRun({
          ...codecov,
          name: "codecov/patch",
          title: "Coverage not affected",
          sha: world.headSha,
        }),
      /no coverage figure/,
    ],
  ])("does not count: %s", async (_title, bring, why) => {
    bring();
    const fact = await read();
    expect(fact.kind).toBe("absent");
    expect(fact.kind === "absent" ? fact.ignored.join() : "").toMatch(why);
  });

  it("is waited for while it works", async () => {
    world.sim.checkRun({
      repo,
      name: "codecov/project",
      app: "codecov",
      status: "in_progress",
      sha: world.headSha,
    });
    expect(await read()).toMatchObject({ kind: "absent", waiting: ["codecov/project"] });
  });
  it("gives way to an artifact", async () => {
    world.sim.checkRun({ ...codecov, sha: world.headSha });
    artifacts({ coverage: { "lcov.info": threeOfFour } });
    expect(await read()).toMatchObject({ kind: "figures", from: "artifact" });
  });
  it("is the only one asked where the policy names a check", async () => {
    world.sim.checkRun({ ...codecov, sha: world.headSha });
    artifacts({ coverage: { "lcov.info": threeOfFour } });
    expect(await read({ from: { check: "codecov/*" } })).toMatchObject({
      kind: "figures",
      from: "service",
      project: { percent: 60 },
    });
  });
});
