import { copyFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { verifyAudit } from "#io/database/audit/verify.ts";
import { openRecords } from "#io/database/store/open-for-reading.ts";
import { notConverged } from "../chaos/converged.ts";
import { sweep } from "../walk/sweep.ts";
import { isHeld, knock, newShop, opens, says } from "./deployments-world.ts";
import { newRepo, open, turnsGreen, turnsRed, waits } from "./fault-world.ts";
import { calm, runGatehouse, until, type Gatehouse } from "./harness.ts";
import { rowsIn } from "./rows-in.ts";
import { patience } from "../support/patience.ts";

const approved =
  "version: 1\nrules:\n  - name: released\n    applies_to: deployment\n    require: { approvals: { count: 1 } }\n";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
});
afterAll(() => gatehouse.stop());

function lastReview(repo: string, number: number): number {
  const { world } = gatehouse.sim;
  return (
    world.repos
      .get(world.repoNames.get(repo) ?? 0)
      ?.pulls.get(number)
      ?.reviews.at(-1)?.id ?? 0
  );
}

it(
  "F20: a backup put back into a world that went on shows what is so now, once, and loses nothing",
  async () => {
    const { sim, settings } = gatehouse;
    const path = settings.databaseUrl.slice("file:".length);
    const copy = join(dirname(path), "copy.db");
    const repo = newRepo(sim, "restored");
    const shop = newShop(sim, "restored-shop", approved);
    const before = open(sim, repo, { head: "before" });
    sim.review({ repo, number: before.number, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, before.headSha);
    await calm(gatehouse);
    const live = await openRecords(settings.databaseUrl);
    await live.backup(copy);
    await live.close();

    // What the backup knows nothing of: another verdict, a pull request, a deployment that waits.
    sim.dismissReview({
      repo,
      number: before.number,
      id: lastReview(repo, before.number),
      by: "ada",
    });
    const after = open(sim, repo, { head: "after" });
    sim.review({ repo, number: after.number, by: "bob", state: "approve" });
    const held = knock(sim, shop);
    await isHeld(sim, held, /approval/);
    await waits(sim, repo, before.headSha);
    await turnsGreen(sim, repo, after.headSha);
    await calm(gatehouse);

    await gatehouse.restart(5000, () => {
      for (const beside of ["", "-wal", "-shm"]) rmSync(`${path}${beside}`, { force: true });
      copyFileSync(copy, path);
    });
    await sweep(gatehouse);
    await waits(sim, repo, before.headSha);
    await turnsGreen(sim, repo, after.headSha);
    await calm(gatehouse);
    expect(await notConverged(sim, settings.databaseUrl)).toEqual([]);

    // Both go on from there.
    sim.review({ repo, number: before.number, by: "bob", state: "approve" });
    sim.review({ repo, number: after.number, by: "bob", state: "request_changes" });
    await turnsGreen(sim, repo, before.headSha);
    await turnsRed(sim, repo, after.headSha);
    await says(gatehouse, held, "approve", "bob");
    await opens(sim, held);
    await calm(gatehouse);
    expect(await notConverged(sim, settings.databaseUrl)).toEqual([]);
    const records = await openRecords(settings.databaseUrl);
    expect(await verifyAudit(records)).toMatchObject({ kind: "ok" });
    await records.close();
  },
  60_000 * patience,
);

const emergencies =
  "version: 1\nrules:\n  - name: reviewed\n    require: { reviews: { approvals: 1 } }\noverrides:\n  - name: emergency\n    rules: [reviewed]\n    by: { users: [bob] }\n    lasts: 4h\n    post_review: { within: 2d, users: [bob] }\n";

it(
  "F20: what was said and asked for after the backup is neither said nor asked for a second time, and a review given meanwhile is seen",
  async () => {
    const { sim, settings } = gatehouse;
    const { world } = sim;
    const path = settings.databaseUrl.slice("file:".length);
    const copy = join(dirname(path), "copy-2.db");
    const repo = newRepo(sim, "restored-words", emergencies);
    const found = () => world.repos.get(world.repoNames.get(repo) ?? 0);
    const botId = world.apps.get(world.appId)?.botId;
    const reviews = () =>
      [...(found()?.issues.values() ?? [])].filter(
        ({ authorId, body }) => authorId === botId && body?.includes("gatehouse:review"),
      );
    const overridden = async (head: string): Promise<{ number: number; headSha: string }> => {
      const pull = open(sim, repo, { head });
      await waits(sim, repo, pull.headSha);
      sim.comment({
        repo,
        number: pull.number,
        by: "bob",
        body: "/gate override emergency the shop is down",
      });
      await turnsGreen(sim, repo, pull.headSha);
      return pull;
    };
    await overridden("first");
    await until("a review", reviews, (seen) => seen.length === 1);
    await calm(gatehouse);
    const live = await openRecords(settings.databaseUrl);
    await live.backup(copy);
    await live.close();

    const later = await overridden("second");
    await until("another review", reviews, (seen) => seen.length === 2);
    const [known] = reviews();
    sim.setIssueState({ repo, number: known?.number ?? 0, state: "closed", by: "bob" });
    await calm(gatehouse);

    await gatehouse.restart(5000, () => {
      for (const beside of ["", "-wal", "-shm"]) rmSync(`${path}${beside}`, { force: true });
      copyFileSync(copy, path);
    });
    await sweep(gatehouse);
    await calm(gatehouse);
    await turnsGreen(sim, repo, later.headSha);
    expect(reviews().map(({ state }) => state)).toEqual(["closed", "open"]);
    expect(
      found()
        ?.issues.get(later.number)
        ?.comments.filter(({ authorId }) => authorId === botId),
    ).toHaveLength(1);
    expect(await notConverged(sim, settings.databaseUrl)).toEqual([]);
    expect(
      await rowsIn(
        settings.databaseUrl,
        `select issue, state from tickets where repository = ${world.repoNames.get(repo)} order by issue`,
      ),
    ).toEqual([
      { issue: known?.number, state: "closed" },
      { issue: reviews()[1]?.number, state: "open" },
    ]);
  },
  60_000 * patience,
);
