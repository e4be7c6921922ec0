import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { measureStore } from "#io/system/measure-store.ts";
import { createMeter } from "#io/system/meter.ts";
import { metrics } from "#io/system/metrics.ts";
import {
  aComment,
  aDecision,
  anItem,
  closeAfterEach,
  handClock,
  openAt,
  theLease,
} from "../database/store/harness.ts";

const bare = (): ReturnType<typeof createMeter> => createMeter({ processDefaults: false });

/** The samples of one metric, without help and type. */
const samples = async (
  meter: ReturnType<typeof createMeter>,
  name: string,
): Promise<readonly string[]> =>
  (await meter.render(true)).split("\n").filter((line) => line.startsWith(`gatehouse_${name}`));

describe("the meter", () => {
  closeAfterEach();

  it("counts, observes and sets", async () => {
    const meter = bare();
    meter.count("deliveries_total", { status: "202" });
    meter.count("deliveries_total", { status: "202" }, 2);
    meter.observe("evaluation_seconds", 0.2);
    meter.observe("github_rate_remaining", 4000, { installation: "1", api: "rest" });
    meter.observe("github_rate_remaining", 3999, { installation: "1", api: "rest" });
    expect(await samples(meter, "deliveries_total")).toEqual([
      'gatehouse_deliveries_total{status="202"} 3',
    ]);
    expect(await samples(meter, "evaluation_seconds_count")).toEqual([
      "gatehouse_evaluation_seconds_count 1",
    ]);
    expect(await samples(meter, "github_rate_remaining")).toEqual([
      'gatehouse_github_rate_remaining{installation="1",api="rest"} 3999',
    ]);
    expect(meter.contentType).toContain("text/plain");
  });

  it("a wrong name or label never throws into a decision: it is counted", async () => {
    const meter = bare();
    meter.count("no_such_total");
    meter.observe("evaluation_seconds", 1, { colour: "red" });
    expect(await samples(meter, "unknown_metrics_total")).toEqual([
      'gatehouse_unknown_metrics_total{name="no_such_total"} 1',
      'gatehouse_unknown_metrics_total{name="evaluation_seconds"} 1',
    ]);
  });

  it("shows the process's own memory and event loop", async () => {
    const text = await createMeter().render(true);
    expect(text).toContain("gatehouse_process_resident_memory_bytes");
    expect(text).toContain("gatehouse_nodejs_eventloop_lag_seconds");
  });

  it("names metrics as Prometheus wants them", () => {
    expect(new Set(metrics.map((metric) => metric.name)).size).toBe(metrics.length);
    for (const { name, kind, help, buckets } of metrics) {
      expect(name).toMatch(/^[a-z][a-z_]*[a-z]$/);
      expect(name.endsWith("_total")).toBe(kind === "counter");
      expect(help).toMatch(/\.$/);
      if (kind === "histogram") {
        expect(name).toMatch(/_seconds$/);
        expect(buckets).toEqual([...(buckets ?? [])].sort((a, b) => a - b));
      }
    }
  });

  it("the list holds everything the product counts, under its labels", () => {
    const source = fileURLToPath(new URL("../../../src/", import.meta.url));
    const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) =>
      /\.tsx?$/.test(file),
    );
    const listed = new Map(metrics.map((metric) => [metric.name, metric]));
    let seen = 0;
    for (const file of files) {
      const text = readFileSync(join(source, file), "utf8");
      for (const [, name] of text.matchAll(/meter\s*\.\s*(?:count|observe)\(\s*"([^"]+)"/g)) {
        seen += 1;
        expect(
          listed.has(name ?? ""),
          `${file} measures ${name}, which src/io/system/metrics.ts does not list`,
        ).toBe(true);
      }
      for (const [, name, labels] of text.matchAll(
        /meter\s*\.\s*(?:count|observe)\(\s*"([^"]+)"[^;{]*\{([^{}]*)\}/g,
      )) {
        for (const label of (labels ?? "")
          .split(",")
          .map((part) => part.split(":")[0]?.trim() ?? "")) {
          if (/^\w+$/.test(label))
            expect(
              listed.get(name ?? "")?.labels,
              `${file} labels ${name} with ${label}`,
            ).toContain(label);
        }
      }
    }
    expect(seen).toBeGreaterThan(0);
  });

  it("reads the store's gauges", async () => {
    const clock = handClock();
    const store = await openAt(":memory:", clock);
    const meter = bare();
    await store.queue.mark([anItem({ key: "dead" })]);
    await store.queue.deadLetter(await theLease(store, clock.now()), "x");
    await store.queue.mark([anItem()]);
    await store.ledger.record({
      lease: null,
      decision: {
        subjectKey: "pr:1:1",
        headSha: "a",
        baseRef: "main",
        policyDigest: "p",
        decision: aDecision(),
        at: clock.now() - 5000,
      },
      effects: [{ effect: aComment(), hash: "h" }],
      audit: [],
    });
    await measureStore(store, meter, clock.forward(2000));
    const value = async (name: string): Promise<readonly string[]> =>
      (await samples(meter, name)).map((line) => line.replace("gatehouse_", ""));
    expect(await value("queue_")).toEqual([
      "queue_waiting 1",
      "queue_due 1",
      "queue_leased 0",
      "queue_dead 1",
      "queue_oldest_due_seconds 2",
    ]);
    expect(await value("verdict_age_seconds")).toEqual(["verdict_age_seconds 7"]);
    expect(await value("outbox_rows")).toEqual(['outbox_rows{kind="comment"} 1']);
    await store.outbox.markSent("comment:1:1", "h", 1);
    await measureStore(store, meter, clock.now());
    expect(await value("outbox_rows")).toEqual([]);
  });

  it("F20: a store that does not answer shows, and the rest is still measured", async () => {
    const meter = bare();
    const store = await openAt(":memory:");
    await measureStore(store, meter, 0);
    expect(await samples(meter, "store_up")).toEqual(["gatehouse_store_up 1"]);
    await store.close();
    await measureStore(store, meter, 0);
    expect(await samples(meter, "store_up")).toEqual(["gatehouse_store_up 0"]);
  });
});
