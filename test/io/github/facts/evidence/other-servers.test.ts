import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addedLicenses, scanSources, type ScanSourceFact } from "#core/facts/findings.ts";
import { coverageReport, type CoverageFact } from "#core/facts/coverage.ts";
import type { FindingSource } from "#core/formats/findings/finding.ts";
import { valueOf } from "../simulated.ts";
import {
  anywhere,
  evidenceWorld,
  repo,
  threeOfFour,
  type EvidenceWorld,
} from "./evidence-world.ts";

/** Servers that say less than github.com does, or more than they were asked for: read with care, and never generously. */
let world: EvidenceWorld;
let run: ReturnType<EvidenceWorld["sim"]["workflowRun"]>;
beforeEach(async () => {
  world = await evidenceWorld();
  run = world.sim.workflowRun({
    repo,
    sha: world.headSha,
    jobs: ["unit"],
    artifacts: { coverage: { "lcov.info": threeOfFour } },
  });
});
afterEach(() => world.stop());

const read = async (): Promise<CoverageFact> =>
  valueOf(await world.fact(coverageReport.need(anywhere)));
const source = async (name: FindingSource): Promise<ScanSourceFact> =>
  valueOf(await world.fact(scanSources[name].need()));
const answers = (path: RegExp, body: unknown, status = 200, times?: number): void =>
  world.sim.fault({ match: { path }, status, body, ...(times === undefined ? {} : { times }) });
const runsList = /\/actions\/runs$/;
const artifactsList = /\/artifacts$/;
const aRun = (over: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  id: run.id,
  path: ".github/workflows/ci.yml",
  event: "pull_request",
  head_sha: world.headSha,
  status: "completed",
  conclusion: "success",
  head_repository: { id: world.repository.id },
  ...over,
});

describe("runs", () => {
  it.each<[string, (own: ReturnType<typeof aRun>) => readonly unknown[]]>([
    ["without instants, names and attempts", (own) => [own]],
    ["of other commits among them", (own) => [{ ...own, id: 1, head_sha: "f".repeat(40) }, own]],
    ["that name no workflow file", ({ path: _path, ...own }) => [own]],
    [
      "that tell the head repository by its id",
      ({ head_repository: _head, ...own }) => [{ ...own, head_repository_id: world.repository.id }],
    ],
    [
      "on push, that do not tell the head repository",
      ({ head_repository: _head, ...own }) => [{ ...own, event: "push" }],
    ],
  ])("%s count", async (_title, list) => {
    answers(runsList, { total_count: list(aRun()).length, workflow_runs: list(aRun()) });
    expect(await read()).toMatchObject({ kind: "figures", project: { covered: 3, valid: 4 } });
  });

  it.each<[string, () => Readonly<Record<string, unknown>>]>([
    [
      "T22: of a pull request, that do not tell whose it is",
      () => ({ head_repository: undefined }),
    ],
    ["T22: of a repository that is gone", () => ({ head_repository: null })],
    [
      "T22: of another repository by its id",
      () => ({ head_repository: undefined, head_repository_id: 99 }),
    ],
    ["T22: of no event that is known", () => ({ event: undefined })],
  ])("%s do not count", async (_title, over) => {
    answers(runsList, { workflow_runs: [aRun(over())] });
    expect((await read()).kind).toBe("absent");
  });

  it("F17: fewer than GitHub says there are is incomplete, never the whole", async () => {
    answers(runsList, { total_count: 2, workflow_runs: [aRun()] });
    expect(await world.fact(coverageReport.need(anywhere))).toMatchObject({
      ok: false,
      code: "incomplete",
    });
  });

  it("F17: a list that changed while it was read is read again", async () => {
    answers(runsList, { total_count: 2, workflow_runs: [aRun()] }, 200, 2);
    expect((await read()).kind).toBe("figures");
  });
});

