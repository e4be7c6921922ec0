import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  always,
  deploymentOf,
  doorOf,
  doorSays,
  inProduction,
  isHeld,
  knock,
  newShop,
  opens,
  ruled,
  says,
  type Asked,
} from "./deployments-world.ts";
import { calm, runGatehouse, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
});
afterAll(async () => {
  await gatehouse.stop();
});

const released = ruled([inProduction("release", "approvals: { teams: [release] }")]);
const unmapped = "nobody@nowhere.example";

/** bob had a hand in it and is barred; carol, of the same team, had none. */
async function barsBob(asked: Asked): Promise<void> {
  const { sim } = gatehouse;
  await isHeld(sim, asked, /Needs 1 approval/);
  await says(gatehouse, asked, "approve", "bob");
  await calm(gatehouse);
  expect(doorOf(sim, asked).state).toBe("waiting");
  await says(gatehouse, asked, "approve", "carol");
  await opens(sim, asked);
}

describe("contributors at deployments", () => {
  it.concurrent("W3: a co-author in a trailer cannot approve", async () => {
    const { sim } = gatehouse;
    const repo = newShop(sim, "trailer", released);
    const { sha } = sim.commit({
      repo,
      files: { "src/a.ts": "2\n" },
      author: "ada",
      pusher: "ada",
      coauthors: ["bob"],
    });
    await barsBob(knock(sim, repo, { sha }));
  });

  it.concurrent(
    "W3: who opened the pull request cannot approve, though its commits map to nobody",
    async () => {
      const { sim } = gatehouse;
      const repo = newShop(sim, "opener", released);
      sim.commit({
        repo,
        branch: "topic",
        files: { "src/a.ts": "2\n" },
        authorEmail: unmapped,
        committerEmail: unmapped,
        pusher: "ada",
      });
      const { number } = sim.openPull({ repo, author: "bob", head: "topic" });
      const { sha } = sim.mergePull({ repo, number, by: "dave", method: "squash" });
      await barsBob(knock(sim, repo, { sha, actor: "eve" }));
    },
  );

  it.concurrent("W3: a commit author whom a squash lost cannot approve", async () => {
    const { sim } = gatehouse;
    const repo = newShop(sim, "squash", released);
    const { number } = sim.openPull({
      repo,
      author: "ada",
      head: "topic",
      files: { "src/a.ts": "2\n" },
    });
    sim.commit({ repo, branch: "topic", files: { "src/b.ts": "1\n" }, author: "bob" });
    sim.commit({ repo, branch: "topic", files: { "src/c.ts": "1\n" }, author: "ada" });
    const { sha } = sim.mergePull({ repo, number, by: "dave", method: "squash" });
    await barsBob(knock(sim, repo, { sha, actor: "eve" }));
  });

  it.concurrent("W3: at a first deployment by merge commit its opener cannot approve", async () => {
    const { sim } = gatehouse;
    const repo = newShop(sim, "first", released);
    const { number } = sim.openPull({
      repo,
      author: "bob",
      head: "topic",
      files: { "src/a.ts": "2\n" },
    });
    const { sha } = sim.mergePull({ repo, number, by: "dave", method: "merge" });
    await barsBob(knock(sim, repo, { sha, actor: "eve" }));
  });

  it.concurrent("W3: who pushed to the pull request's branch cannot approve", async () => {
    const { sim } = gatehouse;
    const repo = newShop(sim, "pushed", released);
    const { number } = sim.openPull({
      repo,
      author: "ada",
      head: "topic",
      files: { "src/a.ts": "2\n" },
    });
    sim.commit({
      repo,
      branch: "topic",
      files: { "src/b.ts": "1\n" },
      author: "ada",
      pusher: "bob",
    });
    const { sha } = sim.mergePull({ repo, number, by: "dave", method: "squash" });
    await barsBob(knock(sim, repo, { sha, actor: "eve" }));
  });

  it.concurrent("W3: a direct push by nobody known is unknown, and nobody is cleared", async () => {
    const { sim } = gatehouse;
    const repo = newShop(sim, "untold-author", released);
    const { sha } = sim.commit({
      repo,
      files: { "src/a.ts": "2\n" },
      authorEmail: unmapped,
      committerEmail: unmapped,
      pusher: "ada",
    });
    const asked = knock(sim, repo, { sha });
    await isHeld(sim, asked, /Needs 1 approval/);
    await says(gatehouse, asked, "approve", "carol");
    await isHeld(sim, asked, /who had a hand in/);
  });
});

