import { describe, expect, it } from "vitest";
import { aDelivery, anItem, handClock, type Kind, theLease } from "../harness.ts";

export function inboxContract(kind: Kind): void {
  describe("inbox", () => {
    const guids = (deliveries: readonly { readonly guid: string }[]): readonly string[] =>
      deliveries.map((delivery) => delivery.guid);

    it("F1: the same delivery five times is stored once", async () => {
      const { inbox } = await kind.open();
      const answers = await Promise.all(Array.from({ length: 5 }, () => inbox.put(aDelivery())));
      expect([...answers].sort()).toEqual([
        "duplicate",
        "duplicate",
        "duplicate",
        "duplicate",
        "stored",
      ]);
      expect(await inbox.unrouted(10)).toEqual([aDelivery()]);
    });

    it("hands what is not routed to who routes it, again until it is", async () => {
      const { inbox } = await kind.open();
      await inbox.put(aDelivery());
      expect(await inbox.take("one", 1, 10)).toEqual([aDelivery()]);
      expect(await inbox.take("one", 1, 10)).toEqual([aDelivery()]);
      await inbox.release("one");
      expect(await inbox.take("other", 1, 10)).toEqual([aDelivery()]);
      await inbox.markRouted([aDelivery().guid], 2);
      expect(await inbox.take("other", 1, 10)).toEqual([]);
    });

    it("T36: the same body under another GUID and event is a duplicate", async () => {
      const { inbox } = await kind.open();
      await inbox.put(aDelivery({ guid: "a", bodyHash: "same" }));
      expect(await inbox.put(aDelivery({ guid: "b", bodyHash: "same", event: "push" }))).toBe(
        "duplicate",
      );
      expect(guids(await inbox.unrouted(10))).toEqual(["a"]);
    });

    it("T36: a replay after routing repeats the first delivery's wake, under its own event name", async () => {
      const { inbox } = await kind.open();
      await inbox.put(aDelivery({ guid: "a", bodyHash: "same", event: "push" }));
      await inbox.markRouted(["a"], 500);
      expect(
        await inbox.put(aDelivery({ guid: "b", bodyHash: "same", event: "issue_comment" })),
      ).toBe("duplicate");
      expect(await inbox.unrouted(10)).toEqual([
        aDelivery({ guid: "a", bodyHash: "same", event: "push" }),
      ]);
      expect(await inbox.put(aDelivery({ guid: "a", bodyHash: "same", event: "push" }))).toBe(
        "duplicate",
      );
    });

    it("gives unrouted deliveries oldest first, as many as asked for, in the order they came within one instant", async () => {
      const { inbox } = await kind.open();
      for (const [guid, receivedAt] of [
        ["late", 300],
        ["early", 100],
        ["twin-b", 200],
        ["twin-a", 200],
      ] as const) {
        await inbox.put(aDelivery({ guid, receivedAt }));
      }
      expect(guids(await inbox.unrouted(3))).toEqual(["early", "twin-b", "twin-a"]);
      await inbox.markRouted(["early", "twin-b"], 400);
      expect(guids(await inbox.unrouted(10))).toEqual(["twin-a", "late"]);
    });

    it("F34: a delivery put aside leaves the line, also when its batch is noted as routed afterwards", async () => {
      const { inbox } = await kind.open();
      await inbox.put(aDelivery({ guid: "poison" }));
      await inbox.put(aDelivery({ guid: "good" }));
      await inbox.deadLetter("poison", "no such shape");
      expect(guids(await inbox.unrouted(10))).toEqual(["good"]);
      await inbox.markRouted(["poison", "good"], 500);
      expect(await inbox.put(aDelivery({ guid: "poison" }))).toBe("duplicate");
      expect(await inbox.unrouted(10)).toEqual([aDelivery({ guid: "poison" })]);
    });

    it("F2: a redelivery of routed work does nothing, unless something lies in the dead-letter queue", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      await store.inbox.put(aDelivery());
      await store.inbox.markRouted(["guid-1"], clock.now());
      expect(await store.inbox.put(aDelivery())).toBe("duplicate");
      expect(await store.inbox.unrouted(10)).toEqual([]);

      await store.queue.mark([anItem()]);
      await store.queue.deadLetter(await theLease(store, clock.now()), "broken");
      expect(await store.inbox.put(aDelivery())).toBe("duplicate");
      expect(await store.inbox.unrouted(10)).toEqual([aDelivery()]);
    });

    it("knows which GUIDs it has seen, also many at once", async () => {
      const { inbox } = await kind.open();
      await inbox.put(aDelivery({ guid: "seen" }));
      const many = Array.from({ length: 1200 }, (_, index) => `unseen-${index}`);
      expect([...(await inbox.knownGuids([...many, "seen"]))]).toEqual(["seen"]);
      expect((await inbox.knownGuids([])).size).toBe(0);
    });

    it("counts what is not yet routed, and no further than it is asked to", async () => {
      const { inbox } = await kind.open();
      expect(await inbox.backlog(5)).toBe(0);
      for (const guid of ["a", "b", "c"]) await inbox.put(aDelivery({ guid }));
      await inbox.markRouted(["a"], 1);
      expect(await inbox.backlog(5)).toBe(2);
      expect(await inbox.backlog(1)).toBe(1);
    });

    it("prunes what is old and done, never what still waits", async () => {
      const { inbox } = await kind.open();
      for (const guid of ["routed", "buried", "waiting"])
        await inbox.put(aDelivery({ guid, receivedAt: 100 }));
      await inbox.put(aDelivery({ guid: "young", receivedAt: 900 }));
      await inbox.markRouted(["routed", "young"], 901);
      await inbox.deadLetter("buried", "why");
      expect(await inbox.prune(500)).toBe(2);
      expect(
        [...(await inbox.knownGuids(["routed", "buried", "waiting", "young"]))].sort(),
      ).toEqual(["waiting", "young"]);
    });

    it("keeps a body of 25 MiB and one of every script as they came", async () => {
      const { inbox } = await kind.open();
      const large = `{"a":"${"x".repeat(25 * 1024 * 1024)}"}`;
      await inbox.put(aDelivery({ guid: "large", body: large, receivedAt: 1 }));
      await inbox.put(
        aDelivery({ guid: "scripts", body: '{"t":"日本 עברית 🚀 \\u0000"}', receivedAt: 2 }),
      );
      const [first, second] = await inbox.unrouted(2);
      expect(first?.body === large).toBe(true);
      expect(second?.body).toBe('{"t":"日本 עברית 🚀 \\u0000"}');
    });
  });
}