describe("artifacts", () => {
  it("that tell nothing but id and name count", async () => {
    answers(artifactsList, { artifacts: [{ id: run.artifacts[0]?.id, name: "coverage" }] });
    expect(await read()).toMatchObject({
      kind: "figures",
      project: { covered: 3, valid: 4 },
      evidence: [{ label: expect.stringContaining("artifact coverage") }],
    });
  });

  it("F17: fewer than GitHub says there are is incomplete, never the whole", async () => {
    answers(artifactsList, {
      total_count: 2,
      artifacts: [{ id: run.artifacts[0]?.id, name: "coverage" }],
    });
    expect(await world.fact(coverageReport.need(anywhere))).toMatchObject({
      ok: false,
      code: "incomplete",
    });
  });

  it("that are listed a moment after their run has ended are found", async () => {
    answers(artifactsList, { total_count: 0, artifacts: [] }, 200, 1);
    expect((await read()).kind).toBe("absent");
    expect((await read()).kind).toBe("figures");
  });

  it("that come to a list which has others are found once an event speaks of their run", async () => {
    answers(artifactsList, { artifacts: [{ id: 1, name: "build" }] }, 200, 1);
    expect((await read()).kind).toBe("absent");
    const { id, installationId } = world.repository;
    world.facts.forget({
      name: "workflow_run.completed",
      installationId,
      repository: {
        id,
        owner: "acme",
        ownerId: 1,
        ownerType: "Organization",
        name: "shop",
        private: true,
        defaultBranch: "main",
        archived: false,
      },
      runId: run.id,
    });
    expect((await read()).kind).toBe("figures");
  });

  it("T22: of a later attempt, without an instant and with no jobs to ask for, is taken for the first attempt's", async () => {
    world.sim.advance(60_000);
    world.sim.rerun({ repo, run: run.id, by: "alice", status: "completed", conclusion: "success" });
    answers(artifactsList, { artifacts: [{ id: run.artifacts[0]?.id, name: "coverage" }] });
    answers(/\/jobs$/, { message: "Not Found" }, 404);
    expect(await read()).toMatchObject({
      kind: "absent",
      ignored: expect.arrayContaining([expect.stringContaining("before attempt 2")]),
    });
  });
});

describe("scanners", () => {
  const alert = {
    number: 1,
    state: "open",
    rule: { id: "js/sqli", security_severity_level: "critical" },
    tool: { name: "CodeQL" },
    most_recent_instance: { location: { path: "src/a.ts", start_line: 3 } },
  };

  it("alerts on the test merge count, whatever analyses are told", async () => {
    answers(/code-scanning\/analyses/, { message: "no analysis found" }, 404);
    answers(/code-scanning\/alerts/, [alert]);
    expect(await source("code-scanning")).toMatchObject({
      state: "on",
      scans: [],
      findings: [{ rule: "js/sqli", severity: "critical" }],
    });
  });

  it("analyses need neither ref nor category nor sarif_id", async () => {
    answers(/code-scanning\/analyses/, [
      { commit_sha: world.headSha, tool: { name: "CodeQL" } },
      { commit_sha: "f".repeat(40), tool: { name: "Semgrep" } },
    ]);
    answers(/code-scanning\/alerts/, [alert]);
    answers(/\/git\/commits\//, { message: "Not Found" }, 404);
    expect(await source("code-scanning")).toMatchObject({
      scans: [{ tool: "codeql" }],
      findings: [{ rule: "js/sqli" }],
    });
  });

  it.each<[FindingSource]>([
    ["code-scanning"],
    ["dependabot"],
    ["dependency-review"],
    ["secret-scanning"],
  ])("F13: a 403 of %s that does not say that it is off is unreadable", async (name) => {
    answers(
      /code-scanning|dependabot|dependency-graph|secret-scanning/,
      { message: "Forbidden" },
      403,
    );
    expect(await world.fact(scanSources[name].need())).toMatchObject({
      ok: false,
      code: "forbidden",
    });
  });

  it("F17: a comparison of dependencies is read to its last page", async () => {
    const added = (name: string): unknown => ({
      change_type: "added",
      manifest: "package-lock.json",
      ecosystem: "npm",
      name,
      version: "1.0.0",
      package_url: `pkg:npm/${name}@1.0.0`,
      license: "MIT",
    });
    const next = `${world.sim.url}/api/v3/repos/${repo}/dependency-graph/compare/two?name=two`;
    world.sim.fault({
      match: { path: /dependency-graph\/compare\/two/ },
      status: 200,
      body: [added("second")],
    });
    world.sim.fault({
      match: { path: /dependency-graph/ },
      status: 200,
      body: [added("first")],
      headers: { link: `<${next}>; rel="next"` },
      times: 1,
    });
    expect(valueOf(await world.fact(addedLicenses.need())).added?.map(({ name }) => name)).toEqual([
      "first",
      "second",
    ]);
  });
});