describe("schedules", () => {
  it.concurrent(
    "W26: a scheduled run whose last editor is exempt stays in the freeze",
    async () => {
      const { sim } = gatehouse;
      const freeze =
        '\nfreezes:\n  - { name: close, timezone: UTC, environments: ["production*"], during: { from: "2020-01-01T00:00", until: "2090-01-01T00:00" }, exempt: { teams: [release] } }\n';
      const repo = newShop(sim, "cron", ruled([inProduction("calm", "not_frozen: true")], freeze));
      await opens(sim, knock(sim, repo, { actor: "bob" }));
      const asked = knock(sim, repo, { actor: "bob", event: "schedule" });
      await doorSays(sim, asked, ({ state }) => state === "rejected");
      expect(doorOf(sim, asked).verdicts[0]?.comment).toContain("freeze close is on");
    },
  );

  it.concurrent("W26: no `actors` names the last editor of a schedule", async () => {
    const { sim } = gatehouse;
    const repo = newShop(
      sim,
      "cron-actors",
      ruled(
        [
          '{ name: hours, when: { environments: ["production*"], not: { actors: [bob] } }, require: { window: never } }',
        ],
        always,
      ),
    );
    await opens(sim, knock(sim, repo, { actor: "bob" }));
    const asked = knock(sim, repo, { actor: "bob", event: "schedule" });
    await doorSays(sim, asked, ({ state }) => state === "rejected");
  });
});

describe("made-up history", () => {
  const staged = ruled(
    [
      "{ name: any, applies_to: deployment, require: { window: always } }",
      inProduction("proven", "promoted_from: { environment: staging }"),
    ],
    always,
  );

  /** A deployment through the API that its maker calls a success. */
  function madeUp(repo: string, environment: string, sha: string): void {
    const { sim } = gatehouse;
    const { id } = sim.apiDeployment({ repo, environment, sha, by: "dave" });
    sim.deploymentStatus({ repo, deployment: id, state: "success", by: "dave" });
  }

  it.concurrent("W22: a success made through the API promotes nothing", async () => {
    const { sim } = gatehouse;
    const repo = newShop(sim, "made-up", staged);
    await calm(gatehouse);
    const { sha } = sim.commit({ repo, files: { "src/a.ts": "2\n" }, author: "ada" });
    madeUp(repo, "staging", sha);
    const asked = knock(sim, repo, { sha });
    await isHeld(sim, asked, /went to staging without this gate/);
    const real = knock(sim, repo, { sha, environment: "staging" });
    await opens(sim, real);
    sim.finishDeployment({ repo, deployment: real.id });
    await opens(sim, asked);
  });

  it.concurrent("W22: it is no roll back's ticket past a window", async () => {
    const { sim } = gatehouse;
    const repo = newShop(sim, "no-ticket", ruled([inProduction("hours", "window: never")], always));
    await calm(gatehouse);
    const { sha } = sim.commit({ repo, files: { "src/a.ts": "2\n" }, author: "ada" });
    madeUp(repo, "production", sha);
    await calm(gatehouse);
    await doorSays(sim, knock(sim, repo, { sha }), ({ state }) => state === "rejected");
  });

  it.concurrent(
    "W22: `changes_gated` still looks at what a made-up success would hide",
    async () => {
      const { sim } = gatehouse;
      const repo = newShop(sim, "hidden", ruled([inProduction("gated", "changes_gated: true")]));
      await calm(gatehouse);
      const { sha: direct } = sim.commit({ repo, files: { "src/a.ts": "2\n" }, author: "ada" });
      madeUp(repo, "production", direct);
      await calm(gatehouse);
      const asked = knock(sim, repo, { sha: direct });
      await doorSays(sim, asked, ({ state }) => state === "rejected");
      expect(deploymentOf(sim, repo, asked.id).gate?.state).toBe("rejected");
    },
  );
});
