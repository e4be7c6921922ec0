import { join } from "node:path";
import { expect, it } from "vitest";
import { openStore } from "#io/database/store/open-store.ts";
import { Simulator } from "@gatehouse/github-simulator";
import { scratchFolder } from "../support/scratch.ts";
import { anItem } from "../io/database/store/harness-data.ts";
import { notConverged } from "./converged.ts";

it("tells what is doubled, given up or broken, and nothing else", async () => {
  const url = `file:${join(scratchFolder("gatehouse-converged-"), "gatehouse.db")}`;
  const store = await openStore({ url });
  const sim = await Simulator.start({ appId: 7 });
  try {
    sim.org({ login: "acme" });
    const repo = "acme/shop";
    sim.repo({ name: repo, files: { "a.ts": "1\n" } });
    const { headSha: sha, number } = sim.openPull({ repo, author: "ada", head: "topic" });
    const shown = { repo, sha, name: "gatehouse", app: "gatehouse" };
    const said = { repo, number, by: "gatehouse[bot]", body: "<!-- gatehouse:summary -->" };
    sim.checkRun(shown);
    sim.checkRun({ ...shown, name: "gatehouse / production" });
    sim.checkRun({ ...shown, app: "github-actions" });
    sim.comment(said);
    sim.comment({ ...said, by: "ada" });
    await store.queue.mark([anItem({ key: "waits", runAt: 0 })]);
    expect(await notConverged(sim, url)).toEqual([]);

    sim.checkRun(shown);
    sim.comment(said);
    const [lease] = await store.queue.lease("one", Date.now() + 60_000, 1_000, 1);
    if (lease === undefined) throw new Error("a lease expected");
    await store.queue.deadLetter(lease, "why not");
    expect(await notConverged(sim, url)).toEqual([
      `shop: 2 times the check run gatehouse on ${sha.slice(0, 7)}`,
      `shop: 2 times <!-- gatehouse:summary --> on #${number}`,
      "given up: waits (why not)",
    ]);
  } finally {
    await sim.stop();
    await store.close();
  }
});
