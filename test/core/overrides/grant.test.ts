import { describe, expect, it } from "vitest";
import type { Act } from "#core/model/act.ts";
import { grantedOverrides, overrideRequests, type Circumstances } from "#core/overrides/grant.ts";
import { dave, olderSha } from "../build.ts";
import {
  aConfirmation,
  alice,
  anAct,
  anOverrideAct,
  bob,
  carol,
  emergency,
  headSha,
  monday,
} from "./builders.ts";

const hour = 3_600_000;
const around = (over: Partial<Circumstances> = {}): Circumstances => ({
  definitions: [emergency()],
  shas: [headSha],
  now: monday + hour,
  labels: null,
  ...over,
});
const state = (acts: readonly Act[], over: Partial<Circumstances> = {}): unknown =>
  overrideRequests(acts, around(over)).at(-1)?.state;
const twoPeople = { definitions: [emergency({ confirmations: 1 })] };
const fromLabel = anOverrideAct({ detail: { label: "emergency" } });

describe("what is void stays void", () => {
  const forMain = anOverrideAct({ detail: { base: "main" } });
  const note = (because: string) =>
    anAct("override_cancel", { detail: { override: "comment:1:0", because } });

  it.each<[string, readonly Act[], Partial<Circumstances>, object]>([
    ["T14: for this base", [forMain], { base: "main" }, { kind: "granted" }],
    ["T14: for another", [forMain], { base: "dev" }, { kind: "over", because: "retargeted" }],
    [
      "T14: the base changed in the second in which it was asked for",
      [forMain],
      { base: "main", baseChangedAt: monday },
      { kind: "over", because: "retargeted" },
    ],
    ["T14: it changed before", [forMain], { baseChangedAt: monday - 1 }, { kind: "granted" }],
    [
      "T29: the head came back after it was asked for",
      [forMain],
      { headSince: monday + 1 },
      { kind: "over", because: "pushed" },
    ],
    [
      "T29: the label was put on before the head came back, its reason said afterwards",
      [anOverrideAct({ at: monday + 2, detail: { label: "emergency", labelAt: monday } })],
      { headSince: monday + 1 },
      { kind: "over", because: "pushed" },
    ],
    ["T29: kept: pushed", [forMain, note("pushed")], {}, { kind: "over", because: "pushed" }],
    ["T29: kept: run out", [forMain, note("expired")], {}, { kind: "over", because: "expired" }],
    [
      "T29: another one, asked for afterwards",
      [forMain, note("pushed"), anOverrideAct({ id: "comment:2:0" })],
      {},
      { kind: "granted" },
    ],
  ])("%s", (_, acts, over, expected) => {
    expect(state(acts, over)).toMatchObject(expected);
  });
});

describe("a read may lag behind a push", () => {
  const onOld = { shas: [olderSha] };
  it.each<[string, Partial<Circumstances>, object]>([
    [
      "the head that was read was not heard of, just after the request",
      { ...onOld, now: monday + 60_000 },
      { unproven: true },
    ],
    [
      "it came before the request",
      { ...onOld, now: monday + 60_000, headSince: monday - 1 },
      { unproven: true },
    ],
    ["it came after it", { ...onOld, now: monday + 60_000, headSince: monday + 1 }, {}],
    ["no read lags for so long", { ...onOld, now: monday + 11 * 60_000 }, {}],
  ])("%s", (_, over, expected) => {
    expect(state([anOverrideAct()], over)).toEqual({
      kind: "over",
      because: "pushed",
      ...expected,
    });
  });
});

