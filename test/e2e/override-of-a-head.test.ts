import { afterAll, beforeAll, expect, it } from "vitest";
import { inProduction, isHeld, knock, newShop, opens, ruled } from "./deployments-world.ts";
import { checkRunsOn, idle, runGatehouse, type Gatehouse } from "./harness.ts";

const minute = 60_000;
const policy = ruled(
  [
    `{ name: reviewed, require: { reviews: { approvals: 2 } } }`,
    inProduction("closed", "approvals: { count: 1, teams: [release] }"),
  ],
  `overrides:
  - { name: emergency, rules: [reviewed, closed], by: { users: [bob] }, lasts: 1h, post_review: { within: 2d, teams: [release] } }
`,
);

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse();
});
afterAll(() => gatehouse.stop());

const repoIn = (repo: string) =>
  gatehouse.sim.world.repos.get(gatehouse.sim.world.repoNames.get(repo) ?? 0);
const conclusionOf = (repo: string, sha: string): string | null | undefined =>
  checkRunsOn(gatehouse.sim, repo, sha).find(({ name }) => name === "gatehouse")?.conclusion;

/** An open pull request whose head waits to be deployed, and what bob says of it. */
async function headThatWaits(name: string) {
  const { sim } = gatehouse;
  const repo = newShop(sim, name, policy);
  const pull = sim.openPull({ repo, author: "ada", head: "topic", files: { "src/a.ts": "2\n" } });
  await idle(gatehouse);
  const asked = knock(sim, repo, { sha: pull.headSha, branch: "topic" });
  await isHeld(sim, asked, /Needs 1 approval/);
  await idle(gatehouse);
  const say = async (body: string): Promise<void> => {
    sim.comment({ repo, number: pull.number, by: "bob", body });
    await idle(gatehouse);
  };
  return { ...pull, repo, asked, say };
}

it("W27: what is for one deployment of a head lets that one through and not the merge, and owes its review whatever comes after", async () => {
  const { sim } = gatehouse;
  const { repo, headSha, asked, say } = await headThatWaits("one-head");
  await say("/gate override emergency production is down");
  await opens(sim, asked);
  await idle(gatehouse);
  expect(conclusionOf(repo, headSha)).not.toBe("success");
  sim.finishDeployment({ repo, deployment: asked.id });
  await idle(gatehouse);
  const reviews = (): readonly string[] =>
    [...(repoIn(repo)?.issues.values() ?? [])].flatMap(({ number, state }) =>
      repoIn(repo)?.pulls.has(number) === true ? [] : [state],
    );
  expect(reviews()).toEqual(["open"]);
  sim.commit({ repo, branch: "topic", files: { "src/a.ts": "3\n" } });
  await idle(gatehouse);
  gatehouse.advance(20 * minute);
  await idle(gatehouse);
  gatehouse.advance(60 * minute);
  await idle(gatehouse);
  expect(reviews()).toEqual(["open"]);
});

it("W27: and the merge is asked for by a reason that begins with it", async () => {
  const { repo, headSha, number, say } = await headThatWaits("merge-of-head");
  await say("/gate override emergency production is down");
  const comments = repoIn(repo)?.issues.get(number)?.comments ?? [];
  expect(comments.map(({ body }) => body).join("\n")).toContain(
    "nor for the merge: for that begin the reason with `merge`",
  );
  expect(conclusionOf(repo, headSha)).not.toBe("success");
  await say("/gate override emergency merge it at once, the shop is down");
  expect(conclusionOf(repo, headSha)).toBe("success");
});
