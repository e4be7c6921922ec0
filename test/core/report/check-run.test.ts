import { describe, expect, it } from "vitest";
import { checkMeasurement, checkRows } from "#core/report/check-run.ts";

const ended = { id: 9, conclusion: "success", startedAt: 1_000, at: 5_000 };

describe("a check run that ended", () => {
  it("is kept by its id, with its length", () => {
    expect(checkMeasurement(1, "unit", ended)).toEqual({
      repository: 1,
      kind: "check",
      key: "9",
      at: 5_000,
      detail: { name: "unit", failed: 0, took: 4_000 },
    });
  });

  it.each([
    ["failure", 1],
    ["timed_out", 1],
    ["startup_failure", 1],
    ["success", 0],
    ["cancelled", 0],
    ["skipped", 0],
    ["neutral", 0],
    ["stale", 0],
    ["action_required", 0],
  ])("%s: failed %i", (conclusion, failed) => {
    expect(checkMeasurement(1, "unit", { ...ended, conclusion }).detail["failed"]).toBe(failed);
  });

  it.each([[null], [6_000]])("began at %s: its length is not known", (startedAt) => {
    expect(checkMeasurement(1, "unit", { ...ended, startedAt }).detail["took"]).toBeNull();
  });
});

describe("check runs in a report", () => {
  it("begin with what fails most; a mean stands on those whose length is known", () => {
    const total = { repository: 1, rows: 4, failed: 0, timed: 0, tookMs: 0 };
    const rows = checkRows(
      [
        { ...total, name: "lint" },
        { ...total, name: "unit", failed: 2, timed: 2, tookMs: 10_000 },
        { ...total, name: "build", rows: 9 },
      ],
      (id) => `acme/r${id}`,
    );
    expect(rows).toEqual([
      { repository: "acme/r1", name: "unit", rows: 4, failed: 2, meanMs: 5_000 },
      { repository: "acme/r1", name: "build", rows: 9, failed: 0, meanMs: null },
      { repository: "acme/r1", name: "lint", rows: 4, failed: 0, meanMs: null },
    ]);
  });
});
