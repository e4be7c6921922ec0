import { describe, expect, it } from "vitest";
import { approvalsInForce } from "#core/deployments/approvals-in-force.ts";
import { freezesEnvironment, freezesInForce } from "#core/deployments/freezes-in-force.ts";
import { rejectionFor } from "#core/decide/rejection.ts";
import { knownGood, lastKnownGood, rollbackFor } from "#core/deployments/rollback.ts";
import { bob, carol, headSha, minute, monday, sha } from "../build.ts";
import { anAct, aRow } from "../deployment-world.ts";

const here = { environment: "production", sha: headSha, now: monday };
const deployed = { deploymentId: 5, environment: "production", sha: headSha };

describe("approvals in force", () => {
  it("are one a person, the last word, in any case of the environment's name", () => {
    const acts = [
      anAct("approve", bob, { at: 1 }),
      anAct("approve", bob, { at: 2, environment: "PRODUCTION" }),
      anAct("approve", carol, { at: 3 }),
    ];
    expect(approvalsInForce(acts, here).map(({ by, at }) => [by.login, at])).toEqual([
      ["bob", 2],
      ["carol", 3],
    ]);
  });
});

describe("a rejection", () => {
  it("ends what waited when it was given, and nothing that is asked for later", () => {
    const acts = [anAct("reject", bob, { at: monday - 5 * minute, reason: "not now" })];
    expect(rejectionFor(acts, { ...here, requestedAt: monday - 10 * minute })?.reason).toBe(
      "not now",
    );
    expect(rejectionFor(acts, { ...here, requestedAt: monday - minute })).toBeNull();
    expect(rejectionFor(acts, { ...here, sha: sha("e"), requestedAt: 0 })).toBeNull();
  });

  it("is taken back by the same person's approval", () => {
    expect(
      rejectionFor([anAct("reject", bob, { at: 1 }), anAct("approve", bob, { at: 2 })], {
        ...here,
        requestedAt: 0,
      }),
    ).toBeNull();
    expect(
      rejectionFor([anAct("reject", bob, { at: 1 }), anAct("approve", carol, { at: 2 })], {
        ...here,
        requestedAt: 0,
      }),
    ).not.toBeNull();
  });
});

it("a no that a clock ahead of ours wrote down stops, and a yes does not open", () => {
  const ahead = { ...here, now: monday };
  const no = anAct("reject", bob, { at: monday + 1 });
  expect(rejectionFor([no], { ...ahead, requestedAt: monday - minute })).toBe(no);
  expect(approvalsInForce([anAct("approve", bob, { at: monday + 1 })], ahead)).toEqual([]);
});

