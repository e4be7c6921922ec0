import { beforeEach, describe, expect, it } from "vitest";
import { pullRequest } from "#core/facts/pull-request.ts";
import { overrideRequests } from "#core/overrides/grant.ts";
import { mergeOf } from "#core/record/merge-key.ts";
import type { Store } from "#core/ports/store.ts";
import { peopleAtDeployment } from "#flow/in-force/people-at-deployment.ts";
import { keepVoids } from "#flow/in-force/override-states.ts";
import { headTime, readHeadTime } from "#flow/in-force/people-values.ts";
import { noteHead } from "#flow/intake/note-heads.ts";
import {
  aDeployment,
  anEvent,
  aPullRequest,
  factsOf,
  headSha,
  minute,
  olderSha,
  sha,
  tell,
} from "../core/build.ts";
import { anOverrideAct, emergency, monday } from "../core/overrides/builders.ts";
import { effective } from "../core/policy/some-policy.ts";
import { aRepository } from "../io/github/local-github.ts";
import { closeAfterEach, handClock, openAt, type HandClock } from "../io/database/store/harness.ts";

const repository = aRepository();
const act = anOverrideAct({ repository: repository.id });

let clock: HandClock;
let store: Store;
closeAfterEach();
beforeEach(async () => {
  clock = handClock(monday + minute);
  store = await openAt(":memory:", clock);
  await store.records.saveRepository(repository);
  await store.acts.add(act);
});

const actsOf = () => store.acts.find({ repository: repository.id, pullRequest: 7 });

describe("what a judgement keeps of an override", () => {
  const judged = async (head: string, headSince?: number) =>
    overrideRequests(await actsOf(), {
      definitions: [emergency()],
      shas: [head],
      headSince,
      now: clock.now(),
      labels: null,
    });

  it("a read of the head before ends nothing: the next one of this head finds it granted", async () => {
    await keepVoids({ store, clock }, await judged(olderSha));
    expect((await judged(headSha)).map(({ state }) => state.kind)).toEqual(["granted"]);
  });

  it("T29: a push after it ends it for good", async () => {
    await keepVoids({ store, clock }, await judged(olderSha, monday + 1000));
    expect((await judged(headSha)).map(({ state }) => state)).toEqual([
      { kind: "over", because: "pushed" },
    ]);
  });
});

describe("when a head came", () => {
  const told = (headOf: string, updatedAt: number) =>
    noteHead(
      store.records,
      anEvent("pull_request.synchronize", {
        pullRequest: {
          number: 7,
          headSha: headOf,
          headRef: "feature",
          baseRef: "main",
          state: "open",
          before: null,
          draft: false,
          changed: [],
          updatedAt,
        },
      }),
      repository.id,
    );

  it("an event that is delivered again does not take the place of a later one", async () => {
    await told(headSha, monday + 1000);
    await told(olderSha, monday);
    const kept = await store.records.getValue(headTime(repository.id, 7));
    expect(readHeadTime(kept)).toEqual({ sha: headSha, at: monday + 1000, openedAt: null });
  });
});

describe("T14, T29: an override from before the merge, at the deployment of the merge commit", () => {
  const merge = sha("c");
  const policy = effective({
    own: `version: 1
rules:
  - { name: reviewed, require: { reviews: { approvals: 1 } } }
overrides:
  - { name: emergency, rules: [reviewed], by: { users: [bob] }, lasts: 4h }
`,
  });

  async function grantedAt(baseChangedAt: number | undefined): Promise<number> {
    const { id } = repository;
    await store.records.setValue(mergeOf(id, merge), "7");
    await store.records.savePullRequest({
      repository: id,
      number: 7,
      headSha,
      headRef: "feature",
      baseRef: "main",
      state: "closed",
    });
    const fact = aPullRequest({ state: "merged", baseChangedAt });
    const people = await peopleAtDeployment(
      {
        store,
        github: { pullRequestsOfCommit: () => Promise.resolve([]) },
        facts: {
          open: () => ({
            read: () => Promise.resolve(factsOf(tell(pullRequest.need(), fact))),
            policyHints: () => ({}),
            ownCheckRuns: () => [],
          }),
        },
      },
      policy,
      { ...aDeployment, repository: id, sha: merge },
      clock.now(),
      () => Promise.resolve([]),
    );
    return people.overrides.length;
  }

  it.each([
    ["neither head nor base moved since", undefined, undefined, 1],
    ["the head came before it", undefined, monday - minute, 1],
    ["the base was rewritten after it, just before the merge", monday + 1000, undefined, 0],
    ["the base was rewritten before it", monday - 1, undefined, 1],
    ["the head went and came back after it", undefined, monday + 1000, 0],
  ])("%s", async (_, baseChangedAt, headAt, expected) => {
    if (headAt !== undefined)
      await store.records.setValue(headTime(repository.id, 7), `${headSha} ${headAt}`);
    expect(await grantedAt(baseChangedAt)).toBe(expected);
  });
});
