import { afterEach, beforeEach, expect, it } from "vitest";
import { newRow } from "#core/deployments/history.ts";
import { readRollout } from "#flow/pages/rollout.ts";
import { openStore, type OpenStore } from "#io/database/store/open-store.ts";
import { sha } from "../core/build.ts";
import { effective } from "../core/policy/some-policy.ts";
import { aRepository } from "../io/github/local-github.ts";

const now = Date.UTC(2027, 0, 11);
const repository = { ...aRepository(), private: true };
const policy = effective({
  own: `version: 1
rules:
  - name: rings
    applies_to: deployment
    when: { environments: [production] }
    require: { promoted_from: { environment: staging, bake: 30m } }
`,
});

let store: OpenStore;
beforeEach(async () => {
  store = await openStore({ url: ":memory:", now: () => now });
  await store.records.saveRepository(repository);
});
afterEach(() => store.close());

it("a commit written in full has its page as long as the record has its deployment", async () => {
  for (let id = 1; id <= 320; id += 1) {
    const heard = {
      repository: repository.id,
      deploymentId: id,
      environment: "production",
      sha: id === 1 ? sha("a") : sha("b"),
      ref: "main",
      runId: null,
      actor: null,
      createdAt: now + id * 1000,
    };
    await store.deployments.change(heard, () => ({
      ...newRow(heard),
      state: "success",
      succeededAt: heard.createdAt,
      gateAnswer: "approved",
    }));
  }
  const page = (written: string) =>
    readRollout(
      {
        store,
        clock: { now: () => now + 400_000 },
        policies: { of: () => Promise.resolve({ kind: "effective", policy }) },
      } as never,
      { mayRead: () => Promise.resolve(true), sees: () => true } as never,
      repository.owner,
      repository.name,
      written,
    );
  const view = await page(sha("a"));
  expect(
    view?.rollouts[0]?.rings.find(({ environment }) => environment === "production"),
  ).toMatchObject({ state: "done" });
  expect(await page(sha("c"))).toBeNull();
});
