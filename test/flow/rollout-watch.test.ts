import { afterEach, beforeEach, expect, it } from "vitest";
import { newRow } from "#core/deployments/history.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { firstLookKey } from "#core/record/first-look-key.ts";
import { createRolloutWatch } from "#flow/rollout/rollout-watch.ts";
import { openStore, type OpenStore } from "#io/database/store/open-store.ts";
import { anEvent, sha } from "../core/build.ts";
import { effective } from "../core/policy/some-policy.ts";
import { aRepository } from "../io/github/local-github.ts";

const now = Date.UTC(2027, 0, 11);
const repository = aRepository();
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
  await store.records.setValue(firstLookKey(repository.id), String(now));
});
afterEach(() => store.close());

async function deployed(id: number, commit: string, what: Partial<DeploymentRow>): Promise<void> {
  const heard = {
    repository: repository.id,
    deploymentId: id,
    environment: "production",
    sha: commit,
    ref: "main",
    runId: null,
    actor: null,
    createdAt: now + id * 1000,
  };
  await store.deployments.change(heard, () => ({ ...newRow(heard), ...what }));
}

it.each([
  ["of a policy", { kind: "effective", policy } as const],
  ["of a policy that is not known, and is not asked for on the way", null],
])(
  "%s: the comment of the commit that was replaced is written anew, whatever was made up or came to nothing since",
  async (_, known) => {
    await deployed(1, sha("a"), { succeededAt: now + 1000, gateAnswer: "approved" });
    for (let id = 2; id < 30; id += 1) await deployed(id, sha("b"), { state: "inactive" });
    await deployed(30, sha("b"), { state: "success", succeededAt: now + 30_000 });
    const watch = createRolloutWatch(
      { store, clock: { now: () => now } },
      { known: () => Promise.resolve(known) },
    );
    const items = await watch(
      anEvent("deployment_status.created", {
        repository,
        deployment: {
          id: 31,
          environment: "production",
          sha: sha("c"),
          ref: "main",
          runId: null,
          creator: null,
          createdAt: now,
          status: { state: "success", at: now, byActions: true },
        },
      }),
    );
    expect(items.map(({ key }) => key)).toEqual(
      ["c", "a"].map((each) => `rollout:${repository.id}:${sha(each)}`),
    );
  },
);
