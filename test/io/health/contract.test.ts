import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { healthOf, healthWord, type HealthFact } from "#core/facts/health.ts";
import type { HealthSpan } from "#core/formats/health/answer.ts";
import { createHealthSources } from "#io/health/health-sources.ts";
import { readSources } from "#io/health/read-sources.ts";
import { silentLog, unmeasured } from "./ports.ts";
import { hasPrometheus, realPrometheus } from "./real-prometheus.ts";
import { datadogStandIn, jsonStandIn, prometheusStandIn, type StandIn } from "./stand-ins.ts";

interface World {
  readonly title: string;
  readonly start: () => Promise<Pick<StandIn, "url" | "stop">>;
  readonly yaml: (url: string) => string;
  readonly query: (name: string) => string;
}

const byName = (name: string): string => name;
const prometheus = (url: string): string => `metrics: { type: prometheus, url: "${url}" }\n`;
const tellingThePast: readonly World[] = [
  { title: "Prometheus's language", start: prometheusStandIn, yaml: prometheus, query: byName },
  ...(hasPrometheus
    ? [{ title: "Prometheus itself", start: realPrometheus, yaml: prometheus, query: byName }]
    : []),
  {
    title: "Datadog's language",
    start: datadogStandIn,
    yaml: (url) =>
      `metrics: { type: datadog, url: "${url}", api_key: KEY, application_key: APP }\n`,
    query: byName,
  },
];
if (!hasPrometheus)
  process.stderr.write("no prometheus and promtool were found: only stand-ins were asked\n");

const json: World = {
  title: "a JSON address",
  start: jsonStandIn,
  yaml: (url) => `metrics: { type: json, url: "${url}/health?full" }\n`,
  query: (name) => `/${name}`,
};

const minute = 60_000;
const is = { operator: "<=", to: 0.01 } as const;

/** What a source says of a measurement, over so many minutes. */
function asking(world: World) {
  let running: Pick<StandIn, "url" | "stop">;
  beforeAll(async () => {
    running = await world.start();
  }, 60_000);
  afterAll(() => running.stop());
  return async (name: string, over: number | HealthSpan): Promise<HealthFact> => {
    const read = readSources(world.yaml(running.url), (key) => ({ KEY: "key", APP: "app" })[key]);
    if (!read.ok) throw new Error(read.problem);
    const sources = createHealthSources(read.sources, {
      clock: { now: Date.now },
      log: silentLog,
      meter: unmeasured,
      timeoutMs: 10_000,
    });
    const span = typeof over === "number" ? ({ kind: "last", ms: over * minute } as const) : over;
    const answer = await sources.ask(
      { source: "metrics", query: world.query(name), span },
      { owner: "acme", name: "shop" },
    );
    return healthOf(answer, { is, span });
  };
}

/** Minutes since then, as a test may compare them: values are taken four times a minute, and Prometheus looks back for five. */
const minutesSince = (at: number | null): number =>
  at === null ? NaN : (Date.now() - at) / minute;

describe.each(tellingThePast)("a source that speaks $title", (world) => {
  const ask = asking(world);

  it.each([
    ["good", 0, "kept"],
    ["good", 30, "kept"],
    ["bad_now", 0, "broken"],
    ["bad_now", 30, "broken"],
    ["bad_before", 0, "kept"],
    ["bad_before", 5, "kept"],
    ["bad_before", 30, "kept again"],
    ["with_gap", 5, "kept"],
    ["with_gap", 30, "short"],
    ["one_of_two", 0, "broken"],
    ["one_gone", 30, "no data"],
    ["all_gone", 0, "no data"],
    ["all_gone", 30, "no data"],
    ["young", 5, "kept"],
    ["young", 30, "short"],
    ["nothing_like_it", 0, "no data"],
    ["nothing_like_it", 30, "no data"],
  ])("%s over %i minutes: %s", async (name, over, word) => {
    expect(healthWord(await ask(name, over))).toBe(word);
  });

  it("says since when", async () => {
    const broken = await ask("bad_now", 30);
    const again = await ask("bad_before", 30);
    const young = await ask("young", 30);
    if (broken.kind !== "measured" || again.kind !== "measured" || young.kind !== "measured")
      throw new Error("not measured");
    expect(broken.value).toBe(1);
    expect(minutesSince(broken.since)).toBeCloseTo(4, -0.5);
    expect(minutesSince(again.since)).toBeCloseTo(10, -0.5);
    expect(minutesSince(young.since)).toBeCloseTo(12, -0.5);
  });

  it("tells how it was in a time that is over", async () => {
    const now = Date.now();
    const between = (from: number, until: number): HealthSpan => ({
      kind: "between",
      from: now - from * minute,
      until: now - until * minute,
    });
    expect(healthWord(await ask("bad_before", between(35, 22)))).toBe("kept");
    expect(healthWord(await ask("bad_before", between(25, 5)))).toBe("kept again");
    expect(await ask("bad_now", between(10, -5))).toMatchObject({ keeps: false });
    expect(healthWord(await ask("young", between(15, 2)))).toBe("kept");
    expect(healthWord(await ask("young", between(25, 2)))).toBe("short");
  });
});

if (hasPrometheus)
  describe("Prometheus itself", () => {
    const ask = asking({
      title: "",
      start: realPrometheus,
      yaml: prometheus,
      query: byName,
    });
    it.each([
      ["vector(0)", 30, "kept"],
      ["0", 30, "kept"],
      ["sum(good)", 30, "kept"],
      ["max(one_of_two)", 0, "broken"],
      ["min(one_of_two)", 0, "kept"],
    ])("%s over %i minutes: %s", async (query, over, word) => {
      expect(healthWord(await ask(query, over))).toBe(word);
    });

    it.each([
      ["0/0", "NaN"],
      ["good / good", "NaN"],
      ["good[5m]", "something else than numbers"],
      ["'text'", "something else than numbers"],
      ["sum((", "does not take the query: "],
    ])("%s is no answer", async (query, because) => {
      expect(await ask(query, 30)).toMatchObject({
        kind: "unanswered",
        because: expect.stringContaining(because),
      });
    });
  });

describe("a source that speaks at a JSON address", () => {
  const ask = asking(json);
  it.each([
    ["good", 0, "kept"],
    ["bad_now", 0, "broken"],
    ["one_of_two", 0, "broken"],
    ["all_gone", 0, "no data"],
    ["nothing_like_it", 0, "no data"],
    // It tells nothing of the past: only whoever asks again and again knows that.
    ["good", 30, "short"],
    ["bad_now", 30, "broken"],
  ])("%s over %i minutes: %s", async (name, over, word) => {
    expect(healthWord(await ask(name, over))).toBe(word);
  });
});
