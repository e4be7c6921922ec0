import { describe, expect, it } from "vitest";
import type { Act } from "#core/model/act.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { TicketRow } from "#core/model/ticket.ts";
import type { Kind } from "../harness.ts";

const actor = { id: 9, login: "ann", type: "User" } as const;

const anAct = (parts: Partial<Act> = {}): Act => ({
  id: "comment:1:0",
  kind: "override",
  repository: 1,
  pullRequest: 2,
  environment: null,
  sha: "aaa",
  name: "hotfix",
  actor,
  at: 100,
  said: { at: 99_000, comment: 1 },
  expiresAt: 200,
  reason: "the shop is down",
  detail: { ticket: "OPS-1" },
  ...parts,
});

const aDeployment = (parts: Partial<DeploymentRow> = {}): DeploymentRow => ({
  repository: 1,
  deploymentId: 50,
  environment: "production",
  sha: "aaa",
  ref: "main",
  runId: 8,
  actor,
  createdAt: 100,
  state: "waiting",
  startedAt: null,
  finishedAt: null,
  succeededAt: null,
  gateRequestedAt: null,
  gateAnsweredAt: null,
  gateAnswer: null,
  reports: 0,
  ...parts,
});

const aTicket = (parts: Partial<TicketRow> = {}): TicketRow => ({
  repository: 1,
  key: "finding:1",
  purpose: "finding",
  issue: null,
  state: "wanted",
  openedAt: 100,
  dueAt: null,
  closedAt: null,
  detail: { severity: "high" },
  ...parts,
});

