import { describe, expect, it } from "vitest";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { createEarlierNames } from "#flow/policy/earlier-names.ts";

const named = (name: string, ownerId = 7): RepositoryRecord =>
  ({ id: 1, owner: "acme", ownerId, name }) as RepositoryRecord;

function memory() {
  const values = new Map<string, string>();
  return {
    changeValue: (key: string, change: (before: string | null) => string | null) => {
      const before = values.get(key) ?? null;
      const after = change(before);
      if (after !== null) values.set(key, after);
      return Promise.resolve(after ?? before);
    },
  };
}

describe("names under which a repository was judged", () => {
  it("are kept over renames, restarts and other processes, in one organisation", async () => {
    const records = memory();
    const [one, other] = [createEarlierNames(records), createEarlierNames(records)];
    expect(await one(named("payments"))).toEqual([]);
    expect(await other(named("payments"))).toEqual([]);
    expect(await one(named("Shop"))).toEqual(["payments"]);
    expect(await other(named("toys"))).toEqual(["payments", "Shop"]);
    expect(await one(named("shop"))).toEqual(["payments"]);
    expect(await createEarlierNames(records)(named("payments"))).toEqual(["Shop", "toys"]);
    expect(await one(named("payments", 8))).toEqual([]);
  });
});