describe("overrideRequests", () => {
  it("grants what needs nobody else, for as long as it lasts", () => {
    expect(state([anOverrideAct()])).toMatchObject({
      kind: "granted",
      override: {
        name: "emergency",
        rules: ["reviewed"],
        sha: headSha,
        ticket: "OPS-1",
        grantedAt: monday,
        expiresAt: monday + 4 * hour,
      },
    });
  });

  it.each<[string, readonly Act[], Partial<Circumstances>, object]>([
    [
      "a confirmation is missing",
      [anOverrideAct()],
      twoPeople,
      { kind: "waiting", more: 1, outsider: false, until: monday + 4 * hour },
    ],
    [
      "a second person confirmed",
      [anOverrideAct(), aConfirmation()],
      twoPeople,
      { kind: "granted" },
    ],
    [
      "T52: who asked confirms",
      [anOverrideAct(), aConfirmation(anOverrideAct().actor)],
      twoPeople,
      { kind: "waiting", more: 1 },
    ],
    [
      "one person confirms twice",
      [anOverrideAct(), aConfirmation(), aConfirmation(carol, { at: monday + 120_000 })],
      { definitions: [emergency({ confirmations: 2 })] },
      { kind: "waiting", more: 1 },
    ],
    [
      "T52: who asked wrote the change",
      [anOverrideAct({ actor: alice, detail: { wrote: true } })],
      {},
      { kind: "waiting", more: 1, outsider: true },
    ],
    [
      "T52: somebody who wrote nothing confirms it",
      [anOverrideAct({ actor: alice, detail: { wrote: true } }), aConfirmation()],
      {},
      { kind: "granted" },
    ],
    [
      "T52: only authors are among them",
      [
        anOverrideAct({ actor: alice, detail: { wrote: true } }),
        aConfirmation(carol, { detail: { wrote: true } }),
      ],
      twoPeople,
      { kind: "waiting", more: 1, outsider: true },
    ],
    [
      "T52: who asked for the deployment asks to let it through",
      [anOverrideAct()],
      { requestersFor: () => [bob.id] },
      { kind: "waiting", more: 1, outsider: true },
    ],
    [
      "T52: somebody else confirms it",
      [anOverrideAct(), aConfirmation()],
      { requestersFor: () => [bob.id] },
      { kind: "granted" },
    ],
    [
      "T52: who asked for the deployment, and who ran it again, are among themselves",
      [anOverrideAct(), aConfirmation()],
      { requestersFor: () => [bob.id, carol.id] },
      { kind: "waiting", more: 1, outsider: true },
    ],
    [
      "T29: a push came",
      [anOverrideAct()],
      { shas: [olderSha] },
      { kind: "over", because: "pushed" },
    ],
    [
      "it was merged: the merge commit counts too",
      [anOverrideAct()],
      { shas: [olderSha, headSha] },
      { kind: "granted" },
    ],
    [
      "T53: it ran out",
      [anOverrideAct()],
      { now: monday + 4 * hour },
      { kind: "over", because: "expired" },
    ],
    [
      "T53: a confirmation came too late",
      [anOverrideAct(), aConfirmation(carol, { at: monday + 5 * hour })],
      { ...twoPeople, now: monday + 5 * hour },
      { kind: "over", because: "expired" },
    ],
    [
      "T53: it has served",
      [anOverrideAct()],
      { isUsed: () => true },
      { kind: "over", because: "used" },
    ],
    [
      "it was cancelled",
      [
        anOverrideAct(),
        anAct("override_cancel", { name: "emergency", detail: { override: "comment:1:0" } }),
      ],
      {},
      { kind: "over", because: "cancelled" },
    ],
    [
      "another request was cancelled",
      [
        anOverrideAct(),
        anAct("override_cancel", { name: "emergency", detail: { override: "comment:99:0" } }),
      ],
      {},
      { kind: "granted" },
    ],
    [
      "the policy lost it",
      [anOverrideAct()],
      { definitions: [] },
      { kind: "over", because: "not in the policy" },
    ],
    ["its label stands", [fromLabel], { labels: ["Emergency"] }, { kind: "granted" }],
    [
      "its label went",
      [fromLabel],
      { labels: ["other"] },
      { kind: "over", because: "label removed" },
    ],
    [
      "a rule left the override",
      [anOverrideAct()],
      { definitions: [emergency({ rules: ["tested"] })] },
      { kind: "granted", override: { rules: [] } },
    ],
    [
      "its detail cannot be read",
      [{ ...anOverrideAct(), detail: {} }],
      {},
      { kind: "waiting", outsider: true },
    ],
  ])("%s", (_what, acts, over, expected) => {
    expect(state(acts, over)).toMatchObject(expected);
  });

  it("lasts from the last word that it needed", () => {
    const late = aConfirmation(dave, { at: monday + 2 * hour });
    expect(state([anOverrideAct(), late], { ...twoPeople, now: monday + 3 * hour })).toMatchObject({
      override: { grantedAt: monday + 2 * hour, expiresAt: monday + 6 * hour },
    });
  });

  it("knows nothing of what is said later", () => {
    expect(overrideRequests([anOverrideAct()], around({ now: monday - 1 }))).toEqual([]);
  });

  it("answers the granted ones alone", () => {
    const requests = overrideRequests(
      [anOverrideAct(), anOverrideAct({ id: "comment:2:0", sha: olderSha })],
      around(),
    );
    expect(grantedOverrides(requests).map(({ id }) => id)).toEqual(["comment:1:0"]);
  });
});
