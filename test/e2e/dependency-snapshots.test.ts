import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newRepo, open } from "./fault-world.ts";
import { calm, gateSays, runGatehouse, type Gatehouse } from "./harness.ts";

const minute = 60_000;
let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
});
afterAll(() => gatehouse.stop());

const copyleft = {
  name: "copied",
  version: "1.0.0",
  license: "GPL-3.0-only",
  vulnerabilities: [
    {
      severity: "critical" as const,
      advisory_ghsa_id: "GHSA-aaaa-bbbb-cccc",
      advisory_summary: "Runs what it is sent",
      advisory_url: "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
    },
  ],
};

describe.each([
  ["licenses", "licenses: { deny: [GPL-3.0-only] }"],
  ["findings", "findings: { block: critical, kinds: [dependency], from: [dependency-review] }"],
])("dependencies that a workflow submits: %s", (name, require) => {
  const policy = `version: 1\nrules:\n  - name: deps\n    require: { ${require} }\n`;

  it("a comparison that says more after a run is compared again", async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, `${name}-later`, policy);
    const { headSha } = open(sim, repo);
    sim.dependencyChanges({ repo, head: headSha, changes: [] });
    await gateSays(sim, repo, headSha, ({ conclusion }) => conclusion === "success");
    sim.dependencyChanges({ repo, head: headSha, changes: [copyleft] });
    sim.workflowRun({ repo, sha: headSha, jobs: ["submit"] });
    await gateSays(sim, repo, headSha, ({ conclusion }) => conclusion === "failure");
  });

  it("a comparison without the commit's snapshot is a part: it waits, and says what is missing", async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, `${name}-part`, policy);
    const { headSha, number } = open(sim, repo);
    const snapshotWarning = `No snapshots were found for the head SHA ${headSha}.`;
    sim.dependencyChanges({ repo, head: headSha, changes: [], snapshotWarning });
    sim.comment({ repo, number, by: "ada", body: "/gate recheck" });
    await calm(gatehouse);
    const said = await gateSays(sim, repo, headSha, ({ status }) => status === "in_progress");
    expect(said.summary).toContain("No snapshots were found");
    sim.dependencyChanges({ repo, head: headSha, changes: [] });
    sim.workflowRun({ repo, sha: headSha, jobs: ["submit"] });
    await gateSays(sim, repo, headSha, ({ conclusion }) => conclusion === "success");
  });

  it("a part that shows what the rule refuses is refused at once", async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, `${name}-part-shows`, policy);
    const { headSha, number } = open(sim, repo);
    const snapshotWarning =
      "The number of snapshots compared for the base SHA (1) and the head SHA (0) do not match.";
    sim.dependencyChanges({ repo, head: headSha, changes: [copyleft], snapshotWarning });
    sim.comment({ repo, number, by: "ada", body: "/gate recheck" });
    await gateSays(sim, repo, headSha, ({ conclusion }) => conclusion === "failure");
  });

  it("where nobody submits snapshots a warning that there is none holds nothing back", async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, `${name}-none`, policy);
    const { headSha, baseSha, number } = sim.openPull({
      repo,
      author: "ada",
      files: { "src/a.ts": "2\n" },
    });
    for (const head of [headSha, baseSha])
      sim.dependencyChanges({
        repo,
        head,
        changes: [],
        snapshotWarning: `No snapshots were found for the head SHA ${head}.`,
      });
    sim.comment({ repo, number, by: "ada", body: "/gate recheck" });
    await gateSays(sim, repo, headSha, ({ conclusion }) => conclusion === "success");
  });

  it("the base's snapshot comes without an event of the pull request, and is looked for", async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, `${name}-base-later`, policy);
    const { headSha, number } = open(sim, repo);
    const snapshotWarning =
      "The number of snapshots compared for the base SHA (0) and the head SHA (1) do not match.";
    sim.dependencyChanges({ repo, head: headSha, changes: [], snapshotWarning });
    sim.comment({ repo, number, by: "ada", body: "/gate recheck" });
    await gateSays(sim, repo, headSha, ({ status }) => status === "in_progress");
    await calm(gatehouse);
    sim.dependencyChanges({ repo, head: headSha, changes: [] });
    gatehouse.advance(6 * minute);
    await gateSays(sim, repo, headSha, ({ conclusion }) => conclusion === "success");
  });
});
