import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { json, standIn, type StandIn } from "../io/health/stand-ins.ts";
import {
  callsTo,
  checkSays,
  doorOf,
  inProduction,
  isHeld,
  isRejected,
  knock,
  newShop,
  opens,
  ruled,
} from "./deployments-world.ts";
import { ask, tokenFor } from "./gate-world.ts";
import { checkRunsOn, idle, runGatehouse, until, type Gatehouse } from "./harness.ts";

const minute = 60_000;
let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];
let metrics: StandIn;
let page: StandIn;

/** What each query is answered with: a value, nothing, or trouble. */
const values = new Map<string, number | null | "down" | "partial">();

/** What queries were answered with since when (epoch ms). */
const past = new Map<string, { readonly at: number; readonly value: number }[]>();
function measures(query: string, value: number): void {
  values.set(query, value);
  past.set(query, [...(past.get(query) ?? []), { at: gatehouse.now(), value }]);
}
function pastOf(query: string, { searchParams }: URL): readonly (readonly [number, string])[] {
  const [start = 0, end = 0, step = 1] = ["start", "end", "step"].map((name) =>
    Number(searchParams.get(name)),
  );
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_none, index) => {
    const at = start + index * step;
    const then = past.get(query)?.findLast((each) => each.at <= at * 1_000);
    return [at, String(then?.value ?? past.get(query)?.[0]?.value)] as const;
  });
}

const source = (name: string, type: "prometheus" | "json", url: string) => ({
  name,
  type,
  url,
  headers: {},
  lookbackMs: undefined,
  repositories: undefined,
  secrets: [],
});

beforeAll(async () => {
  metrics = await standIn((url, response) => {
    const query = url.searchParams.get("query") ?? "";
    const value = values.get(query) ?? null;
    if (value === "down") return json(response, {}, 500);
    const isRange = url.pathname.endsWith("_range");
    const now = gatehouse.now() / 1_000;
    const result =
      value === null || value === "partial"
        ? []
        : [
            isRange
              ? { metric: {}, values: pastOf(query, url) }
              : { metric: {}, value: [now, String(value)] },
          ];
    json(response, {
      status: "success",
      ...(value === "partial" ? { warnings: ["a store is down"] } : {}),
      data: { resultType: isRange ? "matrix" : "vector", result },
    });
  });
  page = await standIn((_url, response) => json(response, Object.fromEntries(values)));
  gatehouse = await runGatehouse({
    settings: {
      healthSources: [
        source("metrics", "prometheus", metrics.url),
        source("page", "json", `${page.url}/health`),
      ],
    },
  });
  sim = gatehouse.sim;
});
afterAll(async () => {
  await gatehouse.stop();
  await metrics.stop();
  await page.stop();
});
beforeEach(() => {
  metrics.asked.length = 0;
  page.asked.length = 0;
});

const healthy = (query: string, more = "", source_ = "metrics") =>
  ruled([
    inProduction(
      "healthy",
      `health: { source: ${source_}, query: ${query}, is: "<= 0.01"${more} }`,
    ),
  ]);
const passes = async (ms: number): Promise<void> => {
  gatehouse.advance(ms);
  await idle(gatehouse);
};

