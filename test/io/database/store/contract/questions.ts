import { describe, expect, it } from "vitest";
import { answeredNow, askedAgain, askedAnew, type Ask } from "#core/outside/asking.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { Deployments } from "#core/ports/deployments.ts";
import type { Kind } from "../harness.ts";

const sha = "a".repeat(40);
const now = Date.UTC(2026, 10, 24, 12);
const asks = (over: Partial<Ask> = {}): Ask => ({
  repository: 1,
  environment: "live",
  sha,
  ref: "main",
  runId: null,
  actor: null,
  caller: "token one (jenkins)",
  callerKey: "token:one",
  digest: null,
  now,
  ...over,
});
const asking = (over: Partial<Ask> = {}): Parameters<Deployments["ask"]>[1] => ({
  again: (known) => askedAgain(known, asks(over)),
  anew: (newest) => askedAnew(asks(over), newest),
});
const judged = (row: DeploymentRow): DeploymentRow =>
  row.question === undefined
    ? row
    : {
        ...row,
        question: {
          ...row.question,
          judged: {
            ask: row.question.asked,
            at: now,
            recordedAt: now,
            answer: "allow",
            title: "All rules pass",
            ruled: true,
            changesAt: null,
            shown: "x",
            stops: 0,
          },
        },
      };

export function questionsContract(kind: Kind): void {
  describe("questions of deployers outside", () => {
    it("that are asked at once are one, and each ask counts", async () => {
      const { deployments } = await kind.open();
      const rows = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          deployments.ask({ repository: 1, sha }, asking({ now: now + index })),
        ),
      );
      expect(new Set(rows.map(({ deploymentId }) => deploymentId)).size).toBe(1);
      expect(
        rows.map(({ question }) => question?.asked).toSorted((a, b) => (a ?? 0) - (b ?? 0)),
      ).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(await deployments.ofSha(1, sha)).toHaveLength(1);
    });

    it("in one millisecond about several commits, by several callers, are several", async () => {
      const { deployments } = await kind.open();
      const each = ["a", "b", "c"].flatMap((digit) =>
        ["token:one", "token:two"].map((callerKey) => ({ sha: digit.repeat(40), callerKey })),
      );
      const rows = await Promise.all(
        each.map((over) => deployments.ask({ repository: 1, sha: over.sha }, asking(over))),
      );
      expect(new Set(rows.map(({ deploymentId }) => deploymentId)).size).toBe(each.length);
      for (const { repository, deploymentId, environment, sha: own, question } of rows) {
        const kept = await deployments.row(repository, deploymentId, environment);
        expect([kept?.sha, kept?.question?.callerKey]).toEqual([own, question?.callerKey]);
      }
    });

    it("are found many at once, each as it is kept", async () => {
      const { deployments } = await kind.open();
      const one = await deployments.ask({ repository: 1, sha }, asking());
      const other = await deployments.ask({ repository: 2, sha }, asking({ repository: 2 }));
      await deployments.ask({ repository: 3, sha }, asking({ repository: 3 }));
      const found = await deployments.rows([one, other, { ...one, deploymentId: 999 }]);
      expect(found.toSorted((a, b) => a.repository - b.repository)).toEqual([one, other]);
      expect(await deployments.rows([])).toEqual([]);
    });

    it("are answered once, and what is asked afterwards is another one", async () => {
      const { deployments } = await kind.open();
      const ask = () => deployments.ask({ repository: 1, sha }, asking());
      const first = await ask();
      await deployments.change(first, (row) => (row === null ? null : judged(row)));
      const give = () =>
        deployments.change(first, (row) => (row === null ? null : answeredNow(row, 1, now, 0)));
      const given = await Promise.all([give(), give()]);
      expect(given.map((row) => row?.gateAnswer)).toEqual(["approved", "approved"]);
      const row = await deployments.row(1, first.deploymentId, "live");
      expect(row).toEqual(given[0]);
      expect(row?.question?.validUntil).toBe(now + 5 * 60_000);
      const second = await ask();
      expect(second.deploymentId).not.toBe(first.deploymentId);
      expect(await deployments.waiting()).toEqual([second]);
    });
  });
}
