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
      expect(await measurements.of(1, "change")).toEqual([
        aMeasurement({ key: "8", at: 200 }),
        aMeasurement({ at: 300 }),
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
      expect((await measurements.of(1, "change")).map(({ key }) => key)).toEqual(["3"]);
    });
  });
}