export function actsContract(kind: Kind): void {
  describe("acts", () => {
    it("finds what has not run out", async () => {
      const { acts } = await kind.open();
      for (const [id, expiresAt] of [
        ["over", 100],
        ["on", 101],
        ["for good", null],
      ] as const)
        await acts.add(anAct({ id, kind: "freeze", expiresAt }));
      const found = await acts.find({ kinds: ["freeze"], expiresAfter: 100 });
      expect(found.map(({ id }) => id)).toEqual(["on", "for good"]);
    });

    it("T36: an act is recorded once by its id and never changed", async () => {
      const { acts } = await kind.open();
      expect(await acts.add(anAct())).toBe(true);
      expect(await acts.add(anAct({ reason: "another" }))).toBe(false);
      expect(await acts.find({})).toEqual([anAct()]);
    });

    const stored = [
      anAct({ id: "1", at: 300 }),
      anAct({ id: "2", at: 100, kind: "hold", sha: null }),
      anAct({ id: "3", at: 200, pullRequest: null, environment: "production", kind: "freeze" }),
      anAct({ id: "4", at: 200, repository: 2 }),
    ];

    it.each([
      ["everything, oldest first", {}, ["2", "3", "4", "1"]],
      ["a repository's", { repository: 1 }, ["2", "3", "1"]],
      ["a pull request's", { repository: 1, pullRequest: 2 }, ["2", "1"]],
      ["an environment's", { environment: "production" }, ["3"]],
      ["a commit's", { repository: 1, sha: "aaa" }, ["3", "1"]],
      ["some kinds", { kinds: ["hold", "freeze"] as const }, ["2", "3"]],
      ["no kinds", { kinds: [] as const }, []],
      ["since an instant, inclusive", { since: 200 }, ["3", "4", "1"]],
    ])("finds %s", async (_what, filter, ids) => {
      const { acts } = await kind.open();
      for (const act of stored) await acts.add(act);
      expect((await acts.find(filter)).map((act) => act.id)).toEqual(ids);
    });
  });

  describe("deployments", () => {
    it("keeps one row per deployment and environment", async () => {
      const { deployments } = await kind.open();
      await deployments.save(aDeployment());
      await deployments.save(aDeployment({ environment: "staging", actor: null, runId: null }));
      await deployments.save(
        aDeployment({
          state: "success",
          succeededAt: 300,
          gateAnswer: "approved",
          gateAnsweredAt: 200,
          gateRequestedAt: 150,
          reports: 2,
        }),
      );
      expect(await deployments.row(1, 50, "production")).toEqual(
        aDeployment({
          state: "success",
          succeededAt: 300,
          gateAnswer: "approved",
          gateAnsweredAt: 200,
          gateRequestedAt: 150,
          reports: 2,
        }),
      );
      expect(await deployments.row(1, 50, "staging")).toEqual(
        aDeployment({ environment: "staging", actor: null, runId: null }),
      );
      expect(await deployments.row(1, 51, "production")).toBeNull();
      expect(await deployments.environments(1)).toEqual(["production", "staging"]);
    });

    it("finds what ran, and what was let through, behind any number that came to nothing", async () => {
      const { deployments } = await kind.open();
      await deployments.save(aDeployment({ deploymentId: 1, createdAt: 1, succeededAt: 2 }));
      await deployments.save(
        aDeployment({ deploymentId: 2, createdAt: 3, gateAnswer: "approved" }),
      );
      for (let id = 3; id < 8; id += 1)
        await deployments.save(aDeployment({ deploymentId: id, createdAt: id * 10 }));
      const ids = async (which: "succeeded" | "approved"): Promise<readonly number[]> =>
        (await deployments.inEnvironment(1, "Production", 2, which)).map((row) => row.deploymentId);
      expect(await ids("succeeded")).toEqual([1]);
      expect(await ids("approved")).toEqual([2]);
      for (let id = 8; id < 208; id += 1)
        await deployments.save(aDeployment({ deploymentId: id, createdAt: id * 10 }));
      const back = (await deployments.lookBack(1, "Production")).map((row) => row.deploymentId);
      expect(back).toHaveLength(202);
      expect([back[0], ...back.slice(-2)]).toEqual([207, 2, 1]);
    });

    it("lists newest first by environment and by commit", async () => {
      const { deployments } = await kind.open();
      for (const [deploymentId, createdAt, sha] of [
        [1, 100, "a"],
        [2, 300, "b"],
        [3, 200, "a"],
      ] as const) {
        await deployments.save(aDeployment({ deploymentId, createdAt, sha }));
      }
      const ids = (rows: readonly DeploymentRow[]): readonly number[] =>
        rows.map((row) => row.deploymentId);
      expect(ids(await deployments.inEnvironment(1, "production", 2))).toEqual([2, 3]);
      expect(ids(await deployments.ofSha(1, "a"))).toEqual([3, 1]);
      await deployments.save(aDeployment({ repository: 2, deploymentId: 9, createdAt: 250 }));
      await deployments.save(aDeployment({ repository: 3, deploymentId: 10, createdAt: 250 }));
      expect(ids(await deployments.ofRepositories([1, 2]))).toEqual([2, 9, 3, 1]);
      expect(await deployments.ofRepositories([])).toEqual([]);
      await deployments.save(aDeployment({ deploymentId: 4, runId: 4711 }));
      expect(ids(await deployments.ofRun(1, 4711))).toEqual([4]);
    });

    it("F32: finds what was asked of the gate and not answered, oldest first", async () => {
      const { deployments } = await kind.open();
      await deployments.save(aDeployment({ deploymentId: 1, gateRequestedAt: 300 }));
      await deployments.save(aDeployment({ deploymentId: 2, gateRequestedAt: 200 }));
      await deployments.save(
        aDeployment({
          deploymentId: 3,
          gateRequestedAt: 100,
          gateAnsweredAt: 400,
          gateAnswer: "rejected",
        }),
      );
      await deployments.save(aDeployment({ deploymentId: 4 }));
      expect((await deployments.waiting()).map((row) => row.deploymentId)).toEqual([2, 1]);
    });
  });

  describe("tickets", () => {
    it("keeps a ticket by key, finds it by issue, and lists what is not closed", async () => {
      const { tickets } = await kind.open();
      await tickets.save(aTicket());
      await tickets.save(aTicket({ issue: 7, state: "open" }));
      await tickets.save(aTicket({ key: "finding:2", openedAt: 50 }));
      await tickets.save(aTicket({ key: "finding:3", state: "closed", closedAt: 300, issue: 8 }));
      await tickets.save(aTicket({ key: "review:1", purpose: "review", dueAt: 900 }));
      expect(await tickets.row(1, "finding:1")).toEqual(aTicket({ issue: 7, state: "open" }));
      expect(await tickets.byIssue(1, 7)).toEqual(aTicket({ issue: 7, state: "open" }));
      expect(await tickets.byIssue(1, 99)).toBeNull();
      expect(await tickets.row(2, "finding:1")).toBeNull();
      expect((await tickets.open(1, "finding")).map((row) => row.key)).toEqual([
        "finding:2",
        "finding:1",
      ]);
      expect((await tickets.open(1, "review")).map((row) => row.dueAt)).toEqual([900]);
    });
  });
}