describe("freezes in force", () => {
  const made = (over: Parameters<typeof anAct>[2] = {}) =>
    anAct("freeze", bob, {
      sha: null,
      name: "incident",
      detail: { from: null, until: null },
      ...over,
    });

  it.each([
    { what: "on now", act: made(), names: ["incident"] },
    {
      what: "to come",
      act: made({ detail: { from: monday + minute, until: null } }),
      names: ["incident"],
    },
    { what: "over", act: made({ detail: { from: null, until: monday } }), names: [] },
    { what: "over by its expiry", act: made({ expiresAt: monday }), names: [] },
    { what: "named after its environment", act: made({ name: null }), names: ["production"] },
    {
      what: "on now, written down by a clock that is ahead",
      act: made({ at: monday + minute }),
      names: ["incident"],
    },
  ])("one that is $what", ({ act, names }) => {
    expect(freezesInForce([act], monday).map(({ name }) => name)).toEqual(names);
  });

  it("is on from the instant it was said, never later than it is known", () => {
    expect(freezesInForce([made({ at: monday + minute })], monday)[0]?.from).toBe(monday);
    expect(freezesInForce([made({ at: monday - minute })], monday)[0]?.from).toBe(monday - minute);
  });

  it("is lifted by what was said after it, whatever the clocks", () => {
    const acts = [
      made({ at: monday + minute }),
      anAct("unfreeze", carol, { name: "incident", at: monday }),
    ];
    expect(freezesInForce(acts, monday)).toEqual([]);
  });

  it.each([
    { unfreeze: { name: "incident" }, lifted: true },
    { unfreeze: { name: "INCIDENT" }, lifted: true },
    { unfreeze: { name: "production" }, lifted: true },
    { unfreeze: { name: null, environment: "production" }, lifted: true },
    { unfreeze: { name: "other", environment: null }, lifted: false },
    { unfreeze: { name: "incident", at: monday - 60 * minute }, lifted: false },
  ])("$unfreeze lifts it: $lifted", ({ unfreeze, lifted }) => {
    const acts = [
      made(),
      anAct("unfreeze", carol, { environment: null, sha: null, at: monday, ...unfreeze }),
    ].toSorted((a, b) => a.at - b.at);
    expect(freezesInForce(acts, monday)).toHaveLength(lifted ? 0 : 1);
  });

  it("T53: a freeze made anew after it was lifted holds again", () => {
    const acts = [
      made({ at: 1 }),
      anAct("unfreeze", carol, { name: "incident", at: 2 }),
      made({ at: 3 }),
    ];
    expect(freezesInForce(acts, monday)).toHaveLength(1);
  });

  it("one without an environment freezes every one", () => {
    const [freeze] = freezesInForce([made({ environment: null, name: null })], monday);
    expect(freeze !== undefined && freezesEnvironment(freeze, "anything/at-all")).toBe(true);
  });
});

describe("going back", () => {
  it("is for a commit that ran in this very environment, this deployment itself aside", () => {
    const before = aRow("Production", headSha);
    expect(knownGood([before], deployed)).toBe(before);
    expect(
      knownGood(
        [
          aRow("staging", headSha),
          aRow("production", sha("e")),
          aRow("production", headSha, { deploymentId: 5 }),
          aRow("production", headSha, { succeededAt: null }),
        ],
        deployed,
      ),
    ).toBeNull();
  });

  it("T53: a mark is good for one deployment", () => {
    const mark = anAct("rollback", bob, { at: monday - 10 * minute });
    expect(rollbackFor([mark], [], deployed, monday)).toBe(mark);
    const used = aRow("production", headSha, {
      createdAt: monday - 5 * minute,
      succeededAt: monday - 4 * minute,
    });
    expect(rollbackFor([mark], [used], deployed, monday)).toBeNull();
    const waited = { ...used, createdAt: mark.at - minute, gateRequestedAt: mark.at - minute };
    const letThrough = { gateAnswer: "approved", gateAnsweredAt: mark.at + 1 } as const;
    expect(rollbackFor([mark], [{ ...waited, ...letThrough }], deployed, monday)).toBeNull();
    const before = { ...waited, ...letThrough, gateAnsweredAt: mark.at - 1 };
    expect(rollbackFor([mark], [before], deployed, monday)).toBe(mark);
    const question = {
      ...waited,
      succeededAt: null,
      question: { caller: "", digest: null, asked: 1, askedAt: 1, judged: null, validUntil: null },
    };
    expect(rollbackFor([mark], [question], deployed, monday)).toBe(mark);
    expect(rollbackFor([mark], [{ ...question, ...letThrough }], deployed, monday)).toBeNull();
    expect(
      rollbackFor([anAct("rollback", bob, { sha: sha("e") })], [], deployed, monday),
    ).toBeNull();
    expect(
      rollbackFor([anAct("rollback", bob, { expiresAt: monday })], [], deployed, monday),
    ).toBeNull();
  });

  it("goes to the newest commit that succeeded before the one that runs", () => {
    const rows = [
      aRow("production", sha("c"), { succeededAt: 9 }),
      aRow("production", sha("c"), { succeededAt: 8 }),
      aRow("production", sha("b"), { succeededAt: 5 }),
      aRow("production", sha("a"), { succeededAt: 1 }),
    ];
    expect(lastKnownGood(rows, "production")?.sha).toBe(sha("b"));
    expect(lastKnownGood(rows.slice(0, 2), "production")).toBeNull();
  });
});
