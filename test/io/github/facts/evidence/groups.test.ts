import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { baseCoverage, coverageReport } from "#core/facts/coverage.ts";
import { addedLicenses, scanSources } from "#core/facts/findings.ts";
import type { FactResult, Need } from "#core/model/fact.ts";
import type { Subject } from "#core/model/subject.ts";
import { valueOf } from "../simulated.ts";
import {
  anywhere,
  evidenceWorld,
  lcov,
  repo,
  threeOfFour,
  type EvidenceWorld,
} from "./evidence-world.ts";

let world: EvidenceWorld;
let group: { readonly headSha: string; readonly ref: string };
beforeEach(async () => {
  world = await evidenceWorld();
  group = world.sim.enqueuePull({ repo, number: world.number });
});
afterEach(() => world.stop());

const fact = <V>(need: Need<V>): Promise<FactResult<V> | undefined> => {
  const subject: Subject = {
    kind: "merge_group",
    repository: world.repository.id,
    headSha: group.headSha,
    headRef: group.ref,
    baseRef: "refs/heads/main",
  };
  return world.fact(need, subject);
};
const measured = (sha: string, report: string, event: string): void =>
  void world.sim.workflowRun({
    repo,
    sha,
    event,
    jobs: ["unit"],
    artifacts: { coverage: { "lcov.info": report } },
  });
const compared = (over: Readonly<Record<string, unknown>>): void =>
  world.sim.fault({
    match: { path: /\/compare\/main\.\.\./ },
    status: 200,
    body: { merge_base_commit: { sha: world.baseSha }, ...over },
  });

describe("a merge group", () => {
  it("is measured by its own runs, its patch against the base branch", async () => {
    measured(world.headSha, lcov({ "src/a.ts": { 3: 1, 4: 1 } }), "pull_request");
    measured(group.headSha, threeOfFour, "merge_group");
    expect(valueOf(await fact(coverageReport.need(anywhere)))).toMatchObject({
      kind: "figures",
      project: { covered: 3, valid: 4 },
      patch: { covered: 1, valid: 2, uncovered: [{ path: "src/a.ts", from: 4, to: 4 }] },
    });
  });

  it("without a run of its own has no report, and the remedy is said", async () => {
    measured(world.headSha, threeOfFour, "pull_request");
    expect(valueOf(await fact(coverageReport.need(anywhere)))).toMatchObject({
      kind: "absent",
      ignored: [expect.stringContaining("merge_group")],
    });
  });

  it("is compared with the merge base of its branch", async () => {
    measured(world.baseSha, lcov({ "src/a.ts": { 1: 1, 2: 0 } }), "push");
    expect(valueOf(await fact(baseCoverage.need(anywhere)))).toEqual({
      percent: 50,
      from: "artifact",
      reports: ["coverage"],
      sha: world.baseSha,
    });
  });

  it.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    [
      "of more files than GitHub compares",
      {
        files: Array.from({ length: 300 }, (_, index) => ({
          filename: `f${index}`,
          status: "added",
          additions: 1,
          deletions: 0,
        })),
      },
      /300 files/,
    ],
    ["whose files GitHub does not show", {}, /shows no files/],
  ])("%s has a project figure and no patch", async (_title, over, why) => {
    measured(group.headSha, threeOfFour, "merge_group");
    compared(over);
    const value = valueOf(await fact(coverageReport.need(anywhere)));
    expect(value).toMatchObject({ kind: "figures", project: { covered: 3 }, patch: null });
    expect(value.kind === "figures" ? value.noPatch : "").toMatch(why);
  });

  it("F10: whose comparison fails is unreadable", async () => {
    measured(group.headSha, threeOfFour, "merge_group");
    world.sim.fault({ match: { path: /\/compare\// }, status: 502, body: {} });
    for (const need of [
      coverageReport.need(anywhere),
      baseCoverage.need(anywhere),
      addedLicenses.need(),
    ])
      expect(await fact<unknown>(need)).toMatchObject({ ok: false, code: "unavailable" });
  });

  it("has the dependencies that it brings onto its branch, and scans of its own commit", async () => {
    world.sim.dependencyChanges({
      repo,
      head: group.headSha,
      changes: [{ name: "lodash", version: "4.17.20", license: "MIT" }],
    });
    world.sim.codeScan({ repo, ref: `refs/pull/${world.number}/merge` });
    expect(valueOf(await fact(addedLicenses.need())).added).toMatchObject([{ name: "lodash" }]);
    expect(valueOf(await fact(scanSources["dependency-review"].need())).scans).toEqual([
      { tool: "dependency-review", kinds: ["dependency"] },
    ]);
    expect(valueOf(await fact(scanSources["code-scanning"].need())).scans).toEqual([]);
    world.sim.codeScan({ repo, ref: group.ref, sha: group.headSha });
    expect(valueOf(await fact(scanSources["code-scanning"].need())).scans).toEqual([
      { tool: "codeql", kinds: ["code"], workflows: [".github/workflows/scan.yml"] },
    ]);
  });
});
