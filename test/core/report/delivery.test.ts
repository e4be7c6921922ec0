import { describe, expect, it } from "vitest";
import { firstQuestionId } from "#core/model/subject.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { Change } from "#core/report/change.ts";
import { deliveredBy, deliveryFigures } from "#core/report/delivery.ts";
import { sha } from "../build.ts";
import { aChange, aDeployment, day, dayMs, failed, hourMs } from "./build.ts";

const tenDays = { from: day(0), to: day(10) };

function figures(
  deployments: readonly DeploymentRow[],
  changes: readonly Change[] = [],
  { watchedSince = 0 as number | null, period = tenDays, now = day(365) } = {},
) {
  return deliveryFigures([deliveredBy({ deployments, changes, watchedSince })], period, now);
}

/** Frequency by count, failed of ended, recovery in hours with open failures. */
function short(deployments: readonly DeploymentRow[]) {
  const { deploymentFrequency, changeFailureRate, recoveryTime } = figures(deployments);
  return {
    succeeded: deploymentFrequency.rows,
    ended: changeFailureRate.rows,
    rate: changeFailureRate.value,
    hours: recoveryTime.value === null ? null : recoveryTime.value / hourMs,
    recovered: recoveryTime.rows,
    open: recoveryTime.missing,
  };
}

const good = { rate: 0, hours: null, recovered: 0, open: 0 };
const run = { runId: 5 };

describe("deployments and failures", () => {
  it.each<[string, readonly DeploymentRow[], object]>([
    [
      "two that succeed",
      [aDeployment("a", day(1)), aDeployment("b", day(2))],
      { succeeded: 2, ended: 2, ...good },
    ],
    [
      "one that failed and was never followed",
      [failed("a", day(1))],
      { succeeded: 0, ended: 1, rate: 100, hours: null, recovered: 0, open: 1 },
    ],
    [
      "a failure and its fix a day later",
      [failed("a", day(1)), aDeployment("b", day(2))],
      { succeeded: 1, ended: 2, rate: 50, hours: 24, recovered: 1, open: 0 },
    ],
    [
      "a run that failed and was run again",
      [failed("a", day(1), run), aDeployment("a", day(2), run)],
      { succeeded: 1, ended: 1, ...good },
    ],
    [
      "a run that succeeded and failed when it was run again",
      [aDeployment("a", day(1), run), failed("a", day(2), run)],
      { succeeded: 0, ended: 1, rate: 100, hours: null, recovered: 0, open: 1 },
    ],
    [
      "the same commit by another run",
      [failed("a", day(1)), aDeployment("a", day(2))],
      { succeeded: 1, ended: 2, rate: 50, hours: 24, recovered: 1, open: 0 },
    ],
    [
      "a success that is rolled back: from its success to the roll back's",
      [aDeployment("a", day(1)), aDeployment("b", day(2)), aDeployment("a", day(3))],
      { succeeded: 2, ended: 2, rate: 50, hours: 24, recovered: 1, open: 0 },
    ],
    [
      "a roll back by running the old run again",
      [aDeployment("a", day(1), run), aDeployment("b", day(2)), aDeployment("a", day(3), run)],
      { succeeded: 2, ended: 2, rate: 50, hours: 24, recovered: 1, open: 0 },
    ],
    [
      "a roll back over two: only what ran is taken back",
      [
        aDeployment("a", day(1)),
        aDeployment("b", day(2)),
        aDeployment("c", day(3)),
        aDeployment("a", day(4)),
      ],
      { succeeded: 3, ended: 3, rate: 100 / 3, hours: 24, recovered: 1, open: 0 },
    ],
    [
      "a failure and a roll back are one failure",
      [aDeployment("a", day(1)), failed("b", day(2)), aDeployment("a", day(3))],
      { succeeded: 1, ended: 2, rate: 50, hours: 24, recovered: 1, open: 0 },
    ],
    [
      "forward again after a roll back is no roll back",
      [
        aDeployment("a", day(1)),
        aDeployment("b", day(2)),
        aDeployment("a", day(3)),
        aDeployment("b", day(4)),
      ],
      { succeeded: 3, ended: 3, rate: 100 / 3, hours: 24, recovered: 1, open: 0 },
    ],
    [
      "a roll back that failed first",
      [
        aDeployment("a", day(1)),
        aDeployment("b", day(2)),
        failed("a", day(3)),
        aDeployment("a", day(4)),
      ],
      { succeeded: 2, ended: 2, rate: 50, hours: 48, recovered: 1, open: 0 },
    ],
    [
      "several environments are several deployments",
      [aDeployment("a", day(1)), aDeployment("a", day(1), { environment: "prod-eu" })],
      { succeeded: 2, ended: 2, ...good },
    ],
    [
      "another environment repairs nothing",
      [failed("a", day(1)), aDeployment("b", day(2), { environment: "prod-eu" })],
      { succeeded: 1, ended: 2, rate: 50, hours: null, recovered: 0, open: 1 },
    ],
    [
      "one environment in two spellings",
      [failed("a", day(1)), aDeployment("b", day(2), { environment: "Production" })],
      { succeeded: 1, ended: 2, rate: 50, hours: 24, recovered: 1, open: 0 },
    ],
    [
      "what the gate rejected, what waits and what was only asked is nothing that went out",
      [
        failed("a", day(1), { startedAt: null, gateAnswer: "rejected" }),
        aDeployment("b", day(2), { state: "waiting", finishedAt: null, succeededAt: null }),
        aDeployment("c", day(3), { deploymentId: firstQuestionId }),
      ],
      { succeeded: 0, ended: 0, rate: null, hours: null, recovered: 0, open: 0 },
    ],
    [
      "what was replaced had succeeded",
      [aDeployment("a", day(1), { state: "inactive" })],
      { succeeded: 1, ended: 1, ...good },
    ],
    [
      "what ended after the period",
      [aDeployment("a", day(10) - hourMs)],
      { succeeded: 0, ended: 0, rate: null, hours: null, recovered: 0, open: 0 },
    ],
  ])("%s", (_name, rows, expected) => {
    expect(short(rows)).toEqual(expected);
    // Whatever order the store tells them in.
    expect(short(rows.toReversed())).toEqual(expected);
  });
});

