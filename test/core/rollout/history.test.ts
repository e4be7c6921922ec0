import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deploymentStates } from "#core/model/deployment.ts";
import { lastSuccess, newRow, withStatus } from "#core/deployments/history.ts";
import { monday } from "../build.ts";
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
      { state: "in_progress" as const, at: 1 },
      { state: "success" as const, at: 5 },
      { state: "inactive" as const, at: 9 },
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
