import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { always, inProduction, knock, newShop, opens, ruled } from "./deployments-world.ts";
import { impatiently, newRepo, open, turnsRed, waits } from "./fault-world.ts";
import { calm, checkRunsOn, runGatehouse, until, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];

beforeAll(async () => {
  gatehouse = await runGatehouse();
  sim = gatehouse.sim;
});
afterEach(() => {
  sim.clearFaults();
  sim.quota({ limit: null });
});
afterAll(async () => {
  await gatehouse.stop();
});

const metric = async (line: RegExp): Promise<number> =>
  Number(line.exec(await (await fetch(`${gatehouse.gate.url}/metrics`)).text())?.[1]);
const github = async (): Promise<unknown> =>
  ((await (await fetch(`${gatehouse.gate.url}/readyz`)).json()) as { readonly github: unknown })
    .github;

describe("an outage of GitHub's", () => {
  it("shows at /readyz and in the metrics, and is over once GitHub answers", async () => {
    const repo = newRepo(sim, "in-trouble");
    await calm(gatehouse);
    expect(await github()).toBe("ok");
    sim.fault({ match: { path: /\/(?:repos|graphql)/ }, status: 502 });
    const pulls = Array.from({ length: 4 }, (_, n) => open(sim, repo, { head: `trouble-${n}` }));
    await impatiently(
      gatehouse.settings.databaseUrl,
      until("the trouble to be told", github, (state) => state === "in trouble"),
    );
    expect(await metric(/^gatehouse_github_up\{api="graphql"\} (\d)/m)).toBe(0);
    sim.clearFaults();
    await impatiently(
      gatehouse.settings.databaseUrl,
      Promise.all(pulls.map(({ headSha }) => waits(sim, repo, headSha))),
    );
    for (let n = 0; n < 6; n += 1) open(sim, repo, { head: `again-${n}` });
    await until("the end of the trouble to be told", github, (state) => state === "ok");
    expect(await metric(/^gatehouse_github_up\{api="graphql"\} (\d)/m)).toBe(1);
  });
});

describe("the hour's quota, nearly used up", () => {
  it("is kept for deployments: pull requests wait for the next hour", async () => {
    const shop = newShop(
      sim,
      "scarce",
      ruled(
        [
          inProduction("hours", "window: always"),
          "{ name: worded, require: { title: { pattern: '^feat' } } }",
        ],
        always,
      ),
    );
    await calm(gatehouse);
    sim.quota({ limit: 5_000, remaining: 450, resetInMs: 3_000_000 });
    const before = await metric(/^gatehouse_github_withheld_total\{[^}]*usual"\} (\d+)/m);
    await opens(sim, knock(sim, shop));
    const { headSha } = open(sim, shop);
    await until(
      "work to be withheld",
      () => metric(/^gatehouse_github_withheld_total\{[^}]*usual"\} (\d+)/m),
      (count) => count > (Number.isNaN(before) ? 0 : before),
    );
    // A second deployment goes out all the same, and the pull request is still not judged.
    await opens(sim, knock(sim, shop));
    expect(checkRunsOn(sim, shop, headSha)).toEqual([]);
    expect(sim.calls.filter(({ status }) => status === 403 || status === 429)).toEqual([]);
    gatehouse.advance(3_100_000);
    await impatiently(gatehouse.settings.databaseUrl, turnsRed(sim, shop, headSha));
  });
});
