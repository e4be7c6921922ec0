import { describe, expect, it } from "vitest";
import type { Effect } from "#core/model/effect.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { OpenStore } from "#io/database/store/open-store.ts";
import { aComment, anItem, handClock, theLease, type Kind } from "../harness.ts";

export function outboxContract(kind: Kind): void {
  describe("outbox", () => {
    const key = "comment:1:1";
    const wish = (
      store: OpenStore,
      hash: string,
      effect: Effect = aComment({ body: hash }),
    ): Promise<unknown> =>
      store.ledger.record({ lease: null, decision: null, effects: [{ effect, hash }], audit: [] });
    const pendingHashes = async (store: OpenStore): Promise<readonly string[]> =>
      (await store.outbox.pending(10)).map((row) => row.hash);

    /** Begins to send what is wished; answers the number of the try. */
    async function begin(
      store: OpenStore,
      hash: string,
      lease: Lease | null = null,
    ): Promise<number> {
      const begun = await store.outbox.beginSending(
        key,
        hash,
        lease,
        (lease?.leasedUntil ?? 0) + 1,
        true,
      );
      if (begun.kind !== "begun") throw new Error(`sending did not begin: ${begun.kind}`);
      return begun.sending;
    }

    /** Two workers with a subject each. */
    async function twoLeases(store: OpenStore, now: number): Promise<readonly [Lease, Lease]> {
      await store.queue.mark([anItem({ key: "pr:1:1" }), anItem({ key: "pr:1:2" })]);
      const [one, other] = await store.queue.lease("w", now, 60_000, 2);
      if (one === undefined || other === undefined) throw new Error("two leases expected");
      return [one, other];
    }

    async function sent(store: OpenStore, hash: string, remoteId = 7): Promise<void> {
      await wish(store, hash);
      await begin(store, hash);
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
      await begin(store, "h1");
      expect((await store.outbox.row(key))?.maybeSent).toBe(true);
      await store.outbox.markSent(key, "h1", 7);
      expect(await store.outbox.pending(10)).toEqual([]);
      expect(await store.outbox.row(key)).toMatchObject({
        remoteId: 7,
        sentHash: "h1",
        maybeSent: false,
      });
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
      expect(await store.outbox.pending(10)).toMatchObject([
        { hash: "h3", effect: { body: "h3" }, remoteId: 7, sentHash: "h1" },
      ]);
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
      await begin(store, "h2");
      await wish(store, "h1");
      expect(await store.outbox.pending(10)).toMatchObject([
        { hash: "h1", maybeSent: true, remoteId: 7 },
      ]);
    });

    it("F26: a wish that comes while an older one is on its way stays pending", async () => {
      const store = await kind.open();
      await wish(store, "h1");
      await begin(store, "h1");
      await wish(store, "h2");
      await store.outbox.markSent(key, "h1", 7);
      expect(await store.outbox.pending(10)).toMatchObject([
        { hash: "h2", sentHash: "h1", remoteId: 7, maybeSent: false },
      ]);
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
      await begin(store, "h1");
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

    it("F21: one worker sends on a target at a time, until it is through, failed, or lost its lease", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      const [one, other] = await twoLeases(store, clock.now());
      const trying = (lease: Lease): ReturnType<OpenStore["outbox"]["beginSending"]> =>
        store.outbox.beginSending(key, "h1", lease, clock.now() + 60_000);
      await wish(store, "h1");
      const sending = await begin(store, "h1", one);
      expect(await trying(other)).toEqual({ kind: "taken" });
      await store.outbox.markFailed(key, "unavailable", sending);
      const again = await begin(store, "h1", other);
      expect(await trying(one)).toEqual({ kind: "taken" });
      await store.outbox.markSent(key, "h1", 7, again);
      await wish(store, "h2");
      await begin(store, "h2", one);
      clock.forward(61_000);
      await theLease(store, clock.now()).catch(() => null);
      expect(await store.outbox.beginSending(key, "h2", null, 0)).toMatchObject({
        kind: "begun",
        row: { hash: "h2", remoteId: 7, maybeSent: true },
      });
    });

    it("F22: a worker that lost its lease begins nothing, and what it began before is in doubt", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      await store.queue.mark([anItem()]);
      const paused = await theLease(store, clock.now());
      await wish(store, "green");
      const late = await begin(store, "green", paused);
      const next = await theLease(store, clock.forward(61_000));
      await wish(store, "wait");
      const now = await begin(store, "wait", next);
      expect(await store.outbox.markSent(key, "wait", 7, now)).toBe(true);
      expect(await store.outbox.markSent(key, "green", 7, late)).toBe(false);
      // GitHub may show either: what is true is sent once more, although it was what was sent last.
      expect(await store.outbox.row(key)).toMatchObject({
        hash: "wait",
        sentHash: "wait",
        maybeSent: true,
      });
      await wish(store, "wait");
      expect(await pendingHashes(store)).toEqual(["wait"]);
      await expect(
        store.outbox.beginSending(key, "wait", paused, clock.now()),
      ).rejects.toMatchObject({ code: "stale" });
      // The one who was sending when the doubt arose has not the last word for certain either.
      const retried = await begin(store, "wait", next);
      expect(await store.outbox.markSent(key, "green", 7, late)).toBe(false);
      expect(await store.outbox.markSent(key, "wait", 7, retried)).toBe(false);
      await store.outbox.markFailed(key, "unavailable", late);
      expect((await store.outbox.row(key))?.attempts).toBe(0);
    });

    it("F9: what a crash cut off is known for as long as it may still arrive", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      await store.queue.mark([anItem()]);
      const killed = await theLease(store, clock.now());
      await wish(store, "h1");
      await begin(store, "h1", killed);
      const from = clock.now();
      await store.queue.releaseDead(() => false);
      const next = await theLease(store, clock.forward(500));
      await wish(store, "h2");
      const trying = (isPast = false): ReturnType<OpenStore["outbox"]["beginSending"]> =>
        store.outbox.beginSending(key, "h2", next, clock.now() + 60_000, isPast);
      expect(await trying()).toMatchObject({
        kind: "cut_off",
        hash: "h1",
        until: from + 10_000,
        row: { hash: "h2" },
      });
      clock.forward(9_499);
      expect((await trying()).kind).toBe("cut_off");
      expect((await trying(true)).kind).toBe("begun");
      await store.outbox.markFailed(key, "unavailable");
      // What was answered, be it with an error, is over.
      expect((await trying()).kind).toBe("begun");
      expect(await store.outbox.beginSending(key, "h1", next, clock.now() + 60_000)).toEqual({
        kind: "changed",
      });
    });

    it("drops the wish it was told of, and no newer one", async () => {
      const store = await kind.open();
      await wish(store, "h1");
      await wish(store, "h2");
      await store.outbox.drop(key, "h1");
      expect(await pendingHashes(store)).toEqual(["h2"]);
      await store.outbox.drop(key, "h2");
      expect(await pendingHashes(store)).toEqual([]);
    });

    it("counts pending wishes by kind, oldest wish first in line", async () => {
      const store = await kind.open();
      await wish(store, "a", aComment({ key: "k1" }));
      await wish(store, "b", {
        kind: "remove_label",
        key: "k2",
        repository: 1,
        issue: 1,
        label: "x",
      });
      await wish(store, "c", aComment({ key: "k3" }));
      expect(await store.outbox.kinds()).toEqual({ comment: 2, remove_label: 1 });
      expect((await store.outbox.pending(2)).map((row) => row.effect.key)).toEqual(["k1", "k2"]);
      // Saying an unsent wish again does not cost it its place.
      await wish(store, "a", aComment({ key: "k1" }));
      expect((await store.outbox.pending(1)).map((row) => row.effect.key)).toEqual(["k1"]);
    });
  });
}
