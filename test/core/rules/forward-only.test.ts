import { describe, expect, it } from "vitest";
import { commitOrder, deploymentsHere, type CommitOrder } from "#core/facts/deployments.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { forwardOnly } from "#core/rules/forward-only/rule.ts";
import { aDeployment, cannotRead, headSha, minute, monday, sha, tell } from "../build.ts";
import { aRow, deploymentWorld } from "../deployment-world.ts";
import { judge } from "../judge.ts";

const other = sha("e");
const third = sha("d");
const ahead: CommitOrder = { ahead: 3, behind: 0 };
const behind: CommitOrder = { ahead: 0, behind: 2 };
const apart: CommitOrder = { ahead: 3, behind: 2 };

const said = (
  rows: readonly DeploymentRow[],
  orders: Readonly<Record<string, CommitOrder>> = {},
  before: readonly DeploymentRow[] = [],
) =>
  judge(
    forwardOnly,
    true,
    deploymentWorld(
      { before },
      tell(deploymentsHere.need(), rows),
      ...Object.entries(orders).map(([commit, order]) => tell(commitOrder.need(commit), order)),
    ),
    { subject: aDeployment },
  );

const waiting = (commit: string, over: Partial<DeploymentRow> = {}): DeploymentRow =>
  aRow("production", commit, {
    state: "waiting",
    succeededAt: null,
    finishedAt: null,
    createdAt: monday - 5 * minute,
    gateRequestedAt: monday - 5 * minute,
    ...over,
  });
const own = (over: Partial<DeploymentRow> = {}): DeploymentRow =>
  waiting(headSha, { deploymentId: aDeployment.deploymentId, ...over });