describe("deployment frequency", () => {
  const two = [aDeployment("a", day(6)), aDeployment("b", day(8))];
  it.each([
    ["by the days of the period", { watchedSince: 0 }, 0.2],
    ["by the days on which the gate watched", { watchedSince: day(5) }, 0.4],
    ["by the days that are over", { watchedSince: 0, now: day(9) }, 2 / 9],
    ["a gap where the gate never looked", { watchedSince: null }, null],
    ["a gap where the period is to come", { watchedSince: day(20) }, null],
  ])("%s", (_name, around, value) => {
    expect(figures(two, [], around).deploymentFrequency.value).toBe(value);
  });

  it("is zero, and no gap, where the gate watched and nothing went out", () => {
    expect(figures([]).deploymentFrequency).toMatchObject({ value: 0, rows: 0 });
  });
});

describe("lead time", () => {
  const lead = (deployments: readonly DeploymentRow[], changes: readonly Change[]) => {
    const { leadTime } = figures(deployments, changes);
    return [
      leadTime.value === null ? null : leadTime.value / dayMs,
      leadTime.rows,
      leadTime.missing,
    ];
  };
  const ran = { succeededAt: day(3), finishedAt: day(3) };
  it.each<[string, readonly DeploymentRow[], readonly Change[], unknown]>([
    ["nothing observed", [], [], [null, 0, 0]],
    [
      "one change, from its push",
      [aDeployment("a", day(2), ran)],
      [aChange("a", 1, day(1))],
      [3, 1, 0],
    ],
    [
      "a push that nobody saw",
      [aDeployment("a", day(2), ran)],
      [aChange("a", 1, day(1), { committedAt: null })],
      [null, 0, 1],
    ],
    [
      "a failed deployment brings nothing; the next one brings it",
      [failed("a", day(1) + 1), aDeployment("a", day(2), ran)],
      [aChange("a", 1, day(1))],
      [3, 1, 0],
    ],
    [
      "a deployment brings all that was merged since the one before",
      [aDeployment("a", day(-2)), aDeployment("c", day(2), ran)],
      [aChange("a", 1, day(-3)), aChange("b", 2, day(0)), aChange("c", 3, day(1))],
      [3.5, 2, 0],
    ],
    [
      "of what ran before the first nobody knows: its own change alone",
      [aDeployment("b", day(2), ran)],
      [aChange("a", 1, day(0)), aChange("b", 2, day(1))],
      [3, 1, 0],
    ],
    [
      "a roll back brings nothing, and forward again nothing twice",
      [
        aDeployment("a", day(1)),
        aDeployment("b", day(2), ran),
        aDeployment("a", day(4)),
        aDeployment("b", day(5)),
      ],
      [aChange("a", 1, day(-9)), aChange("b", 2, day(1))],
      [(3 + (11 + 1 / 24)) / 2, 2, 0],
    ],
    [
      "the first of several environments counts",
      [aDeployment("a", day(2), ran), aDeployment("a", day(4), { environment: "prod-eu" })],
      [aChange("a", 1, day(1))],
      [3, 1, 0],
    ],
    [
      "a commit that no pull request became makes unclear when what is older came",
      [aDeployment("a", day(-4)), aDeployment("x", day(1)), aDeployment("c", day(2), ran)],
      [aChange("a", 1, day(-5)), aChange("b", 2, day(0)), aChange("c", 3, day(1))],
      [3, 1, 1],
    ],
  ])("%s", (_name, deployments, changes, expected) => {
    expect(lead(deployments, changes)).toEqual(expected);
  });
});

