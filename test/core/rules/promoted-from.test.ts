import { describe, expect, it } from "vitest";
import { type CheckFact, checks, jobNamed, statusReports } from "#core/facts/checks.ts";
import { commitOrder, type CommitOrder } from "#core/facts/deployments.ts";
import { workflowRuns } from "#core/facts/workflow-runs.ts";
import { promotedFrom } from "#core/rules/promoted-from/rule.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import {
  aBot,
  aCheck,
  aDeployment,
  aStatus,
  headSha,
  minute,
  monday,
  sha,
  tell,
} from "../build.ts";
import { aRow, deploymentWorld } from "../deployment-world.ts";
import { judge } from "../judge.ts";

const from = (
  history: readonly DeploymentRow[],
  params: Record<string, unknown> = {},
  before: readonly DeploymentRow[] = [],
  list = [aCheck("smoke")],
  /** How the judged commit stands to `e`. */
  order: CommitOrder = { ahead: 0, behind: 2 },
) =>
  judge(
    promotedFrom,
    { environment: "staging", ...params },
    deploymentWorld(
      { history: { staging: history }, before },
      tell(checks.need(), list),
      tell(commitOrder.need(sha("e")), order),
      tell(jobNamed.need({ run: 900, name: "smoke" }), null),
    ),
    { subject: aDeployment },
  );

const ago = (minutes: number): Partial<DeploymentRow> => ({
  succeededAt: monday - minutes * minute,
  finishedAt: monday - minutes * minute,
  createdAt: monday - (minutes + 1) * minute,
});

