import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { baseCoverage, coverageReport } from "#core/facts/coverage.ts";
import { scanArtifacts } from "#core/facts/findings.ts";
import { pullRequest } from "#core/facts/pull-request.ts";
import { baseTests, testReports, type TestsFact } from "#core/facts/test-reports.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import { valueOf } from "../simulated.ts";
import { anywhere, evidenceWorld, lcov, repo, type EvidenceWorld } from "./evidence-world.ts";

let world: EvidenceWorld;
beforeEach(async () => {
  world = await evidenceWorld();
});
afterEach(() => world.stop());

const place = { from: ["junit*"] };
const headRef = async (): Promise<string> => valueOf(await world.fact(pullRequest.need())).headRef;
const cases = (n: number): Record<string, string> => ({
  "report.xml": `<testsuites><testsuite name="s">${Array.from({ length: n }, (_, i) => `<testcase name="t${i}"/>`).join("")}</testsuite></testsuites>`,
});
/** A run of main that tests, uploads what it is given, and then waits at production. */
function deploying(
  artifacts: Record<string, Record<string, string>>,
  event = "push",
): DeploymentSubject {
  const run = world.sim.workflowRun({
    repo,
    sha: world.baseSha,
    event,
    branch: "main",
    path: ".github/workflows/deploy.yml",
    jobs: ["unit"],
    artifacts,
  });
  return waitingAt(run.id);
}
function waitingAt(run: number): DeploymentSubject {
  const { deployments } = world.sim.deploy({ repo, environment: "production", run });
  return {
    kind: "deployment",
    repository: world.repository.id,
    deploymentId: deployments[0]?.id ?? 0,
    environment: "production",
    sha: world.baseSha,
    ref: "main",
    runId: run,
  };
}
const read = async (subject?: DeploymentSubject): Promise<TestsFact> =>
  valueOf(await world.fact(testReports.need(place), subject));

describe("test reports at a deployment", () => {
  beforeEach(() => world.sim.environment({ repo, name: "production", gate: true }));

  it.each(["push", "workflow_dispatch"])(
    "those of the run that asks count while it waits, started by %s",
    async (event) => {
      const subject = deploying({ junit: cases(3), trivy: { "trivy.json": "{}" } }, event);
      expect(await read(subject)).toMatchObject({ kind: "read", ran: 3, waiting: [] });
      const scans = valueOf(await world.fact(scanArtifacts.need(), subject));
      expect(scans.unreadable.concat(scans.workflows).length).toBeGreaterThan(0);
    },
  );

  it("what it uploads later is seen: the list of a run that goes on is not kept", async () => {
    const subject = deploying({});
    expect(await read(subject)).toMatchObject({ kind: "absent" });
    world.sim.artifact({ repo, run: subject.runId ?? 0, name: "junit", files: cases(2) });
    expect(await read(subject)).toMatchObject({ kind: "read", ran: 2 });
  });

  it("another run that waits for somebody does not count, and is named", async () => {
    const other = deploying({ junit: cases(3) });
    const asking = world.sim.workflowRun({
      repo,
      sha: world.baseSha,
      event: "push",
      branch: "main",
      path: ".github/workflows/other.yml",
      jobs: ["build"],
    });
    expect(await read(waitingAt(asking.id))).toMatchObject({
      kind: "absent",
      waiting: [],
      ignored: expect.arrayContaining([
        expect.stringContaining(`(run ${other.runId}): waits for somebody`),
      ]),
    });
  });

  it.each([
    ["cancelled", 1],
    ["timed_out", 1],
    ["skipped", 0],
  ] as const)("a run that ended as %s is named %i times", async (conclusion, times) => {
    world.sim.workflowRun({
      repo,
      sha: world.baseSha,
      event: "push",
      branch: "main",
      jobs: [{ name: "unit", conclusion }],
    });
    const fact = await read(deploying({}));
    expect(fact.kind === "absent" && fact.ignored.length).toBe(times);
  });

  it("what stands before it on the branch tells whether reports are made here", async () => {
    world.sim.workflowRun({
      repo,
      sha: world.baseSha,
      event: "push",
      branch: "main",
      jobs: ["unit"],
      artifacts: { junit: cases(4) },
    });
    const { sha } = world.sim.commit({ repo, files: { "src/c.ts": "1\n" }, author: "bob" });
    const run = world.sim.workflowRun({ repo, sha, event: "push", branch: "main", jobs: ["unit"] });
    const subject = { ...waitingAt(run.id), sha };
    expect(await read(subject)).toMatchObject({ kind: "absent" });
    expect(valueOf(await world.fact(baseTests.need(place), subject))).toEqual({
      ran: 4,
      sha: world.baseSha,
    });
  });
});

