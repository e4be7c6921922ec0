import Ajv from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RolloutView } from "#flow/pages/rollout.ts";
import { isHeld, knock, opens, type Asked } from "./deployments-world.ts";
import { calm, until } from "./harness.ts";
import { pagesWorld, type PagesWorld } from "./pages-world.ts";
import { repo } from "./people-world.ts";
import { patience } from "../support/patience.ts";

const policy = `version: 1
rules:
  - { name: calm, applies_to: deployment, require: { not_frozen: true } }
  - name: canary
    when: { environments: [production-10] }
    require: { promoted_from: { environment: staging, bake: 30m } }
  - name: half
    when: { environments: [production-50] }
    require: { promoted_from: { environment: production-10, bake: 1h } }
  - name: whole
    when: { environments: [production] }
    require: { promoted_from: { environment: production-50, bake: 1h } }
overrides:
  - { name: emergency, rules: [half, whole], by: { users: [bob] }, lasts: 4h }
`;
const minute = 60_000;
const rings = ["staging", "production-10", "production-50", "production"] as const;

let world: PagesWorld;
beforeAll(async () => {
  world = await pagesWorld(policy, { startsAt: Date.UTC(2027, 0, 11, 9) });
  for (const name of rings) world.sim.environment({ repo, name, gate: true });
});
afterAll(() => world.gatehouse.stop());

/** Merges something; the pull request and the commit that it became. */
async function merged(head: string): Promise<{ readonly number: number; readonly sha: string }> {
  const { number, headSha } = world.open({ head, files: { "src/a.ts": `${head}\n` } });
  await world.green(headSha);
  world.sim.mergePull({ repo, number, by: "carol" });
  await calm(world.gatehouse);
  const sha = world.sim.world.repos
    .get(world.sim.world.repoNames.get(repo) ?? 0)
    ?.refs.get("refs/heads/main");
  return { number, sha: sha ?? "" };
}

const ask = (environment: string, sha: string): Asked =>
  knock(world.sim, repo, { environment, sha, actor: "dora" });
async function ends(asked: Asked, state: "success" | "failure" = "success"): Promise<void> {
  await opens(world.sim, asked);
  world.sim.finishDeployment({ repo, deployment: asked.id, state });
  await calm(world.gatehouse);
}

async function page(sha: string): Promise<RolloutView["rollouts"][number]["rings"]> {
  const reader = await world.as("eve");
  const answer = await reader.request(`/api/v1/repositories/${repo}/rollouts/${sha}`);
  expect(answer.status).toBe(200);
  const view = (await answer.json()) as RolloutView;
  expect(view.rollouts).toHaveLength(1);
  return view.rollouts[0]?.rings ?? [];
}
const states = async (sha: string) => (await page(sha)).map(({ state }) => state);

/** What the one comment says once nothing is left to be said. */
async function comment(number: number): Promise<string> {
  await calm(world.gatehouse);
  const [only, ...more] = world.words(number);
  expect(more).toEqual([]);
  return only ?? "";
}

let first = "";