describe("health", () => {
  it("holds while the value is another one, asks every minute, and opens by itself once it is good", async () => {
    values.set("errors", 0.5);
    const repo = newShop(sim, "errors", healthy("errors"));
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /metrics does not say <= 0\.01.*asks again every minute/s);
    await checkSays(sim, asked, "production", ({ summary }) => summary?.includes("0.5") === true);
    await idle(gatehouse);
    const calls = callsTo(sim, repo).length;
    // A value that only moves is no news: nobody is told, and GitHub is asked nothing.
    for (const value of [0.4, 0.3, 0.2]) {
      values.set("errors", value);
      await passes(minute);
    }
    expect(metrics.asked).toHaveLength(4);
    expect(callsTo(sim, repo).slice(calls)).toEqual([]);
    values.set("errors", 0.01);
    await passes(minute);
    const door = await opens(sim, asked);
    expect(door.reports).toHaveLength(1);
  });

  it("is asked once a minute for all that wait, whatever they wait for", async () => {
    values.set("shared", 1);
    const repos = ["shared-a", "shared-b"].map((name) => newShop(sim, name, healthy("shared")));
    const asked = repos.flatMap((repo) => [knock(sim, repo), knock(sim, repo)]);
    for (const each of asked) await isHeld(sim, each, /metrics does not say/);
    await passes(minute);
    await passes(minute);
    expect(metrics.asked.length).toBeLessThanOrEqual(3);
    values.set("shared", 0);
    await passes(minute);
    for (const each of asked) await opens(sim, each);
  });

  it.each([
    ["a source that is down", "down", /metrics answers 500/],
    ["a part of an answer", "partial", /metrics warns that its answer may be a part/],
  ] as const)("holds on %s, and opens once it answers well", async (_title, trouble, words) => {
    values.set(`${trouble}_query`, trouble);
    const repo = newShop(sim, trouble, healthy(`${trouble}_query`));
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /metrics cannot be asked how things are/);
    await checkSays(sim, asked, "production", ({ summary }) => words.test(summary ?? ""));
    values.set(`${trouble}_query`, 0);
    await passes(minute);
    await opens(sim, asked);
  });

  it("without data holds, or rejects where the policy says so; a source of no name holds", async () => {
    const held = knock(sim, newShop(sim, "nothing", healthy("nothing")));
    await isHeld(sim, held, /metrics has no data/);
    const failing = newShop(sim, "nothing-fails", healthy("nothing", ", no_data: fail"));
    const door = await isRejected(sim, knock(sim, failing));
    expect(door.verdicts[0]?.comment).toContain("metrics has no data");
    const strange = newShop(sim, "nobody", healthy("nothing", "", "nobody"));
    const asked = knock(sim, strange);
    await isHeld(sim, asked, /nobody cannot be asked/);
    await checkSays(
      sim,
      asked,
      "production",
      ({ summary }) => summary?.includes("no source that this repository may ask") === true,
    );
  });

  it("a source without a past is watched for as long as is asked, also by a process that came later", async () => {
    values.set("up", 0);
    const repo = newShop(sim, "page", healthy("/up", ", for: 5m", "page"));
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /page says <= 0\.01 for less than 5m/);
    await passes(minute);
    await passes(minute);
    await gatehouse.restart();
    await passes(minute);
    await passes(minute);
    expect(doorOf(sim, asked).state).toBe("waiting");
    // A moment in which it is bad begins it anew.
    values.set("up", 1);
    await passes(minute);
    await isHeld(sim, asked, /page does not say <= 0\.01/);
    values.set("up", 0);
    for (let passed = 0; passed < 5; passed += 1) {
      await passes(minute);
      expect(doorOf(sim, asked).state).toBe("waiting");
    }
    await passes(minute);
    await opens(sim, asked);
  });

  it("what waits for something else shows what becomes of its health, and is not let through by what was", async () => {
    values.set("later", 0);
    const repo = newShop(
      sim,
      "later",
      ruled([
        inProduction("healthy", 'health: { source: metrics, query: later, is: "<= 0.01" }'),
        inProduction("calm", "no_incident: { labels: [incident] }"),
      ]),
    );
    const { number } = sim.openIssue({ repo, title: "Down", by: "bob" });
    sim.label({ repo, number, label: "incident", by: "bob" });
    const asked = knock(sim, repo);
    await isHeld(sim, asked, new RegExp(`#${number} is open`));
    values.set("later", 7);
    await passes(minute);
    await isHeld(sim, asked, /metrics does not say/);
    sim.setIssueState({ repo, number, state: "closed", by: "bob" });
    await idle(gatehouse);
    expect(doorOf(sim, asked).state).toBe("waiting");
    expect(checkRunsOn(sim, repo, asked.sha)).toMatchObject([{ status: "in_progress" }]);
    values.set("later", 0);
    await passes(minute);
    await opens(sim, asked);
  });
});