describe("a base whose report is gone, or cannot be read, has none: an earlier one will do", () => {
  const lines = lcov({ "src/a.ts": { 1: 1, 2: 0 } });
  const measure = (sha: string, artifacts: Record<string, Record<string, string>>): void => {
    world.sim.workflowRun({ repo, sha, event: "push", branch: "main", jobs: ["unit"], artifacts });
  };
  it.each<[string, Record<string, Record<string, string>>, () => void]>([
    [
      "gone while it is fetched",
      { junit: cases(2), coverage: { "lcov.info": lines } },
      () =>
        world.sim.fault({
          match: { path: "/zip" },
          times: 1,
          status: 410,
          body: { message: "Artifact has expired" },
        }),
    ],
    [
      "broken",
      { junit: { "report.xml": "<testsuites>" }, coverage: { "lcov.info": "SF:src/a.ts\nDA:1" } },
      () => undefined,
    ],
  ])("%s", async (_what, artifacts, spoil) => {
    measure(world.baseSha, { junit: cases(4), coverage: { "lcov.info": lines } });
    const { sha } = world.sim.commit({ repo, files: { "src/c.ts": "1\n" }, author: "bob" });
    measure(sha, artifacts);
    const { number } = world.sim.openPull({
      repo,
      author: "alice",
      head: "later",
      files: { "src/d.ts": "1\n" },
    });
    const subject = { kind: "pull_request" as const, repository: world.repository.id, number };
    spoil();
    expect(valueOf(await world.fact(baseTests.need(place), subject))).toEqual({
      ran: 4,
      sha: world.baseSha,
    });
    spoil();
    expect(valueOf(await world.fact(baseCoverage.need(anywhere), subject))).toMatchObject({
      percent: 50,
      sha: world.baseSha,
    });
  });
});