describe("a rollout", () => {
  it(
    "goes ring by ring, each opening by itself, in one comment and one page",
    { timeout: 120_000 * patience },
    async () => {
      const { number, sha } = await merged("one");
      first = sha;
      const staged = ask("staging", sha);
      await ends(staged);
      expect(await states(sha)).toEqual(["bakes", "ahead", "ahead", "ahead"]);
      expect(await comment(number)).toMatch(
        /staging \| ⏳ bakes until 2027-01-11 \d\d:\d\d UTC.*\n\| production-10 \| ○ not asked for yet/,
      );
      for (const [environment, bake] of [
        ["production-10", 31],
        ["production-50", 61],
        ["production", 61],
      ] as const) {
        const asked = ask(environment, sha);
        await isHeld(world.sim, asked, /Bakes in/);
        expect(await comment(number)).toMatch(new RegExp(`${environment} \\| ⏸ held by the gate`));
        world.gatehouse.advance(bake * minute);
        await ends(asked);
      }
      expect(await states(sha)).toEqual(["done", "done", "done", "done"]);
      const said = await comment(number);
      expect(said).toContain(`Rollout of ${sha.slice(0, 7)}: everywhere`);
      expect(said).toContain(`/rollouts/${sha}`);
      const reader = await world.as("eve");
      const document = (await (await reader.request("/api/v1/openapi.json")).json()) as {
        readonly components: { readonly schemas: { readonly Rollout: object } };
      };
      const check = new Ajv.default({ strict: false, allErrors: true }).compile({
        ...document.components.schemas.Rollout,
        components: document.components,
      });
      const view = await reader.request(`/api/v1/repositories/${repo}/rollouts/${sha}`);
      expect(check(await view.json()), JSON.stringify(check.errors)).toBe(true);
      const shown = await (await world.as("eve")).request(`/${repo}/rollouts/${sha.slice(0, 7)}`);
      expect(await shown.text()).toContain("Proven");
      // Told once: nothing is edited while nothing changes.
      const before = world.sim.calls.filter(({ method }) => method === "PATCH").length;
      world.gatehouse.advance(61 * minute);
      await calm(world.gatehouse);
      expect(world.sim.calls.filter(({ method }) => method === "PATCH").length).toBe(before);
    },
  );

  it(
    "a ring that fails closes the next, and names who goes back and how, with a command that works",
    { timeout: 120_000 * patience },
    async () => {
      const { number, sha } = await merged("two");
      await ends(ask("staging", sha));
      world.gatehouse.advance(31 * minute);
      await ends(ask("production-10", sha), "failure");
      const held = ask("production-50", sha);
      await isHeld(world.sim, held, /production-10 failed/);
      expect(await states(sha)).toEqual(["done", "failed", "waits", "ahead"]);
      const [, failed, next, last] = await page(sha);
      expect(next?.closedBy).toMatch(/^production-10 failed \(2027/);
      expect(last?.closedBy).toBe(next?.closedBy);
      expect(failed?.next[0]).toMatch(/people with write access write `\/gate rollback/);
      const said = await comment(number);
      expect(said).toContain(`Rollout of ${sha.slice(0, 7)}: production-10 failed`);
      expect(said).toMatch(/production-50 \| ⏸ held by the gate .*Closed: production-10 failed/);
      const command =
        /`(\/gate rollback production-10 to [0-9a-f]{7} [^`]+)`/.exec(said)?.[1] ?? "";
      expect(command).toContain(first.slice(0, 7));
      await world.reacted(number, world.say(number, "dora", command), "rocket");
      await ends(ask("production-10", first));
      await comment(number);
      expect(await states(sha)).toEqual(["done", "failed", "waits", "ahead"]);
    },
  );

  it("goes faster for an emergency, and says so", { timeout: 120_000 * patience }, async () => {
    const { number, sha } = await merged("three");
    await ends(ask("staging", sha));
    world.gatehouse.advance(31 * minute);
    await ends(ask("production-10", sha));
    const asked = ask("production-50", sha);
    await isHeld(world.sim, asked, /Bakes in production-10/);
    world.say(number, "bob", "/gate emergency the shop is down");
    await ends(asked);
    expect(await comment(number)).toMatch(
      /production-50 \| .*⚠️ half was let through by the override emergency of @\u2060bob: the shop is down/,
    );
    const [, , half] = await page(sha);
    expect(half?.letThrough).toEqual([
      "half was let through by the override emergency of @bob: the shop is down",
    ]);
  });

  it("of a merge that nobody told of is found; a commit that no pull request brought has its page alone", async () => {
    const { number, headSha } = world.open({ head: "four", files: { "src/a.ts": "four\n" } });
    await world.green(headSha);
    world.sim.deliveryFault({ event: "pull_request", suppress: true });
    world.sim.mergePull({ repo, number, by: "carol" });
    await world.sim.settled();
    world.sim.clearDeliveryFaults();
    const sha =
      world.sim.world.repos
        .get(world.sim.world.repoNames.get(repo) ?? 0)
        ?.refs.get("refs/heads/main") ?? "";
    await ends(ask("staging", sha));
    expect(await comment(number)).toContain(`Rollout of ${sha.slice(0, 7)}`);

    const { sha: direct } = world.sim.commit({ repo, files: { "src/b.ts": "1\n" }, author: "ada" });
    await ends(ask("staging", direct));
    expect(await states(direct)).toEqual(["bakes", "ahead", "ahead", "ahead"]);
    expect(await states(sha)).toEqual(["replaced", "ahead", "ahead", "ahead"]);
    expect(await comment(number)).toMatch(/replaced by [0-9a-f]{7} before it had baked/);
  });

  it("is nobody's who may not read the repository, and is none for what is no commit", async () => {
    const stranger = await world.as("mallory");
    world.sim.editRepo({ repo, private: true });
    for (const sha of [first, "0".repeat(40), "main", first.slice(0, 3)])
      expect((await stranger.request(`/api/v1/repositories/${repo}/rollouts/${sha}`)).status).toBe(
        404,
      );
    const reader = await world.as("eve");
    for (const sha of ["0".repeat(40), "main", first.slice(0, 3)])
      expect((await reader.request(`/api/v1/repositories/${repo}/rollouts/${sha}`)).status).toBe(
        404,
      );
    await until(
      "nothing left",
      () => world.gatehouse.oracle.standing().length,
      (left) => left === 0,
    );
  });
});
