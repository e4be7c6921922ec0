import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deploymentStates, type DeploymentState } from "#core/model/deployment.ts";
import {
  lastSuccess,
  newRow,
  unprovenSuccess,
  withoutStatus,
  withOrigin,
  withStatus,
  type StatusReported,
} from "#core/deployments/history.ts";
import { isByActions } from "#core/deployments/by-actions.ts";
import { isOnItsWay } from "#core/deployments/on-its-way.ts";
import { promotionOf } from "#core/deployments/promotion.ts";
import { isProvenSuccess } from "#core/deployments/proof.ts";
import { knownGood } from "#core/deployments/rollback.ts";
import { aBot, carol, dave, monday } from "../build.ts";
import { aRow } from "../deployment-world.ts";

const heard = {
  repository: 1,
  deploymentId: 5,
  environment: "production",
  sha: "a",
  ref: "main",
  runId: 1,
  actor: null,
  createdAt: monday,
};
const statuses = fc.array(
  fc.record({
    state: fc.constantFrom(...deploymentStates),
    at: fc.integer({ min: monday, max: monday + 20 }),
    byActions: fc.boolean(),
  }),
  { maxLength: 8 },
);

describe("the course of a deployment", () => {
  it("is the same in whatever order, and however often, its statuses arrive", () => {
    fc.assert(
      fc.property(
        statuses,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (list, random) => {
          const inOrder = list.reduce(withStatus, newRow(heard));
          const shuffled = [...list, ...list]
            .map((status) => ({ status, weight: random.next().value }))
            .sort((a, b) => Number(a.weight) - Number(b.weight))
            .map(({ status }) => status);
          expect(shuffled.reduce(withStatus, newRow(heard))).toEqual(inOrder);
        },
      ),
    );
  });

  it("keeps that it succeeded, and when, after another deployment replaced it", () => {
    const row = [
      { state: "in_progress" as const, at: 1, byActions: true },
      { state: "success" as const, at: 5, byActions: true },
      { state: "inactive" as const, at: 9, byActions: true },
    ].reduce(withStatus, newRow(heard));
    expect(row).toMatchObject({ state: "inactive", startedAt: 1, finishedAt: 5, succeededAt: 5 });
  });

  it("knows what runs in the environment: the newest success, this deployment aside", () => {
    const older = aRow("production", "a", { succeededAt: 1 });
    const newer = aRow("production", "b", { succeededAt: 9 });
    expect(lastSuccess([newer, older], 0)).toBe(newer);
    expect(lastSuccess([newer, older], newer.deploymentId)).toBe(older);
    expect(lastSuccess([aRow("production", "a", { succeededAt: null })], 0)).toBeNull();
  });
});

