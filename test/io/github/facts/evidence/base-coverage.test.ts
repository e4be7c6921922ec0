import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { baseCoverage, coverageReport, type BaseCoverage } from "#core/facts/coverage.ts";
import { valueOf } from "../simulated.ts";
import { anywhere, evidenceWorld, lcov, repo, type EvidenceWorld } from "./evidence-world.ts";

let world: EvidenceWorld;
beforeEach(async () => {
  world = await evidenceWorld();
});
afterEach(() => world.stop());

const read = async (): Promise<BaseCoverage | null> =>
  valueOf(await world.fact(baseCoverage.need(anywhere)));
const half = { coverage: { "lcov.info": lcov({ "src/a.ts": { 1: 1, 2: 0 } }) } };
const measuredHalf = { percent: 50, from: "artifact", reports: ["coverage"] };
const whole = { coverage: { "lcov.info": lcov({ "src/a.ts": { 1: 1, 2: 1 } }) } };
const measure = (
  sha: string,
  artifacts: Readonly<Record<string, Readonly<Record<string, string>>>>,
  over: { event?: string; headRepo?: string } = {},
): void => {
  world.sim.workflowRun({
    repo,
    sha,
    event: "push",
    branch: "main",
    jobs: ["unit"],
    artifacts,
    ...over,
  });
};

describe("coverage of the base", () => {
  it("is the merge base's, also when the base branch has gone on", async () => {
    measure(world.baseSha, half);
    const later = world.sim.commit({ repo, files: { "other.txt": "1" }, author: "bob" });
    measure(later.sha, whole);
    expect(await read()).toEqual({ ...measuredHalf, sha: world.baseSha });
  });

  it("is the nearest ancestor's on the base branch where the merge base has none", async () => {
    measure(world.baseSha, half);
    for (const name of ["b", "c"])
      world.sim.commit({ repo, files: { [name]: "1" }, author: "bob" });
    const { number } = world.sim.openPull({
      repo,
      author: "alice",
      head: "later",
      files: { "x.ts": "1\n" },
    });
    const fact = await world.fact(baseCoverage.need(anywhere), {
      kind: "pull_request",
      repository: world.repository.id,
      number,
    });
    expect(valueOf(fact)).toEqual({ ...measuredHalf, sha: world.baseSha });
  });

  it("is nothing where no commit has a report, and does not ask again for a while", async () => {
    expect(await read()).toBeNull();
    world.calls();
    expect(await read()).toBeNull();
    expect(
      world.calls().filter((call) => call.includes("/artifacts") || call.includes("head_sha")),
    ).toEqual([]);
  });

  it("is found once its run has finished", async () => {
    expect(await read()).toBeNull();
    measure(world.baseSha, half);
    world.facts.forget({
      name: "workflow_run.completed",
      installationId: world.repository.installationId,
      repository: {
        id: world.repository.id,
        owner: "acme",
        ownerId: 1,
        ownerType: "Organization",
        name: "shop",
        private: true,
        defaultBranch: "main",
        archived: false,
      },
    });
    expect(await read()).toEqual({ ...measuredHalf, sha: world.baseSha });
  });

  it("is remembered in the store: no call for it after that, in another process either", async () => {
    measure(world.baseSha, half);
    await read();
    world.calls();
    await read();
    expect(world.calls()).toEqual(["POST /graphql"]);
    expect(
      await world.store.records.getValue(
        `coverage:${world.repository.id}:${world.baseSha}:${[...(await keysOf())][0] ?? ""}`,
      ),
    ).toBe('{"percent":50,"from":"artifact","reports":["coverage"]}');
  });

  it("was remembered already when a pull request was measured whose head is on the base branch now", async () => {
    world.sim.workflowRun({ repo, sha: world.headSha, jobs: ["unit"], artifacts: half });
    await world.fact(coverageReport.need(anywhere));
    world.sim.push({ repo, branch: "main", sha: world.headSha, by: "bob" });
    const { number } = world.sim.openPull({
      repo,
      author: "alice",
      head: "next",
      files: { "x.ts": "1\n" },
    });
    world.calls();
    const fact = await world.fact(baseCoverage.need(anywhere), {
      kind: "pull_request",
      repository: world.repository.id,
      number,
    });
    expect(valueOf(fact)).toEqual({ ...measuredHalf, sha: world.headSha });
    expect(world.calls().filter((call) => call.includes("/actions/"))).toEqual([]);
  });

  it("W41: says which reports it stands on, and reads again what was kept without them", async () => {
    measure(world.baseSha, { "coverage-web": half.coverage, "coverage-api": whole.coverage });
    const both = { percent: 100, from: "artifact", reports: ["coverage-api", "coverage-web"] };
    expect(await read()).toEqual({ ...both, sha: world.baseSha });
    await world.store.records.setValue(await keyOfBase(), '{"percent":7}');
    expect(await read()).toEqual({ ...both, sha: world.baseSha });
  });

  it("W41: a figure that a running workflow may still add to is not kept", async () => {
    measure(world.baseSha, half);
    world.sim.workflowRun({
      repo,
      sha: world.baseSha,
      event: "push",
      branch: "main",
      path: ".github/workflows/api.yml",
      name: "API",
      jobs: [{ name: "api", status: "in_progress" }],
    });
    expect(await read()).toEqual({ ...measuredHalf, sha: world.baseSha });
    expect(await world.store.records.getValue(await keyOfBase())).toBeNull();
  });

  it("T22: a fork's run on a commit of the base does not count", async () => {
    measure(world.baseSha, whole, { headRepo: world.sim.fork({ repo, owner: "mallory" }).name });
    expect(await read()).toBeNull();
  });

  it("F: 5xx is unreadable, never no base", async () => {
    measure(world.baseSha, half);
    world.sim.fault({ match: { path: "/compare/" }, status: 502, body: {} });
    expect(await world.fact(baseCoverage.need(anywhere))).toMatchObject({
      ok: false,
      code: "unavailable",
    });
  });
});

const keyOfBase = async (): Promise<string> =>
  `coverage:${world.repository.id}:${world.baseSha}:${[...(await keysOf())][0] ?? ""}`;

/** The part of the key that stands for where the reports are looked for. */
async function keysOf(): Promise<readonly string[]> {
  const { createHash } = await import("node:crypto");
  return [
    createHash("sha256")
      .update(JSON.stringify([null, null]))
      .digest("hex")
      .slice(0, 12),
  ];
}