describe("forward_only", () => {
  it.each([
    { what: "nothing ran there", rows: [], orders: {}, kind: "pass" },
    {
      what: "an older one runs",
      rows: [aRow("production", other)],
      orders: { [other]: ahead },
      kind: "pass",
    },
    { what: "the same one runs", rows: [aRow("production", headSha)], orders: {}, kind: "pass" },
    {
      what: "a newer one runs",
      rows: [aRow("production", other)],
      orders: { [other]: behind },
      kind: "fail",
    },
    {
      what: "one runs that has commits of its own",
      rows: [aRow("production", other)],
      orders: { [other]: apart },
      kind: "fail",
    },
    {
      what: "a newer one failed",
      rows: [aRow("production", other, { state: "failure", succeededAt: null })],
      orders: {},
      kind: "pass",
    },
  ])("$what → $kind", ({ rows, orders, kind }) => {
    expect(said([own(), ...rows], orders).kind).toBe(kind);
  });

  it("says what superseded it, and how to go back", () => {
    expect(said([own(), aRow("production", other)], { [other]: behind })).toMatchObject({
      need: "superseded: eeeeeee runs in production and is newer",
      found: "2 commits behind eeeeeee, in production since 2026-03-02 09:00 UTC",
      next: expect.stringContaining("/gate rollback production"),
    });
    expect(said([own(), aRow("production", other)], { [other]: apart }).need).toBe(
      "ddddddd lacks 2 commits of eeeeeee, which runs in production".replace(
        "ddddddd",
        headSha.slice(0, 7),
      ),
    );
  });

  it("lets a roll back pass by", () => {
    const rows = [own(), aRow("production", other)];
    const before = [aRow("production", headSha, { succeededAt: monday - 600 * minute })];
    expect(said(rows, { [other]: behind }, before).kind).toBe("skipped");
    const failed = [aRow("production", headSha, { state: "failure", succeededAt: null })];
    expect(said(rows, { [other]: behind }, failed).kind).toBe("fail");
  });

  it.each([
    { what: "waits for the gate", row: waiting(other), kind: "pending" },
    {
      what: "was let through and has not ended",
      row: waiting(other, { gateAnsweredAt: monday, gateAnswer: "approved" }),
      kind: "pending",
    },
    {
      what: "runs without having asked",
      row: waiting(other, { gateRequestedAt: null, state: "in_progress" }),
      kind: "pending",
    },
    {
      what: "was rejected",
      row: waiting(other, { gateAnsweredAt: monday, gateAnswer: "rejected" }),
      kind: "pass",
    },
    {
      what: "was cancelled",
      row: waiting(other, { gateAnsweredAt: monday, gateAnswer: null }),
      kind: "pass",
    },
    {
      what: "was made through the API and never began",
      row: waiting(other, { gateRequestedAt: null, state: "pending" }),
      kind: "pass",
    },
    {
      what: "was given up by GitHub",
      row: waiting(other, { createdAt: monday - 31 * 24 * 60 * minute }),
      kind: "pass",
    },
  ])("a newer commit that $what → $kind", ({ row, kind }) => {
    expect(said([row, own()], kind === "pending" ? { [other]: behind } : {}).kind).toBe(kind);
  });

  it.each([
    { what: "has failed", row: { state: "failure" }, kind: "pass" },
    { what: "never began, after an hour", row: {}, kind: "pass" },
    { what: "runs", row: { state: "in_progress", startedAt: monday }, kind: "pending" },
    { what: "is not on record", row: null, kind: "pending" },
  ] as const)(
    "a deployer's yes is on its way as its deployment is: one that $what → $kind",
    ({ row, kind }) => {
      const answered = { gateAnswer: "approved", runId: null } as const;
      const at = monday - (row === null || "state" in row ? 20 : 61) * minute;
      const question = waiting(other, {
        ...answered,
        gateAnsweredAt: at,
        question: {
          caller: "deployer",
          digest: null,
          asked: 1,
          askedAt: at,
          judged: null,
          validUntil: at,
          usedBy: 77,
        },
      });
      const made = {
        ...answered,
        deploymentId: 77,
        gateRequestedAt: null,
        gateAnsweredAt: at,
        createdAt: at,
        state: "pending",
      } as const;
      const rows = [
        own(),
        question,
        ...(row === null ? [] : [waiting(other, { ...made, ...row })]),
      ];
      expect(said(rows, kind === "pending" ? { [other]: behind } : {}).kind).toBe(kind);
    },
  );

  it("the newest that waits may go, whenever it was asked for", () => {
    expect(said([waiting(other), own()], { [other]: ahead }).kind).toBe("pass");
    expect(
      said([own(), waiting(other, { createdAt: monday - 50 * minute })], { [other]: behind }).kind,
    ).toBe("pending");
  });

  it("of two that do not contain each other the later goes, so that never both wait", () => {
    expect(said([waiting(other, { createdAt: monday }), own()], { [other]: apart }).kind).toBe(
      "pending",
    );
    expect(
      said([own(), waiting(other, { createdAt: monday - 9 * minute })], { [other]: apart }).kind,
    ).toBe("pass");
  });

  it("a success that nobody let through supersedes what it contains, and opens nothing", () => {
    const made = aRow("production", other, { provesNothing: true, succeededAt: monday - minute });
    const proven = aRow("production", third);
    const rows = [own(), made, proven];
    expect(said(rows, { [other]: behind, [third]: ahead }).kind).toBe("fail");
    expect(said(rows, { [other]: apart, [third]: ahead }).kind).toBe("pass");
    expect(said(rows, { [other]: ahead, [third]: behind }).kind).toBe("fail");
  });

  it.each([
    { state: "failure", provesNothing: false, order: behind, kind: "fail" },
    { state: "error", provesNothing: false, order: apart, kind: "fail" },
    { state: "inactive", provesNothing: false, order: behind, kind: "fail" },
    { state: "failure", provesNothing: true, order: behind, kind: "fail" },
    { state: "failure", provesNothing: true, order: apart, kind: "pass" },
  ] as const)(
    "a failure that anybody says of what ran opens nothing: $state, unproven $provesNothing, $order → $kind",
    ({ state, provesNothing, order, kind }) => {
      const newer = aRow("production", other, {
        state,
        succeededAt: monday - 30 * minute,
        finishedAt: monday - minute,
        ...(provesNothing ? { provesNothing } : {}),
      });
      const rows = [own(), newer, aRow("production", third)];
      expect(said(rows, { [other]: order, [third]: ahead }).kind).toBe(kind);
    },
  );

  it("what ran before a failed one may run still, and counts as well", () => {
    const failed = aRow("production", other, {
      state: "failure",
      succeededAt: monday - 30 * minute,
      finishedAt: monday - minute,
    });
    const rows = [own(), failed, aRow("production", third)];
    expect(said(rows, { [other]: ahead, [third]: behind }).kind).toBe("fail");
    expect(said(rows, { [other]: ahead, [third]: ahead }).kind).toBe("pass");
  });

  it("what cannot be read holds", () => {
    const table = (broken: Parameters<typeof cannotRead>[0]) =>
      deploymentWorld(
        {},
        tell(deploymentsHere.need(), [own(), aRow("production", other)]),
        cannotRead(broken),
      );
    for (const broken of [deploymentsHere.need(), commitOrder.need(other)])
      expect(judge(forwardOnly, true, table(broken), { subject: aDeployment }).kind).toBe(
        "unknown",
      );
  });

  it("of however many that wait the newest may go, and every other one waits for one round of questions at most", () => {
    const rivals = Array.from({ length: 40 }, (_, index) =>
      waiting(String(index).padStart(40, "0"), { createdAt: monday - index * minute }),
    );
    const ordersOf = (newest: number) =>
      Object.fromEntries(
        rivals.map((row, index) => [row.sha, index === newest ? behind : ahead] as const),
      );
    expect(said([own(), ...rivals], ordersOf(-1)).kind).toBe("pass");
    expect(said([own(), ...rivals], ordersOf(30)).kind).toBe("pending");
    const asked = Object.fromEntries(Object.entries(ordersOf(3)).slice(0, 20));
    expect(said([own(), ...rivals], asked).kind).toBe("pending");
  });

  it("more rivals than are compared hold", () => {
    const rivals = Array.from({ length: 101 }, (_, index) =>
      waiting(String(index).padStart(40, "0")),
    );
    const orders = Object.fromEntries(rivals.map((row) => [row.sha, ahead]));
    expect(said([own(), ...rivals], orders)).toMatchObject({
      kind: "pending",
      need: "101 deployments are on their way to this environment",
    });
  });
});