describe("test reports of a pull request", () => {
  it("A15: the same report in two artifacts is no more tests", async () => {
    const artifacts = { "junit-a": cases(3), "junit-b": cases(3), "junit-c": cases(2) };
    world.sim.workflowRun({ repo, sha: world.headSha, jobs: ["unit"], artifacts });
    expect(await read()).toMatchObject({ kind: "read", ran: 5 });
  });

  it("A7: a run that failed without a report that says why is named with its job", async () => {
    const run = { repo, sha: world.headSha, name: "CI" };
    const crashed = world.sim.workflowRun({
      ...run,
      jobs: ["test (a)", { name: "test (b)", conclusion: "failure" }],
      artifacts: { "junit-a": cases(3) },
    });
    expect(await read()).toMatchObject({
      kind: "read",
      ran: 3,
      unexplained: [`CI (run ${crashed.id}, job test (b))`],
    });
    world.sim.rerun({ repo, run: crashed.id, by: "alice" });
    world.sim.artifact({ repo, run: crashed.id, name: "junit-a", files: cases(4) });
    expect(await read()).toMatchObject({ kind: "read" });
    expect(await read()).not.toHaveProperty("unexplained");
  });

  it("A7: where the reports show the failure, it is explained", async () => {
    const red =
      '<testsuite name="s" failures="1"><testcase name="t"><failure message="no"/></testcase></testsuite>';
    world.sim.workflowRun({
      repo,
      sha: world.headSha,
      jobs: [{ name: "test", conclusion: "failure" }],
      artifacts: { junit: { "r.xml": red } },
    });
    expect(await read()).toMatchObject({ kind: "read", failures: 1 });
    expect(await read()).not.toHaveProperty("unexplained");
  });

  describe("a failed job takes nothing from the reports of others where no report hangs on it", () => {
    const links = ["unit", { name: "links", conclusion: "failure" }] as const;
    const workflow = (jobs: string): Record<string, string> => ({
      ".github/workflows/ci.yml": `on: [push, pull_request]\njobs:\n${jobs}`,
    });
    const uploading = (key: string, name: string): string =>
      `  ${key}:\n    steps:\n      - uses: actions/upload-artifact@v4\n        with: { name: ${name} }\n`;
    const onHead = async (files: Record<string, string>): Promise<string> =>
      world.sim.commit({ repo, branch: await headRef(), files, author: "alice" }).sha;

    it("by the workflow's text", async () => {
      const sha = await onHead(
        workflow(`${uploading("unit", "junit")}  links:\n    steps:\n      - run: lychee\n`),
      );
      world.sim.workflowRun({ repo, sha, jobs: links, artifacts: { junit: cases(3) } });
      expect(await read()).toMatchObject({ kind: "read", ran: 3 });
      expect(await read()).not.toHaveProperty("unexplained");
    });

    it("one that uploads, or that another needs which does, is waited for", async () => {
      const sha = await onHead(
        workflow(
          `${uploading("unit", "junit")}${uploading("e2e", "junit-e2e")}    needs: links\n  links:\n    steps:\n      - run: lychee\n`,
        ),
      );
      world.sim.workflowRun({ repo, sha, jobs: links, artifacts: { junit: cases(3) } });
      expect(await read()).toMatchObject({ unexplained: [expect.stringContaining("job links")] });
    });

    it("where nobody can tell, the base's reports are what is missed", async () => {
      const based = { repo, sha: world.baseSha, branch: "main", event: "push", jobs: ["unit"] };
      world.sim.workflowRun({ ...based, artifacts: { "junit-1": cases(3) } });
      world.sim.workflowRun({
        repo,
        sha: world.headSha,
        jobs: links,
        artifacts: { "junit-2": cases(3) },
      });
      expect(await read()).not.toHaveProperty("unexplained");
    });

    it("fewer than there are a part", async () => {
      const based = { repo, sha: world.baseSha, branch: "main", event: "push", jobs: ["unit"] };
      world.sim.workflowRun({ ...based, artifacts: { "junit-1": cases(3), "junit-2": cases(4) } });
      world.sim.workflowRun({
        repo,
        sha: world.headSha,
        jobs: links,
        artifacts: { "junit-1": cases(3) },
      });
      expect(await read()).toMatchObject({ unexplained: [expect.stringContaining("job links")] });
    });
  });

  it("a run of the same event that tests another part takes nothing back", async () => {
    const run = { repo, sha: world.headSha, jobs: ["unit"] };
    world.sim.workflowRun({ ...run, artifacts: { "junit-unit": cases(50) } });
    world.sim.workflowRun({ ...run, artifacts: { "junit-labelled": cases(5) } });
    expect(await read()).toMatchObject({ kind: "read", ran: 55 });
  });

  describe("reports that expire once they were read count on for their commit", () => {
    const expire = (): void => {
      for (const { artifacts } of world.sim.world.repos.values())
        for (const artifact of artifacts.values()) artifact.expired = true;
    };
    const lines = lcov({ "src/a.ts": { 1: 1, 2: 1, 3: 1, 4: 0 } });
    const red =
      '<testsuite name="s" failures="1"><testcase name="t"><failure message="no"/></testcase></testsuite>';
    const run = (junit: Record<string, string>) =>
      world.sim.workflowRun({
        repo,
        sha: world.headSha,
        jobs: ["unit"],
        artifacts: { junit, coverage: { "lcov.info": lines } },
      });

    it.each([
      ["good", cases(3)],
      ["bad", { "r.xml": red }],
    ])("%s", async (_what, junit) => {
      run(junit);
      const measured = await world.fact(coverageReport.need(anywhere));
      const tested = await read();
      expire();
      world.anew();
      expect(await read()).toEqual(tested);
      expect(await world.fact(coverageReport.need(anywhere))).toEqual(measured);
    });

    it("not read before they are lost, and the remedy is to run the workflow again", async () => {
      run(cases(3));
      expire();
      for (const need of [testReports.need(place), coverageReport.need(anywhere)])
        expect(await world.fact<unknown>(need)).toMatchObject({
          ok: false,
          code: "incomplete",
          message: expect.stringMatching(/expired; run its workflow again$/u),
        });
      expect(testReports.whenIncomplete).toContain("runs the workflow");
      expect(coverageReport.whenIncomplete).toContain("runs the workflow");
    });

    it("one that a new run brings is read, and what is gone beside it is not forgotten", async () => {
      run({ "r.xml": red });
      await read();
      expire();
      run(cases(3));
      expect(await read()).toMatchObject({ kind: "read", failures: 1 });
    });
  });
});
