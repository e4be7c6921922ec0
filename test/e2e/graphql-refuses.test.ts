import { afterAll, beforeAll, describe, it } from "vitest";
import { inProduction, isHeld, knock, newShop, opens, ruled } from "./deployments-world.ts";
import { newRepo, open, turnsGreen, waits } from "./fault-world.ts";
import { runGatehouse, type Gatehouse } from "./harness.ts";
import { patience } from "../support/patience.ts";

/** A GitHub whose GraphQL answers every question with errors, while REST answers: what REST knows must be enough. */
let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
  gatehouse.sim.fault({
    match: { path: "/graphql" },
    status: 200,
    body: { data: null, errors: [{ message: "Something went wrong." }] },
  });
});
afterAll(() => gatehouse.stop());

const patienceMs = 60_000;
const long = { timeout: 120_000 * patience };
const allChecks = "version: 1\nrules:\n  - { name: tests, require: { checks: { all: true } } }\n";

describe.concurrent("a GraphQL that refuses holds nothing that REST can tell", () => {
  it("all checks, on a pull request and its merge group", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "refused-checks", allChecks);
    const workflow = "on: [pull_request, merge_group]\njobs: {}\n";
    sim.commit({ repo, files: { ".github/workflows/ci.yml": workflow } });
    const { number, headSha } = open(sim, repo);
    await waits(sim, repo, headSha, patienceMs);
    sim.workflowRun({ repo, sha: headSha, path: ".github/workflows/ci.yml", jobs: ["unit"] });
    await turnsGreen(sim, repo, headSha, patienceMs);
    const group = sim.enqueuePull({ repo, number });
    await waits(sim, repo, group.headSha, patienceMs);
    const event = "merge_group";
    const run = { repo, sha: group.headSha, event, path: ".github/workflows/ci.yml" } as const;
    sim.workflowRun({ ...run, jobs: ["unit"] });
    await turnsGreen(sim, repo, group.headSha, patienceMs);
  });

  it("who had a hand in what goes out, and which pull requests brought it", long, async () => {
    const { sim } = gatehouse;
    const policy = ruled([
      inProduction("release", "approvals: { count: 1, users: [bob] }"),
      "{ name: reviewed, applies_to: [pull_request, deployment], require: { reviews: { approvals: 1 } } }",
    ]);
    const repo = newShop(sim, "refused-deployment", policy);
    const { number, headSha } = sim.openPull({
      repo,
      author: "carol",
      head: "one",
      files: { "src/b.ts": "1\n" },
    });
    sim.review({ repo, number, by: "ada", state: "approve" });
    await turnsGreen(sim, repo, headSha, patienceMs);
    sim.mergePull({ repo, number, by: "ada" });
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /Needs 1 approval/);
    sim.comment({ repo, number, by: "bob", body: "/gate approve production" });
    await opens(sim, asked, patienceMs);
  });
});
