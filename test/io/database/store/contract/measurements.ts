import { describe, expect, it } from "vitest";
import type { Measurement } from "#core/ports/measurements.ts";
import type { Kind } from "../harness.ts";

const aMeasurement = (parts: Partial<Measurement> = {}): Measurement => ({
  repository: 1,
  kind: "change",
  key: "7",
  at: 100,
  detail: { number: 7 },
  ...parts,
});

export function measurementsContract(kind: Kind): void {
  describe("measurements", () => {
    it("keep what was measured first, and tell it oldest first", async () => {
      const { measurements } = await kind.open();
      expect(await measurements.note(aMeasurement({ at: 300 }))).toBe(true);
      expect(await measurements.note(aMeasurement({ at: 400, detail: {} }))).toBe(false);
      await measurements.note(aMeasurement({ key: "8", at: 200 }));
      await measurements.note(aMeasurement({ repository: 2 }));
      expect(await measurements.ofRepositories([1], "change")).toEqual([
        aMeasurement({ key: "8", at: 200 }),
        aMeasurement({ at: 300 }),
      ]);
    });

    it("tell of many repositories at once", async () => {
      const { measurements } = await kind.open();
      await measurements.note(aMeasurement({ at: 300 }));
      await measurements.note(aMeasurement({ repository: 2, at: 200 }));
      await measurements.note(aMeasurement({ repository: 3 }));
      await measurements.note(aMeasurement({ repository: 2, key: "9", kind: "check" }));
      expect(await measurements.ofRepositories([1, 2], "change")).toEqual([
        aMeasurement({ repository: 2, at: 200 }),
        aMeasurement({ at: 300 }),
      ]);
      expect(await measurements.ofRepositories([], "change")).toEqual([]);
    });

    it("count the check runs of a period by repository and name", async () => {
      const { measurements } = await kind.open();
      const ran = (key: string, at: number, name: string, failed: 0 | 1, took: number | null) =>
        aMeasurement({ kind: "check", key, at, detail: { name, failed, took } });
      for (const one of [
        ran("1", 100, "unit", 0, 4_000),
        ran("2", 150, "unit", 1, 6_000),
        ran("3", 199, "unit", 1, null),
        ran("4", 150, 'it\'s "quoted"', 0, null),
        ran("5", 99, "unit", 1, 1),
        ran("6", 200, "unit", 1, 1),
        { ...ran("1", 150, "unit", 0, 3_000_000_000), repository: 2 },
        aMeasurement({ at: 150 }),
      ])
        await measurements.note(one);
      const period = { from: 100, to: 200 };
      const sorted = (rows: Awaited<ReturnType<typeof measurements.checks>>) =>
        rows.toSorted((a, b) => a.repository - b.repository || a.name.localeCompare(b.name));
      const first = [
        { repository: 1, name: 'it\'s "quoted"', rows: 1, failed: 0, timed: 0, tookMs: 0 },
        { repository: 1, name: "unit", rows: 3, failed: 2, timed: 2, tookMs: 10_000 },
      ];
      expect(sorted(await measurements.checks(period, 1))).toEqual(first);
      expect(sorted(await measurements.checks(period))).toEqual([
        ...first,
        { repository: 2, name: "unit", rows: 1, failed: 0, timed: 1, tookMs: 3_000_000_000 },
      ]);
    });

    it("are forgotten once they are old", async () => {
      const { measurements } = await kind.open();
      for (const [key, at] of [
        ["1", 100],
        ["2", 200],
        ["3", 300],
      ] as const)
        await measurements.note(aMeasurement({ key, at }));
      expect(await measurements.prune(300)).toBe(2);
      expect((await measurements.ofRepositories([1], "change")).map(({ key }) => key)).toEqual([
        "3",
      ]);
    });
  });
}
