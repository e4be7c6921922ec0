import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  always,
  doorOf,
  doorSays,
  inProduction,
  isHeld,
  isRejected,
  knock,
  newShop,
  opens,
  ruled,
  says,
} from "./deployments-world.ts";
import { calm, runGatehouse, type Gatehouse } from "./harness.ts";
import { patience } from "../support/patience.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse();
});
afterAll(async () => {
  await gatehouse.stop();
});

const reviewed =
  "{ name: reviewed, when: { branches: [main] }, require: { reviews: { approvals: 1 } } }";

/** A pull request whose first commit nobody looked at, approved by bob at its second one, and merged. */
async function mergedInTwo(repo: string, author: string, method: "squash" | "merge") {
  const { sim } = gatehouse;
  const pull = sim.openPull({ repo, author, head: "topic", files: { "src/bad.ts": "bad\n" } });
  sim.commit({
    repo,
    branch: "topic",
    files: { "src/bad.ts": null, "src/nice.ts": "1\n" },
    author,
  });
  sim.review({ repo, number: pull.number, by: "carol", state: "approve" });
  await calm(gatehouse);
  const { sha } = sim.mergePull({ repo, number: pull.number, by: "dave", method });
  await calm(gatehouse);
  return { first: pull.headSha, merged: sha };
}

const overridable = ruled(
  [
    "{ name: reviewed, require: { reviews: { approvals: 1 } } }",
    inProduction("release", "approvals: { count: 1, teams: [release] }"),
  ],
  "\noverrides:\n  - { name: emergency, rules: [reviewed, release], by: { users: [bob] }, lasts: 4h }\n",
);

/** Something runs in production, so that what comes after it is a range. */
async function ranOnce(repo: string): Promise<void> {
  const { sim } = gatehouse;
  const first = knock(sim, repo);
  await isHeld(sim, first, /Needs/);
  await says(gatehouse, first, "approve", "carol");
  await opens(sim, first);
  sim.finishDeployment({ repo, deployment: first.id });
  await calm(gatehouse);
}

/** A pull request of ada, once its opening was worked off. */
async function opened(
  repo: string,
  more: {
    readonly base?: string;
    readonly head?: string;
    readonly files?: Record<string, string>;
  } = {},
) {
  const { sim } = gatehouse;
  const files = { "src/b.ts": "1\n" };
  const pull = sim.openPull({ repo, author: "ada", head: "topic", files, ...more });
  await calm(gatehouse);
  return pull;
}

describe("what was said of one change", () => {
  it(
    "does not carry over to another: an override of a pull request is not for what was pushed after its merge",
    async () => {
      const { sim } = gatehouse;
      const repo = newShop(sim, "override", overridable);
      await ranOnce(repo);
      const { number } = await opened(repo);
      sim.comment({ repo, number, by: "bob", body: "/gate emergency the shop is down" });
      await calm(gatehouse);
      const { sha: became } = sim.mergePull({ repo, number, by: "carol" });
      await calm(gatehouse);
      const { sha } = sim.commit({ repo, files: { "src/bad.ts": "1\n" }, author: "ada" });
      const pushed = knock(sim, repo, { sha });
      await isHeld(sim, pushed, /Needs 1 approval/);
      await calm(gatehouse);
      // Where it is spoken of is known by now, and it is judged again.
      sim.comment({ repo, number, by: "dave", body: "/gate recheck" });
      await calm(gatehouse);
      expect(doorOf(sim, pushed).state).toBe("waiting");
      // It still is for what it was granted for.
      const own = knock(sim, repo, { sha: became });
      await opens(sim, own);
      // What is said there while the push waits is for the push.
      sim.comment({ repo, number, by: "bob", body: "/gate emergency production the shop is down" });
      await opens(sim, pushed);
    },
    60_000 * patience,
  );

  it(
    "is no word of who pushed: an emergency for the own push waits for somebody else",
    async () => {
      const { sim } = gatehouse;
      const repo = newShop(sim, "own-push", overridable);
      await ranOnce(repo);
      const { number } = await opened(repo);
      sim.mergePull({ repo, number, by: "carol" });
      await calm(gatehouse);
      const { sha } = sim.commit({ repo, files: { "src/bad.ts": "1\n" }, author: "bob" });
      const pushed = knock(sim, repo, { sha });
      await isHeld(sim, pushed, /Needs 1 approval/);
      await calm(gatehouse);
      sim.comment({ repo, number, by: "bob", body: "/gate emergency production the shop is down" });
      await calm(gatehouse);
      expect(doorOf(sim, pushed).state).toBe("waiting");
    },
    60_000 * patience,
  );

  it(
    "holds whatever contains it: a hold on a merged pull request, with a later one on top",
    async () => {
      const { sim } = gatehouse;
      const repo = newShop(
        sim,
        "contains",
        ruled([inProduction("hours", "window: always")], always),
      );
      const first = knock(sim, repo);
      await opens(sim, first);
      sim.finishDeployment({ repo, deployment: first.id });
      const merged = async (head: string): Promise<number> => {
        const files = { [`src/${head}.ts`]: "1\n" };
        const { number } = await opened(repo, { head, files });
        sim.mergePull({ repo, number, by: "carol" });
        await calm(gatehouse);
        return number;
      };
      const leaks = await merged("one");
      sim.comment({ repo, number: leaks, by: "bob", body: "/gate hold it leaks money" });
      await calm(gatehouse);
      await merged("two");
      const asked = knock(sim, repo);
      await isHeld(sim, asked, /it leaks money/);
      sim.comment({ repo, number: leaks, by: "bob", body: "/gate unhold" });
      await opens(sim, asked);
    },
    60_000 * patience,
  );
});

