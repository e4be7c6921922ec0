import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";
import type { Deps } from "#flow/deps.ts";
import { noteHidden } from "#flow/judge/hidden-facts.ts";
import { createPolicies } from "#flow/policy/policies.ts";
import { lookBehind } from "#flow/sweeps/look-behind.ts";
import { openStore } from "#io/database/store/open-store.ts";
import { simulate, type Simulated } from "../io/github/facts/simulated.ts";
import { depsOf } from "./simulated-deps.ts";

/** More than the answers that GitHub may charge for in an hour. */
const repositories = 130;
const lookEveryMs = 200_000;

let world: Simulated;
let places: readonly RepositoryRecord[];
let store: Store;
let folder: string;
let deps: Deps;
let now: number;
let heard: string[];

beforeAll(async () => {
  world = await simulate();
  places = Array.from({ length: repositories }, (_, index) => {
    const name = `r${index}`;
    world.sim.repo({ name: `acme/${name}`, files: { "a.txt": "1\n" } });
    const id = world.sim.world.repoNames.get(`acme/${name}`) ?? 0;
    return { ...world.repository, id, name };
  });
});
afterAll(() => world.stop());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-behind-"));
  now = world.sim.now();
  const clock = { now: () => now };
  store = await openStore({ url: `file:${join(folder, "gatehouse.db")}`, now: clock.now });
  deps = depsOf(world, store, clock);
  for (const { id } of places)
    await noteHidden(store.records, { kind: "pull_request", repository: id, number: 1 }, [
      "custom_properties",
      'open_incidents:{"repository":null,"labels":["sev1"]}',
    ]);
  heard = [];
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const rowOf = ({ id }: RepositoryRecord): PullRequestRow => ({
  repository: id,
  number: 1,
  state: "open",
  headSha: "a".repeat(40),
  headRef: "topic",
  baseRef: "main",
});

/** Which repositories something was heard of at one look, and what the look cost. */
async function look(): Promise<{ readonly changed: readonly number[]; readonly calls: number }> {
  world.calls();
  const items = await lookBehind(
    deps,
    createPolicies(deps),
    {
      onEvent: async (event) => {
        heard.push(event.name);
        return [];
      },
      teamsAsked: () => [],
    },
    world.repository.installationId,
    {
      repositories: new Map(places.map((place) => [place.id, place])),
      pulls: places.map(rowOf),
      held: [],
    },
    [],
  );
  now += lookEveryMs;
  return {
    changed: [...new Set(items.map(({ key }) => Number(key.split(":")[1])))].sort((a, b) => a - b),
    calls: world.calls().length,
  };
}

const all = (): readonly number[] => places.map(({ id }) => id).sort((a, b) => a - b);

describe(`${repositories} repositories whose rules stand on properties and incidents`, () => {
  it("W30: are all seen at the first look, and a change of any at the next, for a call a hundred", async () => {
    expect(await look()).toEqual({ changed: all(), calls: 4 });
    const [first, last] = [places[0], places.at(-1)];
    world.sim.setProperties({ repo: `acme/${first?.name ?? ""}`, properties: { tier: "1" } });
    const { number } = world.sim.openIssue({
      repo: `acme/${last?.name ?? ""}`,
      title: "Down",
      by: "bob",
    });
    world.sim.label({ repo: `acme/${last?.name ?? ""}`, number, label: "Sev1", by: "bob" });
    heard = [];
    expect((await look()).changed).toEqual([first?.id, last?.id]);
    expect(heard).toEqual(["custom_property_values.updated", "issues.labeled"]);
    expect((await look()).changed).toEqual([]);
  });

  it("stay within a hundredth of the quota for an hour", async () => {
    let calls = 0;
    for (let at = 0; at < 18; at += 1) calls += (await look()).calls;
    expect(calls).toBeLessThanOrEqual(125);
  });

  it("are asked one by one where the App may not list an organisation's properties, and the list again after hours", async () => {
    const { custom, permissions } = withoutTheList();
    expect((await look()).calls).toBeGreaterThan(1);
    const { changed } = await look();
    expect(changed.length).toBeGreaterThan(90);
    world.sim.setPermissions({ account: "acme", permissions });
    expect(custom).toBe("read");
    now += 7 * 3_600_000;
    expect(await look()).toMatchObject({ changed: all(), calls: 4 });
  });
});

function withoutTheList(): { custom: string | undefined; permissions: Record<string, string> } {
  const [installation] = [...world.sim.world.installations.values()];
  const permissions = { ...installation?.permissions };
  const { organization_custom_properties: custom, ...rest } = permissions;
  world.sim.setPermissions({ account: "acme", permissions: rest });
  return { custom, permissions };
}
