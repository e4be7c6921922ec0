import { afterEach, beforeEach, expect, it } from "vitest";
import { newRow } from "#core/deployments/history.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { firstLookKey } from "#core/record/first-look-key.ts";
import { readRunningPlaces } from "#flow/running/running-places.ts";
import { openStore, type OpenStore } from "#io/database/store/open-store.ts";
import { effective } from "../core/policy/some-policy.ts";

const repository = 1;
const startsAt = Date.UTC(2027, 0, 11);
const policy = effective({
  own: "version: 1\nrules:\n  - name: scans\n    applies_to: deployment\n    when: { environments: [production] }\n    require: { findings: { block: critical } }\n",
});

let store: OpenStore;
beforeEach(async () => {
  store = await openStore({ url: ":memory:", now: () => startsAt });
  await store.records.setValue(firstLookKey(repository), String(startsAt));
});
afterEach(() => store.close());

let last = 0;
/** A deployment to production that was made after all others. */
async function deployed(sha: string, what: Partial<DeploymentRow>): Promise<void> {
  last += 1;
  const createdAt = startsAt + last * 1000;
  const heard = {
    repository,
    deploymentId: last,
    environment: "production",
    sha: sha.repeat(40),
    ref: "main",
    runId: null,
    actor: null,
    createdAt,
  };
  await store.deployments.change(heard, (before) => ({
    ...(before ?? newRow(heard)),
    ...(what.state === "success" ? { succeededAt: createdAt, finishedAt: createdAt } : {}),
    ...what,
  }));
}
const many = async (count: number, what: Partial<DeploymentRow>): Promise<void> => {
  for (let made = 0; made < count; made += 1) await deployed("b", what);
};
const runs = async () => {
  const { places, unknown } = await readRunningPlaces(store, repository, policy);
  return { shas: places.map(({ row }) => row.sha.slice(0, 1)), unknown };
};

it("is what the gate let through last, behind whatever came to nothing or was made up since", async () => {
  await deployed("a", { state: "success", gateAnswer: "approved" });
  await many(210, { state: "inactive" });
  expect(await runs()).toEqual({ shas: ["a"], unknown: [] });
  await many(60, { state: "success" });
  expect(await runs()).toEqual({ shas: ["a"], unknown: [] });
  await deployed("c", { state: "success", gateAnswer: "approved" });
  expect(await runs()).toEqual({ shas: ["c"], unknown: [] });
});

it("is not known where nothing that is looked at proves it", async () => {
  await deployed("a", { state: "success", gateAnswer: "approved" });
  await many(60, { state: "success" });
  await many(60, { state: "inactive", gateAnswer: "approved" });
  await many(90, { state: "inactive" });
  expect(await runs()).toEqual({ shas: [], unknown: ["production"] });
});

it("is told elsewhere where it was there before the gate", async () => {
  await deployed("a", { state: "success", createdAt: startsAt - 5000 });
  expect(await runs()).toEqual({ shas: [], unknown: [] });
});