describe("a deployer outside", () => {
  it("is told yes for no longer than the answer of the source may be relied on, and no while it is bad", async () => {
    values.set("outside", 0);
    const repo = newShop(sim, "outside", healthy("outside"));
    const token = await tokenFor(gatehouse, [repo]);
    const sha = sim.commit({ repo, files: { "src/b.ts": "2\n" } }).sha;
    const question = { repository: repo, sha, environment: "production" };
    await idle(gatehouse);
    const { body } = await ask(gatehouse, token, question, { wait: 20 });
    expect(body.decision).toBe("allow");
    const lasts = Date.parse(body.valid_until ?? "") - gatehouse.now();
    expect(lasts).toBeGreaterThan(0);
    expect(lasts).toBeLessThanOrEqual(2 * minute);
    values.set("outside", 1);
    gatehouse.advance(3 * minute);
    expect((await ask(gatehouse, token, question)).body).toMatchObject({ decision: "hold" });
    values.set("outside", 0);
    await passes(minute);
    expect((await ask(gatehouse, token, question, { wait: 20 })).body.decision).toBe("allow");
  });
});

describe("rings", () => {
  const policy = ruled([
    inProduction(
      "proven",
      'promoted_from: { environment: staging, bake: 10m, health: [{ source: metrics, query: RING, is: "<= 0.01" }] }',
    ),
  ]);
  const ringOf = (name: string) => {
    measures(name, 0);
    return newShop(sim, name, policy.replace("RING", name));
  };
  const bakes = async (repo: string): Promise<void> => {
    const ring = knock(sim, repo, { environment: "staging" });
    await opens(sim, ring);
    sim.finishDeployment({ repo, deployment: ring.id });
  };

  it("one that stays well while it bakes lets the next follow by itself", async () => {
    const repo = ringOf("ring_well");
    const asked = knock(sim, repo);
    await isHeld(sim, asked, /must run in staging first/);
    await bakes(repo);
    await isHeld(sim, asked, /Bakes in staging until/);
    await passes(9 * minute);
    expect(doorOf(sim, asked).state).toBe("waiting");
    gatehouse.advance(2 * minute);
    await opens(sim, asked);
  });

  it("one that turns unhealthy within its bake closes the next, and says so, until it is deployed anew", async () => {
    const repo = ringOf("ring_ill");
    const { number } = sim.openPull({ repo, author: "ada", files: { "src/a.ts": "2\n" } });
    sim.mergePull({ repo, number, by: "carol" });
    await idle(gatehouse);
    const asked = knock(sim, repo);
    await bakes(repo);
    await isHeld(sim, asked, /Bakes in staging until/);
    measures("ring_ill", 1);
    await passes(2 * minute);
    const door = await isHeld(sim, asked, /staging turned unhealthy while \w{7} baked there/);
    expect(door.reports.at(-1)).toContain("/gate rollback staging <reason>");
    // The rollout's comment marks the ring and what it closes.
    await until(
      "the comment",
      () =>
        sim.world.repos
          .get(sim.world.repoNames.get(repo) ?? 0)
          ?.issues.get(number)
          ?.comments.map(({ body }) => body)
          .join("") ?? "",
      (said) =>
        /staging \| ❌ turned unhealthy while it baked/.test(said) &&
        /production \| ⏸ .*Closed: staging turned unhealthy/.test(said),
    );
    measures("ring_ill", 0);
    await passes(11 * minute);
    expect(doorOf(sim, asked).state).toBe("waiting");
    await bakes(repo);
    await isHeld(sim, asked, /Bakes in staging until/);
    gatehouse.advance(11 * minute);
    await opens(sim, asked);
  });
});
