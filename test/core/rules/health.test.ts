import { describe, expect, it } from "vitest";
import { health, healthOf, healthWord, seenNow, type HealthFact } from "#core/facts/health.ts";
import type { HealthAnswer } from "#core/formats/health/answer.ts";
import { healthRule } from "#core/rules/health/rule.ts";
import {
  aDeployment,
  cannotRead,
  factsOf,
  minute,
  monday,
  tell,
  thePullRequest,
} from "../build.ts";
import { judge } from "../judge.ts";

const is = { operator: "<=", to: 0.01 } as const;
const asked = { source: "metrics", query: "errors", is: "<= 0.01" };
const measured: Extract<HealthFact, { kind: "measured" }> = {
  kind: "measured",
  value: 0.004,
  lines: 1,
  keeps: true,
  since: null,
  kept: true,
  brokenAt: null,
  gapAt: null,
  until: monday - 10_000,
  askedAt: monday - 10_000,
};
const said = (found: HealthFact, more: { for?: string; no_data?: string } = {}) =>
  judge(
    healthRule,
    { ...asked, ...more },
    factsOf(
      tell(
        health.need({
          source: "metrics",
          query: "errors",
          is,
          span: { kind: "last", ms: more.for === undefined ? 0 : 30 * minute },
        }),
        found,
      ),
    ),
    { subject: aDeployment },
  );
const half = { for: "30m" };

describe("health", () => {
  it("passes, and may be relied on for two minutes after the source was asked", () => {
    expect(said(measured)).toMatchObject({
      kind: "pass",
      found: "0.004",
      required: "metrics says <= 0.01",
      goodUntil: monday - 10_000 + 2 * minute,
    });
    expect(said({ ...measured, lines: 3 }, half)).toMatchObject({
      found: "0.004, the worst of 3",
      required: "metrics says <= 0.01 over 30m",
    });
  });

  it("waits while the value is another one, and says since when; what is shown at GitHub does not move with it", () => {
    const bad = { ...measured, value: 0.5, keeps: false, kept: false, since: monday - 5 * minute };
    expect(said(bad)).toMatchObject({
      kind: "pending",
      found: "0.5 since 2026-03-02 09:55 UTC",
      need: "metrics does not say <= 0.01",
      next: expect.stringContaining("asks again every minute"),
    });
    expect(said({ ...bad, since: monday - 30 * minute }, half).found).toBe("0.5 for 30m or longer");
    expect(said({ ...bad, since: null }).found).toBe("0.5");
    const { need, next } = said({ ...bad, value: 0.7 });
    expect([need, next]).toEqual([said(bad).need, said(bad).next]);
  });

  it("waits until it has been so for long enough, and says when that is", () => {
    const young = { ...measured, kept: false, since: monday - 10 * minute, brokenAt: monday };
    expect(said(young, half)).toMatchObject({
      kind: "pending",
      found: "0.004, <= 0.01 since 2026-03-02 09:50 UTC",
      need: "metrics says <= 0.01 for less than 30m",
      changesAt: monday + 20 * minute,
    });
    // The source is not asked again sooner.
    expect(said({ ...young, since: monday - 30 * minute }, half).changesAt).toBe(
      measured.askedAt + minute,
    );
  });

  it.each([
    ["nothing", { ...measured, value: null, keeps: false, kept: false }, "no data"],
    [
      "a gap",
      { ...measured, kept: false, gapAt: monday - minute, since: monday - minute },
      "0.004",
    ],
  ])("%s holds, or fails where that was asked for", (_title, found, shows) => {
    expect(said(found, half)).toMatchObject({
      kind: "pending",
      found: expect.stringContaining(shows),
    });
    expect(said(found, { ...half, no_data: "fail" })).toMatchObject({ kind: "fail" });
  });

  it("a source that cannot be asked is unknown by its name, whatever no data means", () => {
    for (const noData of ["hold", "fail"])
      expect(
        said(
          { kind: "unanswered", because: "did not answer in time", askedAt: monday },
          { no_data: noData },
        ),
      ).toMatchObject({ kind: "unknown", found: "metrics did not answer in time" });
    const need = health.need({
      source: "metrics",
      query: "errors",
      is,
      span: { kind: "last", ms: 0 },
    });
    expect(judge(healthRule, asked, factsOf(cannotRead(need)), { subject: aDeployment }).kind).toBe(
      "unknown",
    );
  });

  it("says nothing of a pull request", () => {
    expect(judge(healthRule, asked, factsOf(), { subject: thePullRequest }).kind).toBe("skipped");
  });

  it.each([
    [{ ...asked, source: "https://prometheus.example" }],
    [{ ...asked, source: "../etc" }],
    [{ ...asked, is: "0.01" }],
    [{ ...asked, is: "< NaN" }],
    [{ ...asked, query: " " }],
    [{ ...asked, for: "8d" }],
    [{ ...asked, for: "5" }],
    [{ ...asked, no_data: "pass" }],
    [{ source: "metrics", query: "errors" }],
    [{ ...asked, url: "http://x" }],
  ])("%j is refused", (params) => {
    expect(healthRule.params.safeParse(params).success).toBe(false);
  });

  it.each([
    [{}, { is: "<= 0.005" }, "tighter"],
    [{}, { is: "<= 0.02" }, "looser"],
    [{}, { is: "< 0.005" }, "looser"],
    [{ is: ">= 1" }, { is: ">= 2" }, "tighter"],
    [{ is: "== 1" }, { is: "== 2" }, "looser"],
    [{ for: "5m" }, { for: "10m" }, "tighter"],
    [{ for: "5m" }, {}, "looser"],
    [{}, { no_data: "fail" }, "tighter"],
    [{}, { source: "other" }, "looser"],
    [{}, { query: "other" }, "looser"],
  ])("%j by the organisation, %j here: %s", (ours, theirs, is_) => {
    expect(healthRule.compare({ ...asked, ...ours }, { ...asked, ...theirs })).toBe(is_);
  });
});

