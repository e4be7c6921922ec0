import { describe, expect, it } from "vitest";
import { anEntry, handClock, type Kind } from "../harness.ts";

const day = 24 * 3_600_000;

export function inputsContract(kind: Kind): void {
  describe("what decisions were made of", () => {
    const record = (
      store: Awaited<ReturnType<Kind["open"]>>,
      kept: readonly { readonly digest: string; readonly text: string }[],
    ): Promise<unknown> =>
      store.ledger.record({ lease: null, decision: null, effects: [], audit: [anEntry()], kept });

    it("is kept with the record, whatever its size and script, and read back by digest", async () => {
      const store = await kind.open();
      const long = "ж🦊\\u0000".repeat(20_000);
      await record(store, [
        { digest: "a", text: "{}" },
        { digest: "b", text: long },
      ]);
      expect(await store.inputs.read(["a", "b", "c"])).toEqual(
        new Map([
          ["a", "{}"],
          ["b", long],
        ]),
      );
    });

    it("is kept once, and stays as it was first written", async () => {
      const store = await kind.open();
      await record(store, [{ digest: "a", text: "first" }]);
      await Promise.all([
        record(store, [
          { digest: "a", text: "second" },
          { digest: "b", text: "b" },
        ]),
        record(store, [{ digest: "b", text: "b" }]),
      ]);
      expect(await store.inputs.read(["a", "b"])).toEqual(
        new Map([
          ["a", "first"],
          ["b", "b"],
        ]),
      );
    });

    it("goes by age, and never what a decision of the time that is kept stood on", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      await record(store, [
        { digest: "old", text: "old" },
        { digest: "used", text: "used" },
      ]);
      clock.forward(10 * day);
      await record(store, [{ digest: "used", text: "used" }]);
      const again = clock.forward(day / 2);
      await record(store, [{ digest: "used", text: "used" }]);
      expect(await store.inputs.prune(again)).toBe(1);
      expect([...(await store.inputs.read(["old", "used"])).keys()]).toEqual(["used"]);
      clock.forward(2 * day);
      expect(await store.inputs.prune(clock.now())).toBe(1);
    });

    it("what is said once under a key is recorded once", async () => {
      const store = await kind.open();
      const said = await Promise.all(
        [1, 2, 3].map(() => store.audit.appendOnce("override:1:granted", [anEntry()])),
      );
      expect(said.filter(Boolean)).toHaveLength(1);
      expect(await store.audit.appendOnce("override:1:granted", [anEntry()])).toBe(false);
      expect((await store.trail.head()).seq).toBe(1);
      expect((await store.trail.lastOf(anEntry().kind))?.seq).toBe(1);
      expect(await store.trail.lastOf("nothing of the kind")).toBeNull();
    });
  });
}