describe("W22: who called a deployment a success", () => {
  const by = (byActions: boolean) => (state: DeploymentState, at: number) => ({
    state,
    at,
    byActions,
  });
  const [actions, somebody] = [by(true), by(false)];
  const course = (...statuses: readonly StatusReported[]) =>
    statuses.reduce(withStatus, newRow(heard));

  it("only its run can: what a person or another App says of it proves nothing", () => {
    const failed = course(actions("in_progress", 1), actions("failure", 5), somebody("success", 9));
    expect(failed).toMatchObject({ state: "failure", succeededAt: null });
    const running = course(actions("in_progress", 1), somebody("success", 2));
    expect(running).toMatchObject({ state: "in_progress", succeededAt: null });
    expect(isProvenSuccess(course(somebody("success", 2), actions("success", 7)))).toBe(true);
  });

  it.each(["failure", "error"] as const)("a %s counts whoever reports it", (state) => {
    for (const after of [[], [somebody("inactive", 9)], [actions("inactive", 9)]]) {
      const row = course(actions("success", 5), somebody(state, 8), ...after);
      expect(isProvenSuccess(row)).toBe(false);
      expect(knownGood([row], { deploymentId: 9, environment: "production", sha: "a" })).toBeNull();
      // It ran there all the same: nobody's word makes the environment one without a history.
      expect(lastSuccess([row], 9)).toBe(row);
      expect(promotionOf([row], "a", 99, { bake: 0, within: null }).kind).toBe("failed");
    }
  });

  it("at one instant the failure stands", () => {
    for (const list of [
      [actions("success", 5), somebody("failure", 5)],
      [somebody("failure", 5), actions("success", 5)],
    ])
      expect(course(...list).state).toBe("failure");
  });

  it("where no job deploys, it is what it is said to be", () => {
    const row = withStatus(newRow({ ...heard, runId: null }), somebody("success", 5));
    expect(row.succeededAt).toBe(5);
  });

  it.each([
    { who: "who made it", by: dave, succeeds: true },
    { who: "an App", by: aBot("ship[bot]"), succeeds: true },
    { who: "nobody that GitHub names", by: undefined, succeeds: true },
    { who: "somebody else", by: carol, succeeds: false },
  ])(
    "where no job deploys, only its deployer calls it a success: $who → $succeeds",
    ({ by, succeeds }) => {
      const said = (state: DeploymentState, at: number, who: typeof by) => ({
        ...{ state, at, byActions: false, by: who },
      });
      const made = newRow({ ...heard, runId: null, actor: dave });
      const none = { bake: 0, within: null };
      for (const early of [[], [said("failure", 3, dave)], [said("in_progress", 3, dave)]])
        for (const list of [
          [...early, said("success", 5, by)],
          [said("success", 5, by), ...early],
        ]) {
          const row = { ...list.reduce(withStatus, made), gateAnswer: "approved" as const };
          expect(row.succeededAt).toBe(succeeds ? 5 : null);
          expect(isProvenSuccess(row)).toBe(succeeds);
          expect(promotionOf([row], "a", monday, none).kind === "ready").toBe(succeeds);
          // It may have gone out all the same.
          expect(unprovenSuccess([row], 0)?.succeededAt).toBe(5);
        }
      const failed = withStatus(made, said("failure", 5, by));
      expect(promotionOf([failed], "a", monday, none).kind).toBe("failed");
    },
  );

  it("a failure that somebody else says ends nothing that is on its way: its run does", () => {
    const going = {
      ...newRow(heard),
      gateRequestedAt: monday,
      gateAnsweredAt: monday,
      gateAnswer: "approved",
    } as const;
    const blamed = [actions("in_progress", 1), somebody("failure", 5)].reduce(withStatus, going);
    expect(isOnItsWay(blamed, monday + 5)).toBe(true);
    expect(isOnItsWay(withStatus(blamed, actions("failure", 7)), monday + 9)).toBe(false);
    expect(isOnItsWay(withStatus(blamed, actions("success", 7)), monday + 9)).toBe(false);
    const over = withoutStatus(blamed);
    expect(over.state).toBe("failure");
    expect(isOnItsWay(over, monday + 9)).toBe(false);
    expect(isOnItsWay(withStatus(going, actions("failure", 5)), monday + 9)).toBe(false);
    const outside = [
      { ...somebody("in_progress", monday), by: dave },
      { ...somebody("failure", monday), by: carol },
    ].reduce(withStatus, newRow({ ...heard, runId: null, actor: dave }));
    expect(isOnItsWay(outside, monday + 9)).toBe(true);
    expect(isOnItsWay(outside, monday + 61 * 60_000)).toBe(false);
  });

  it("what was said before the run was known is forgotten, a failure is not", () => {
    const before = newRow({ ...heard, runId: null });
    const early = withStatus(before, somebody("success", 5));
    expect(withOrigin(early, { runId: 1 })).toMatchObject({ state: "pending", succeededAt: null });
    expect(withOrigin(early, { gateRequestedAt: 1 }).succeededAt).toBeNull();
    const worse = withStatus(early, somebody("failure", 9));
    expect(withOrigin(worse, { runId: 1 })).toMatchObject({ state: "failure", succeededAt: null });
    expect(withOrigin(early, { actor: null }).succeededAt).toBe(5);
    expect(withOrigin(course(actions("success", 5)), { gateRequestedAt: 1 }).succeededAt).toBe(5);
  });

  it.each([
    ["GitHub Actions", { creator: { login: "github-actions[bot]", type: "Bot" }, via: null }, true],
    ["its App", { creator: { login: "ada", type: "User" }, via: { slug: "github-actions" } }, true],
    ["a person", { creator: { login: "ada", type: "User" }, via: null }, false],
    [
      "a person of that name",
      { creator: { login: "github-actions", type: "User" }, via: null },
      false,
    ],
    ["another App", { creator: { login: "ship[bot]", type: "Bot" }, via: { slug: "ship" } }, false],
    ["nobody", { creator: null, via: null }, false],
  ])("%s", (_who, author, is) => {
    expect(isByActions(author)).toBe(is);
  });
});