describe("what an answer says", () => {
  const now: Extract<HealthAnswer, { kind: "series" }> = {
    kind: "series",
    series: [{ points: [{ at: monday, value: 0 }], reachMs: 1 }],
    at: monday,
    askedAt: monday,
    tellsPast: false,
  };
  const later = (at: number) => ({
    ...now,
    series: [{ points: [{ at, value: 0 }], reachMs: 1 }],
    at,
    askedAt: at,
  });
  const last = (ms: number) => ({ is, span: { kind: "last", ms } as const });
  const bad = { ...now, series: [{ points: [{ at: monday, value: 1 }], reachMs: 1 }] };

  it("a source without a past has kept to it for as long as was seen, without a minute missing", () => {
    const first = healthOf(now, last(5 * minute));
    expect(first).toMatchObject({ kept: false, keeps: true, since: monday });
    let seen = seenNow(first, undefined);
    for (let passed = 1; passed <= 5; passed += 1) {
      const at = monday + passed * minute;
      const fact = healthOf(later(at), last(5 * minute), seen);
      expect(healthWord(fact)).toBe(passed < 5 ? "short" : "kept");
      seen = seenNow(fact, seen);
    }
    const late = monday + 8 * minute;
    expect(healthOf(later(late), last(5 * minute), seen)).toMatchObject({
      kept: false,
      since: late,
    });
    const broken = seenNow(healthOf(bad, last(5 * minute)), undefined);
    expect(healthOf(now, last(5 * minute), broken)).toMatchObject({ kept: false, since: monday });
  });

  it("it cannot tell how it was while something baked", () => {
    expect(
      healthOf(now, { is, span: { kind: "between", from: monday - minute, until: monday } }),
    ).toMatchObject({ kind: "unanswered" });
  });

  it("what is seen at one moment lasts as long as it is seen", () => {
    const seen = { word: "broken", since: monday - 9 * minute, at: monday - minute };
    expect(healthOf(bad, last(0), seen)).toMatchObject({ since: monday - 9 * minute });
    expect(healthOf(bad, last(0), { ...seen, at: monday - 3 * minute })).toMatchObject({
      since: null,
    });
    expect(healthOf(bad, last(0), { ...seen, word: "kept" })).toMatchObject({ since: null });
  });
});