describe("what this gate never judged does not go out", () => {
  it(
    "an earlier commit of an allowed pull request: neither as a change that was gated nor as an older state, nor by its own author's word",
    async () => {
      const { sim } = gatehouse;
      const repo = newShop(
        sim,
        "in-two",
        ruled([
          reviewed,
          inProduction("gated", "changes_gated: true", ", on_fail: hold"),
          inProduction("release", "approvals: { teams: [release] }"),
        ]),
      );
      await calm(gatehouse);
      const { first, merged } = await mergedInTwo(repo, "bob", "merge");
      const good = knock(sim, repo, { sha: merged });
      await isHeld(sim, good, /Needs 1/);
      await says(gatehouse, good, "approve", "carol");
      await opens(sim, good);
      sim.finishDeployment({ repo, deployment: good.id });
      await calm(gatehouse);

      const early = knock(sim, repo, { sha: first, branch: "topic" });
      await isHeld(sim, early, /judged as a whole/);
      await says(gatehouse, early, "approve", "bob");
      await calm(gatehouse);
      expect(doorOf(sim, early)).toMatchObject({ state: "waiting" });
      expect(doorOf(sim, early).reports.at(-1)).toContain("Needs 1 approval");
    },
    60_000 * patience,
  );

  it(
    "an older direct push that never ran, though what stands on it did",
    async () => {
      const { sim } = gatehouse;
      const repo = newShop(
        sim,
        "older",
        ruled([reviewed, inProduction("gated", "changes_gated: true")]),
      );
      await calm(gatehouse);
      const { sha: pushed } = sim.commit({ repo, files: { "src/bad.ts": "1\n" }, author: "ada" });
      const { merged } = await mergedInTwo(repo, "ada", "squash");
      const good = knock(sim, repo, { sha: merged });
      await opens(sim, good);
      sim.finishDeployment({ repo, deployment: good.id });
      await calm(gatehouse);
      const older = knock(sim, repo, { sha: pushed });
      const { verdicts } = await isRejected(sim, older);
      expect(verdicts[0]?.comment).toContain("1 commit went to the branch without a pull request");
    },
    60_000 * patience,
  );

  it(
    "a branch that only an unrelated rule speaks of, deployed by itself",
    async () => {
      const { sim } = gatehouse;
      const repo = newShop(
        sim,
        "scratch",
        ruled([
          reviewed,
          '{ name: titled, require: { title: { pattern: "." } } }',
          inProduction("gated", "changes_gated: true"),
        ]),
      );
      await calm(gatehouse);
      sim.createBranch({ repo, branch: "scratch", by: "ada" });
      const files = { "src/bad.ts": "1\n" };
      const { number } = await opened(repo, { base: "scratch", files });
      sim.mergePull({ repo, number, by: "ada" });
      await calm(gatehouse);
      const asked = knock(sim, repo, { sha: "scratch", branch: "scratch" });
      await isRejected(sim, asked);
    },
    60_000 * patience,
  );

  it(
    "a pull request's merge commit of this very repository is held",
    async () => {
      const { sim } = gatehouse;
      const repo = newShop(
        sim,
        "merge-ref",
        ruled([inProduction("hours", "window: always")], always),
      );
      await calm(gatehouse);
      const { headSha } = sim.openPull({
        repo,
        author: "ada",
        head: "topic",
        files: { "src/b.ts": "1\n" },
      });
      const asked = knock(sim, repo, { sha: headSha, branch: "topic", event: "pull_request" });
      const { state, reports } = await doorSays(
        sim,
        asked,
        (door) => door.state !== "waiting" || door.reports.length > 0,
      );
      expect({ state, said: reports.at(-1) }).toMatchObject({
        state: "waiting",
        said: expect.stringContaining("which nobody reviewed"),
      });
    },
    60_000 * patience,
  );
});