it("a year of events comes out as computed by hand", () => {
  const gated = (asked: number, heldHours: number): Partial<DeploymentRow> => ({
    gateRequestedAt: asked,
    gateAnsweredAt: asked + heldHours * hourMs,
    gateAnswer: "approved",
    startedAt: asked + heldHours * hourMs,
    finishedAt: asked + (heldHours + 1) * hourMs,
    succeededAt: asked + (heldHours + 1) * hourMs,
  });
  const deployments = [
    // January: two changes in one deployment, held for 3 hours.
    aDeployment("b", day(10), gated(day(10), 3)),
    // March: fails after an hour; its run again succeeds two days later.
    failed("c", day(70), { runId: 7 }),
    aDeployment("c", day(72), { runId: 7, ...gated(day(72), 1) }),
    // June: goes out, and is rolled back six hours later.
    aDeployment("d", day(160), gated(day(160), 0)),
    aDeployment("c", day(160) + 6 * hourMs, gated(day(160) + 6 * hourMs, 0)),
    // The fix the next day.
    aDeployment("e", day(161), gated(day(161), 5)),
    // October: fails, and is repaired by another commit twelve hours later.
    failed("f", day(280)),
    aDeployment("g", day(280) + 12 * hourMs, gated(day(280) + 12 * hourMs, 0)),
    // December: fails, and the year ends.
    failed("h", day(360)),
  ];
  const changes = [
    aChange("0", 1, day(-20)),
    aChange("a", 2, day(8)),
    aChange("b", 3, day(9)),
    aChange("c", 4, day(69)),
    aChange("d", 5, day(158)),
    aChange("e", 6, day(160) + 12 * hourMs),
    aChange("f", 7, day(279)),
    aChange("g", 8, day(280)),
    aChange("h", 9, day(359)),
  ];
  const year = { from: day(0), to: day(365) };
  // What ran before the year.
  const before = aDeployment("0", day(-19));
  expect(figures([before, ...deployments], changes, { period: year })).toEqual({
    // b, c, d, e, g: the roll back to c is none of them.
    deploymentFrequency: { value: 5 / 365, unit: "a day", rows: 5, missing: 0 },
    // Hours from the push, a day before the merge, until it ran:
    // a 2·24+4+24 = 76, b 24+4+24 = 52, c 3·24+2+24 = 98, d 2·24+1+24 = 73, e 12+6+24 = 42, f 24+12+1+24 = 61, g 12+1+24 = 37.
    // In order 37 42 52 61 73 76 98.
    leadTime: { value: 61 * hourMs, unit: "ms", rows: 7, missing: 0 },
    // b, c, d, e, f, g and h ended; d was taken back, f and h failed.
    changeFailureRate: { value: (3 * 100) / 7, unit: "percent", rows: 7, missing: 0 },
    // d: from its success to the roll back's, 6 hours; f: failed after 1 hour, g ran after 13: 12 hours; h: open.
    recoveryTime: { value: 9 * hourMs, unit: "ms", rows: 2, missing: 1 },
    path: [
      // All were merged a day after their push.
      { step: "merge", value: 24 * hourMs, unit: "ms", rows: 7, missing: 0 },
      // a 48, b 24, c 24 (asked for the first time two days before the try that succeeded), d 48, e 12, f 36, g 12.
      { step: "ask", value: 24 * hourMs, unit: "ms", rows: 7, missing: 0 },
      // a 3, b 3, c 49, d 0, e 5, f 0, g 0.
      { step: "gate", value: 3 * hourMs, unit: "ms", rows: 7, missing: 0 },
      { step: "run", value: hourMs, unit: "ms", rows: 7, missing: 0 },
    ],
  });
});

it("adds repositories up, each with its own environments and changes", () => {
  const one = (repository: number, rows: readonly DeploymentRow[]) =>
    deliveredBy({
      deployments: rows.map((row) => ({ ...row, repository })),
      changes: [],
      watchedSince: 0,
    });
  const { deploymentFrequency, recoveryTime } = deliveryFigures(
    [one(1, [failed("a", day(1))]), one(2, [aDeployment("b", day(2))])],
    tenDays,
    day(20),
  );
  expect(deploymentFrequency.rows).toBe(1);
  expect(recoveryTime).toMatchObject({ rows: 0, missing: 1 });
  expect(sha("a")).not.toBe(sha("b"));
});