describe("promoted_from", () => {
  it.each([
    {
      what: "never deployed there",
      history: [],
      kind: "pending",
      need: "must run in staging first",
    },
    {
      what: "another commit there",
      history: [aRow("staging", sha("e"))],
      kind: "pending",
      need: "must run in staging first",
    },
    { what: "succeeded there", history: [aRow("staging", headSha)], kind: "pass", need: "" },
    {
      what: "still running there",
      history: [
        aRow("staging", headSha, { state: "in_progress", succeededAt: null, finishedAt: null }),
      ],
      kind: "pending",
      need: "Waiting for staging",
    },
    {
      what: "failed there",
      history: [aRow("staging", headSha, { state: "failure", succeededAt: null })],
      kind: "pending",
      need: "staging failed",
    },
    {
      what: "replaced by a newer commit",
      history: [
        aRow("staging", sha("e"), ago(10)),
        aRow("staging", headSha, { ...ago(60), state: "inactive" }),
      ],
      kind: "pass",
      need: "",
    },
  ])("a commit $what → $kind", ({ history, kind, need }) => {
    expect(from(history)).toMatchObject({ kind, need: expect.stringContaining(need) });
  });

  it("bakes: counts from its success, says until when, and starts anew with a redeployment", () => {
    const once = [aRow("staging", headSha, ago(20))];
    expect(from(once, { bake: "30m" })).toMatchObject({
      kind: "pending",
      need: "Bakes in staging until 2026-03-02 10:10 UTC",
      changesAt: monday + 10 * minute,
    });
    expect(from(once, { bake: "20m" }).kind).toBe("pass");
    const again = [aRow("staging", headSha, ago(5)), aRow("staging", headSha, ago(60))];
    expect(from(again, { bake: "30m" })).toMatchObject({
      kind: "pending",
      changesAt: monday + 25 * minute,
    });
    const redeploying = [
      aRow("staging", headSha, {
        state: "in_progress",
        succeededAt: null,
        createdAt: monday - minute,
      }),
      aRow("staging", headSha, ago(60)),
    ];
    expect(from(redeploying, { bake: "30m" })).toMatchObject({
      kind: "pending",
      need: "Waiting for staging",
    });
  });

  it("a redeployment that failed undoes the success before it", () => {
    const history = [
      aRow("staging", headSha, { state: "failure", succeededAt: null, createdAt: monday - minute }),
      aRow("staging", headSha, ago(60)),
    ];
    expect(from(history).kind).toBe("pending");
  });

  const unended = { succeededAt: null, finishedAt: null } as const;
  const never = { ...unended, startedAt: null } as const;
  it.each([
    { what: "failed beside it", sibling: { state: "failure", succeededAt: null }, kind: "pending" },
    { what: "runs beside it", sibling: { state: "in_progress", ...unended }, kind: "pending" },
    { what: "waits beside it", sibling: { state: "pending", ...never }, kind: "pending" },
    {
      what: "ended beside it without a word",
      sibling: { state: "inactive", ...unended },
      kind: "pending",
    },
    { what: "was cancelled beside it", sibling: { state: "inactive", ...never }, kind: "pending" },
    { what: "succeeded beside it", sibling: {}, kind: "pass" },
    {
      what: "failed and was run again",
      sibling: { state: "failure", succeededAt: null, triedAgain: true },
      kind: "pass",
    },
    {
      what: "failed in another run",
      sibling: { state: "failure", succeededAt: null, runId: 2 },
      kind: "pass",
    },
    {
      what: "was of no run and failed",
      sibling: { state: "failure", succeededAt: null, runId: null },
      kind: "pass",
    },
  ] as const)(
    "several jobs of one run are one deployment: an older job's that $what → $kind",
    ({ sibling, kind }) => {
      const older = aRow("staging", headSha, { createdAt: monday - 62 * minute, ...sibling });
      expect(from([aRow("staging", headSha, ago(60)), older]).kind).toBe(kind);
    },
  );

  it("the bake of several jobs begins when the last of them succeeded", () => {
    const history = [
      aRow("staging", headSha, { ...ago(60) }),
      aRow("staging", headSha, { ...ago(5), createdAt: monday - 70 * minute }),
    ];
    expect(from(history, { bake: "30m" })).toMatchObject({
      kind: "pending",
      changesAt: monday + 25 * minute,
    });
  });

  it.each([
    {
      what: "was cancelled at the door",
      row: { state: "inactive", gateAnsweredAt: monday, gateRequestedAt: monday },
      kind: "pass",
    },
    {
      what: "was let through and cancelled",
      row: { state: "inactive", gateAnsweredAt: monday, gateAnswer: "approved" },
      kind: "pass",
    },
    {
      what: "was made through the API and never began",
      row: { state: "pending", runId: null },
      kind: "pass",
    },
    {
      what: "waits at the door",
      row: { state: "waiting", gateRequestedAt: monday },
      kind: "pending",
    },
    {
      what: "was let through",
      row: { state: "pending", gateAnsweredAt: monday, gateAnswer: "approved" },
      kind: "pending",
    },
    {
      what: "was rejected",
      row: { state: "pending", gateAnsweredAt: monday, gateAnswer: "rejected" },
      kind: "pending",
    },
    {
      what: "began and ended without a word",
      row: { state: "inactive", startedAt: monday },
      kind: "pending",
    },
    { what: "runs", row: { state: "in_progress", startedAt: monday }, kind: "pending" },
  ] as const)(
    "nobody waits for what never comes: a redeployment that $what → $kind",
    ({ row, kind }) => {
      const again = aRow("staging", headSha, {
        ...never,
        createdAt: monday - minute,
        runId: 2,
        ...row,
      });
      expect(from([again, aRow("staging", headSha, ago(60))]).kind).toBe(kind);
    },
  );

  it("where the only deployment there came to nothing, it says to deploy again", () => {
    const dead = aRow("staging", headSha, { ...never, state: "inactive" });
    expect(from([dead])).toMatchObject({
      kind: "pending",
      next: expect.stringContaining(
        "deploys ddddddd to staging again".replace("ddddddd", headSha.slice(0, 7)),
      ) as string,
    });
    const silent = aRow("staging", headSha, { ...never, state: "pending", runId: null });
    expect(from([silent])).toMatchObject({
      need: "Waiting for staging",
      next: expect.stringContaining("Where nothing comes of it") as string,
    });
  });

  it("a commit that was replaced before it had baked has not baked, however long ago that was", () => {
    const history = [
      aRow("staging", sha("e"), ago(50)),
      aRow("staging", headSha, { ...ago(60), state: "inactive" }),
    ];
    const verdict = from(history, { bake: "30m" });
    expect(verdict).toMatchObject({
      kind: "pending",
      found: expect.stringContaining("before it had baked"),
    });
    expect(verdict.changesAt).toBeUndefined();
    expect(from(history, { bake: "10m" }).kind).toBe("pass");
  });

  it.each([
    ["an older commit that never ran there before", { ahead: 2, behind: 0 }, "pending"],
    ["a newer one", { ahead: 0, behind: 2 }, "pass"],
    ["one of another branch", { ahead: 1, behind: 1 }, "pass"],
  ] as const)("a ring where %s runs now: %s → %s", (_what, order, kind) => {
    const history = [
      aRow("staging", sha("e"), ago(5)),
      aRow("staging", headSha, { ...ago(60), state: "inactive" }),
    ];
    const verdict = from(history, {}, [], [], order);
    expect(verdict).toMatchObject({
      kind,
      found: expect.stringContaining(kind === "pass" ? "succeeded" : "rolled back in staging"),
    });
    // What ran there after that again counts as before.
    const again = [aRow("staging", headSha, ago(1)), ...history];
    expect(from(again, {}, [], [], order).kind).toBe("pass");
  });

  it("a ring that went back stops the next", () => {
    const older = sha("d");
    const history = [
      aRow("staging", older, ago(5)),
      aRow("staging", headSha, { ...ago(60), state: "inactive" }),
      aRow("staging", older, ago(300)),
    ];
    expect(from(history)).toMatchObject({ kind: "pending", need: "staging was rolled back" });
  });

  it("within: an old proof proves nothing, and the verdict changes when it grows too old", () => {
    expect(from([aRow("staging", headSha, ago(60))], { within: "30m" })).toMatchObject({
      kind: "pending",
      need: "The deployment to staging is too old",
    });
    expect(from([aRow("staging", headSha, ago(60))], { within: "2h" })).toMatchObject({
      kind: "pass",
      changesAt: monday + 60 * minute + 1,
    });
  });

  it.each([
    { conclusion: "success" as const, kind: "pass" },
    { conclusion: "failure" as const, kind: "pending" },
    { conclusion: "skipped" as const, kind: "pending" },
  ])(
    "named checks that ended with $conclusion → $kind, never a rejection",
    ({ conclusion, kind }) => {
      expect(
        from(
          [aRow("staging", headSha)],
          { checks: ["smoke"] },
          [],
          [aCheck("smoke", { conclusion })],
        ).kind,
      ).toBe(kind);
    },
  );

  it("a job that waits to be let into the environment is not waited for", () => {
    const own = aCheck("smoke / deploy", {
      id: 2,
      status: "waiting",
      conclusion: null,
      run: { id: aDeployment.runId ?? 0, event: "push", path: ".github/workflows/deploy.yml" },
    });
    const judged = (list: readonly CheckFact[]) =>
      judge(
        promotedFrom,
        { environment: "staging", checks: ["smoke*"] },
        deploymentWorld(
          { history: { staging: [aRow("staging", headSha)] } },
          tell(checks.need(), list),
          tell(workflowRuns.need(), []),
          tell(jobNamed.need({ run: 900, name: "smoke" }), null),
        ),
        { subject: aDeployment },
      );
    expect(judged([aCheck("smoke"), own]).kind).toBe("pass");
    expect(judged([own])).toMatchObject({
      kind: "pending",
      found: expect.stringMatching(/smoke\*: absent/) as string,
    });
  });

  it("a named check that is absent is waited for", () => {
    expect(from([aRow("staging", headSha)], { checks: ["smoke", "load"] })).toMatchObject({
      kind: "pending",
      need: "Waiting for load after staging",
    });
  });

  it("an older commit that ran here needs no order and no bake", () => {
    expect(from([], { bake: "30m" }, [aRow("production", headSha)]).kind).toBe("skipped");
    expect(
      from([aRow("staging", headSha, { state: "failure", succeededAt: null })], {}, [
        aRow("production", headSha),
      ]).kind,
    ).toBe("skipped");
  });

  it("rings of any number each ask for the one before", () => {
    const ring = (
      environment: string,
      before: string,
      history: Readonly<Record<string, readonly DeploymentRow[]>>,
    ) =>
      judge(promotedFrom, { environment: before, bake: "10m" }, deploymentWorld({ history }), {
        subject: { ...aDeployment, environment },
      }).kind;
    const history = {
      staging: [aRow("staging", headSha, ago(90))],
      "production-10": [aRow("production-10", headSha, ago(30))],
      "production-50": [aRow("production-50", headSha, { state: "failure", succeededAt: null })],
    };
    expect(ring("production-10", "staging", history)).toBe("pass");
    expect(ring("production-50", "production-10", history)).toBe("pass");
    expect(ring("production", "production-50", history)).toBe("pending");
  });

  it.each([
    {
      ours: { environment: "staging", bake: "30m" },
      theirs: { environment: "staging", bake: "1h" },
      is: "tighter",
    },
    {
      ours: { environment: "staging", bake: "30m" },
      theirs: { environment: "staging", bake: 0 },
      is: "looser",
    },
    { ours: { environment: "staging" }, theirs: { environment: "test" }, is: "looser" },
    {
      ours: { environment: "staging" },
      theirs: { environment: "staging", within: "1d" },
      is: "tighter",
    },
    {
      ours: { environment: "staging", checks: ["smoke"] },
      theirs: { environment: "staging" },
      is: "looser",
    },
  ])("$theirs against $ours of the organisation is $is", ({ ours, theirs, is }) => {
    expect(promotedFrom.compare(ours, theirs)).toBe(is);
  });

  it("W12: a stranger's green status does not hide the red one of the check that is asked for", () => {
    const red = aStatus("smoke", { conclusion: "failure" });
    const green = aStatus("smoke", { creator: aBot("other[bot]"), startedAt: monday + minute });
    const kindWith = (reports: readonly CheckFact[]): string =>
      judge(
        promotedFrom,
        { environment: "staging", checks: ["smoke"] },
        deploymentWorld(
          { history: { staging: [aRow("staging", headSha)] } },
          tell(checks.need(), [green]),
          tell(statusReports.need(), reports),
        ),
        { subject: aDeployment },
      ).kind;
    expect(kindWith([green])).toBe("pass");
    expect(kindWith([green, red])).toBe("pending");
  });
});
