import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { doorOf, knock, newShop } from "./deployments-world.ts";
import {
  newRepo,
  open,
  reviewed,
  tested,
  turnsGreen,
  turnsRed,
  waits,
  worded,
} from "./fault-world.ts";
import { calm, gateSays, runGatehouse, until, type Gatehouse } from "./harness.ts";
import { createSilence } from "./unsent.ts";

let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];
let silence: ReturnType<typeof createSilence>;
const unsent = (happens: () => void): Promise<void> => silence.unsent(happens);
const sweep = (): Promise<void> => silence.sweep();
const swept = (): Promise<void> => silence.swept();

beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
  sim = gatehouse.sim;
  silence = createSilence(gatehouse);
});
afterAll(async () => {
  await gatehouse.stop();
});

const unit = (repo: string, sha: string, conclusion: "success" | "failure"): void => {
  sim.checkRun({ repo, sha, name: "unit", app: "ci", status: "completed", conclusion });
};

/** Subjects that sweeps found to have changed. */
const foundBySweeps = async (): Promise<number> => {
  const text = await (await fetch(`${gatehouse.gate.url}/metrics`)).text();
  return Number(/^\S*sweep_marked_total\{sweep="activity"\} (\d+)$/m.exec(text)?.[1]);
};

describe("what GitHub never sent is right within five minutes", () => {
  it("W30: a pull request that nobody told of is judged, and what turns it green is seen", async () => {
    const repo = newRepo(sim, "never-told");
    await swept();
    let opened = { number: 0, headSha: "" };
    await unsent(() => {
      opened = open(sim, repo);
    });
    await sweep();
    await waits(sim, repo, opened.headSha);
    await unsent(() => {
      sim.review({ repo, number: opened.number, by: "bob", state: "approve" });
    });
    await sweep();
    await turnsGreen(sim, repo, opened.headSha);
  });

  it("W18: a push to a fork that nobody told of is its pusher's; where no record shows it, the next step works", async () => {
    const repo = newRepo(sim, "fork-lost");
    sim.user({ login: "outside" });
    sim.fork({ repo, owner: "outside" });
    const fork = `outside/${repo.split("/")[1]}`;
    const { number, headSha } = open(sim, repo, { headRepo: fork, author: "outside" });
    await waits(sim, repo, headSha);
    await swept();
    const push = (text: string): string =>
      sim.commit({ repo: fork, branch: "topic", files: { "b.ts": text }, pusher: "bob" }).sha;
    let sha = "";
    await unsent(() => {
      sha = push("2\n");
    });
    sim.review({ repo, number, by: "bob", state: "approve" });
    await sweep();
    await gateSays(sim, repo, sha, (run) => (run.summary ?? "").includes("pushed to the branch"));
    sim.review({ repo, number, by: "ada", state: "approve" });
    await turnsGreen(sim, repo, sha);
    sim.fault({
      match: { path: `/repos/${fork}/activity` },
      status: 404,
      body: { message: "Not Found" },
    });
    await swept();
    await unsent(() => {
      sha = push("3\n");
    });
    sim.review({ repo, number, by: "ada", state: "approve" });
    await sweep();
    await gateSays(sim, repo, sha, (run) => (run.summary ?? "").includes("opens a new one"));
    sim.closePull({ repo, number, by: "outside" });
    const again = open(sim, repo, { headRepo: fork, author: "outside", files: {} });
    sim.review({ repo, number: again.number, by: "ada", state: "approve" });
    await turnsGreen(sim, repo, again.headSha);
  });

  it("W4: a dismissal, a red check and a push that were never told take the green away", async () => {
    const repo = newRepo(sim, "greens", `${reviewed}${tested.split("rules:\n")[1] ?? ""}`);
    const { number, headSha } = open(sim, repo);
    const review = sim.review({ repo, number, by: "bob", state: "approve" });
    unit(repo, headSha, "success");
    await turnsGreen(sim, repo, headSha);
    await swept();
    await unsent(() => unit(repo, headSha, "failure"));
    await sweep();
    await turnsRed(sim, repo, headSha);
    unit(repo, headSha, "success");
    await turnsGreen(sim, repo, headSha);
    await swept();
    await unsent(() => sim.dismissReview({ repo, number, id: review.id, by: "ada" }));
    await sweep();
    await waits(sim, repo, headSha);
  });

  it("W4: a dismissal that was lost while the process was down is found at its start", async () => {
    const repo = newRepo(sim, "greens-restart");
    const { number, headSha } = open(sim, repo);
    const review = sim.review({ repo, number, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, headSha);
    await swept();
    await unsent(() => sim.dismissReview({ repo, number, id: review.id, by: "ada" }));
    await gatehouse.restart();
    await waits(sim, repo, headSha);
  });

  it("W4: a reviewer who lost the right to write, or left the team, takes the approval along", async () => {
    const teamed =
      "version: 1\nrules:\n  - name: team\n    require: { reviews: { approvals: 1, teams: [core] } }\n";
    const repo = newRepo(sim, "people-lost", teamed);
    sim.team({ org: "acme", slug: "core", members: ["bob"] });
    const { number, headSha } = open(sim, repo);
    sim.review({ repo, number, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, headSha);
    await swept();
    await unsent(() => sim.removeTeamMember({ org: "acme", team: "core", login: "bob" }));
    await sweep();
    await waits(sim, repo, headSha);
    const plain = newRepo(sim, "writer-lost");
    const second = open(sim, plain);
    sim.review({ repo: plain, number: second.number, by: "bob", state: "approve" });
    await turnsGreen(sim, plain, second.headSha);
    await swept();
    await unsent(() => sim.collaborator({ repo: plain, login: "bob", role: "read" }));
    await sweep();
    await waits(sim, plain, second.headSha);
  });

  it("W30: a title, a retarget, a new head, a policy and a close that were never told", async () => {
    const repo = newRepo(sim, "changes", worded);
    const { number, headSha } = open(sim, repo, { title: "feat: one" });
    await turnsGreen(sim, repo, headSha);
    await swept();
    await unsent(() => sim.editPull({ repo, number, by: "ada", title: "oops" }));
    await sweep();
    await turnsRed(sim, repo, headSha);
    let head = "";
    await unsent(() => {
      head = sim.commit({
        repo,
        branch: "topic",
        author: "ada",
        files: { "src/a.ts": "two\n" },
      }).sha;
    });
    await sweep();
    await turnsRed(sim, repo, head);
    await unsent(() => {
      sim.commit({
        repo,
        branch: "main",
        author: "ada",
        files: { ".github/gatehouse.yml": worded.replace("feat: ", "oops") },
      });
    });
    await sweep();
    await turnsGreen(sim, repo, head);
  });

  it("W30: a command on a pull request that was never told is carried out once", async () => {
    const repo = newRepo(sim, "commands-lost", worded);
    const { number, headSha } = open(sim, repo, { title: "feat: one" });
    await turnsGreen(sim, repo, headSha);
    await swept();
    await unsent(() => {
      sim.comment({ repo, number, by: "bob", body: "/gate hold wait for legal" });
    });
    await sweep();
    await waits(sim, repo, headSha);
    await swept();
    sim.comment({ repo, number, by: "bob", body: "/gate unhold" });
    await turnsGreen(sim, repo, headSha);
    await swept();
    await turnsGreen(sim, repo, headSha);
  });

  it("W30: a merge group that nobody told of is judged", async () => {
    const repo = newRepo(sim, "queue-lost");
    const { number, headSha } = open(sim, repo);
    sim.review({ repo, number, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, headSha);
    await swept();
    let group = { headSha: "" };
    await unsent(() => {
      group = sim.enqueuePull({ repo, number });
    });
    await sweep();
    await turnsGreen(sim, repo, group.headSha);
  });

  it("W30: a deployment whose question was never sent is answered", async () => {
    const policy = "version: 1\nrules:\n  - name: free\n    require: { not_frozen: true }\n";
    const repo = newShop(sim, "door-lost", policy.replace("rules:", "rules:"));
    // Somebody deployed here before: a repository that deploys is looked at in each sweep.
    const earlier = knock(sim, repo);
    await until(
      "an answer to the first",
      () => doorOf(sim, earlier).state,
      (state) => state === "approved",
    );
    await swept();
    let asked = earlier;
    await unsent(() => {
      asked = knock(sim, repo);
    });
    expect(doorOf(sim, asked).state).toBe("waiting");
    await sweep();
    await until(
      "an answer",
      () => doorOf(sim, asked).state,
      (state) => state === "approved",
    );
  });

  it("W30: what the gate answered itself is no news to the next sweep", async () => {
    const repo = newRepo(sim, "own-answers");
    const pulls = Array.from({ length: 6 }, (_, n) => open(sim, repo, { head: `own-${n}` }));
    for (const { headSha } of pulls) await waits(sim, repo, headSha);
    await swept();
    await calm(gatehouse);
    await unsent(() => {
      for (const { number } of pulls) sim.review({ repo, number, by: "bob", state: "approve" });
    });
    await swept();
    for (const { headSha } of pulls) await turnsGreen(sim, repo, headSha);
    await calm(gatehouse);
    const before = sim.calls.length;
    await swept();
    await calm(gatehouse);
    // The sweep itself, whose turn it is, and a token that may have run out.
    expect(sim.calls.slice(before).filter(({ path }) => path === "/graphql").length).toBeLessThan(
      4,
    );
  });

  it("W30: a quiet sweep is one call and no write, and wakes nobody but whose turn it is", async () => {
    const repo = newRepo(sim, "quiet");
    const { headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    await swept();
    await calm(gatehouse);
    await swept();
    await calm(gatehouse);
    const before = sim.calls.length;
    await swept();
    await calm(gatehouse);
    const calls = sim.calls.slice(before);
    expect(
      calls.filter(({ method, path }) => method !== "GET" && !path.includes("graphql")),
    ).toEqual([]);
    expect(
      calls.filter(({ body }) => JSON.stringify(body ?? "").includes("search(type: ISSUE")),
    ).toHaveLength(1);
    // Everything else is for the one whose turn it is.
    const places = calls.flatMap(({ path }) => /^\/repos\/[^/]+\/[^/]+/.exec(path)?.[0] ?? []);
    expect(new Set(places).size).toBeLessThanOrEqual(1);
    expect(calls.filter(({ path }) => path === "/graphql").length).toBeLessThanOrEqual(3);
  });

  // Last, for its group has turns that cost more than those of a pull request.
  it("W30: a red in a group and the stranger's green that covers it, neither told, are seen", async () => {
    const every = "version: 1\nrules:\n  - name: ci\n    require: { checks: { all: true } }\n";
    const repo = newRepo(sim, "queue-covered", every);
    const { number, headSha } = open(sim, repo);
    sim.status({ repo, sha: headSha, context: "ci", state: "success", by: "ada" });
    await turnsGreen(sim, repo, headSha);
    const group = sim.enqueuePull({ repo, number });
    const status = { repo, sha: group.headSha, context: "ci" };
    sim.status({ ...status, state: "success", by: "ada" });
    await turnsGreen(sim, repo, group.headSha);
    // The first look finds it queued, the second asks for each check of the group, the third finds nothing new.
    for (let look = 1; look <= 3; look += 1) await swept();
    await calm(gatehouse);
    const before = await foundBySweeps();
    await unsent(() => {
      sim.status({ ...status, state: "failure", by: "ada" });
      sim.status({ ...status, state: "success", by: "bob" });
    });
    await swept();
    // Whoever has its turn in a sweep does not count here.
    expect(await foundBySweeps()).toBeGreaterThan(before);
    await turnsRed(sim, repo, group.headSha);
  });
});
