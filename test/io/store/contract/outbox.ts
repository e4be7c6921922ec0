import { describe, expect, it } from "vitest";
import type { Effect } from "../../../../src/core/model/effect.ts";
import type { OpenStore } from "../../../../src/io/store/open-store.ts";
import { aComment, handClock, type Kind } from "../harness.ts";

export function outboxContract(kind: Kind): void {
  describe("outbox", () => {
    const key = "comment:1:1";
    const wish = (store: OpenStore, hash: string, effect: Effect = aComment({ body: hash })): Promise<void> =>
      store.ledger.record({ lease: null, decision: null, effects: [{ effect, hash }], audit: [] });
    const pendingHashes = async (store: OpenStore): Promise<readonly string[]> => (await store.outbox.pending(10)).map((row) => row.hash);

    async function sent(store: OpenStore, hash: string, remoteId = 7): Promise<void> {
      await wish(store, hash);
      await store.outbox.markSending(key);
      await store.outbox.markSent(key, hash, remoteId);
    }

    it("holds a wish until it was sent, and remembers what it made", async () => {
      const store = await kind.open();
      await wish(store, "h1");
      expect(await store.outbox.row(key)).toEqual({
        effect: aComment({ body: "h1" }),
        hash: "h1",
        remoteId: null,
        maybeSent: false,
        annotationsSent: 0,
        sentHash: null,
        attempts: 0,
        failedAt: null,
      });
      await store.outbox.markSending(key);
      expect((await store.outbox.row(key))?.maybeSent).toBe(true);
      await store.outbox.markSent(key, "h1", 7);
      expect(await store.outbox.pending(10)).toEqual([]);
      expect(await store.outbox.row(key)).toMatchObject({ remoteId: 7, sentHash: "h1", maybeSent: false });
      expect(await store.outbox.row("nothing")).toBeNull();
    });

    it("does not wish again for what GitHub shows already", async () => {
      const store = await kind.open();
      await sent(store, "h1");
      await wish(store, "h1");
      expect(await pendingHashes(store)).toEqual([]);
    });

    it("a newer wish on a target replaces an older one and keeps what is known of the target", async () => {
      const store = await kind.open();
      await sent(store, "h1");
      await wish(store, "h2");
      await wish(store, "h3");
      expect(await store.outbox.pending(10)).toMatchObject([{ hash: "h3", effect: { body: "h3" }, remoteId: 7, sentHash: "h1" }]);
    });

    it("going back to what GitHub shows withdraws the wish in between", async () => {
      const store = await kind.open();
      await sent(store, "h1");
      await wish(store, "h2");
      await wish(store, "h1");
      expect(await pendingHashes(store)).toEqual([]);
    });

    it("F9: going back is sent all the same when the wish in between may have reached GitHub", async () => {
      const store = await kind.open();
      await sent(store, "h1");
      await wish(store, "h2");
      await store.outbox.markSending(key);
      await wish(store, "h1");
      expect(await store.outbox.pending(10)).toMatchObject([{ hash: "h1", maybeSent: true, remoteId: 7 }]);
    });

    it("F26: a wish that comes while an older one is on its way stays pending", async () => {
      const store = await kind.open();
      await wish(store, "h1");
      await store.outbox.markSending(key);
      await wish(store, "h2");
      await store.outbox.markSent(key, "h1", 7);
      expect(await store.outbox.pending(10)).toMatchObject([{ hash: "h2", sentHash: "h1", remoteId: 7, maybeSent: false }]);
    });

    it("an effect that makes nothing leaves the known id as it is", async () => {
      const store = await kind.open();
      await sent(store, "h1");
      await wish(store, "h2");
      await store.outbox.markSent(key, "h2", null);
      expect((await store.outbox.row(key))?.remoteId).toBe(7);
    });

    it("F18: counts annotations for one content only", async () => {
      const store = await kind.open();
      await wish(store, "h1");
      await store.outbox.markSending(key);
      await store.outbox.markAnnotationsSent(key, 50);
      await wish(store, "h1");
      expect((await store.outbox.row(key))?.annotationsSent).toBe(50);
      await wish(store, "h2");
      expect((await store.outbox.row(key))?.annotationsSent).toBe(0);
    });

    it("a target that fails goes behind the others, and a new wish on it starts afresh", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      await wish(store, "bad");
      await wish(store, "good", aComment({ key: "comment:1:2" }));
      await store.outbox.markFailed(key, "unavailable");
      expect(await pendingHashes(store)).toEqual(["good", "bad"]);
      expect(await store.outbox.row(key)).toMatchObject({ attempts: 1, failedAt: clock.now() });
      await wish(store, "bad");
      expect((await store.outbox.row(key))?.attempts).toBe(1);
      await wish(store, "better");
      expect(await store.outbox.row(key)).toMatchObject({ attempts: 0, failedAt: null });
    });

    it("drops a wish that must not be performed, and what is known of the target outlives it", async () => {
      const store = await kind.open();
      await wish(store, "h1");
      await store.outbox.drop(key);
      expect(await store.outbox.row(key)).toBeNull();
      await store.outbox.drop(key);

      await sent(store, "h1");
      await wish(store, "h2");
      await store.outbox.drop(key);
      expect(await pendingHashes(store)).toEqual([]);
      expect((await store.outbox.row(key))?.remoteId).toBe(7);
      await wish(store, "h2");
      expect(await pendingHashes(store)).toEqual(["h2"]);
    });

    it("counts pending wishes by kind, oldest wish first in line", async () => {
      const store = await kind.open();
      await wish(store, "a", aComment({ key: "k1" }));
      await wish(store, "b", { kind: "remove_label", key: "k2", repository: 1, issue: 1, label: "x" });
      await wish(store, "c", aComment({ key: "k3" }));
      expect(await store.outbox.kinds()).toEqual({ comment: 2, remove_label: 1 });
      expect((await store.outbox.pending(2)).map((row) => row.effect.key)).toEqual(["k1", "k2"]);
      // Saying an unsent wish again does not cost it its place.
      await wish(store, "a", aComment({ key: "k1" }));
      expect((await store.outbox.pending(1)).map((row) => row.effect.key)).toEqual(["k1"]);
    });
  });
}
