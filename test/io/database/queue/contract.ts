import { describe, expect, it } from "vitest";
import { shareOfInstallation } from "#core/ports/queue.ts";
import { aComment, anItem, aRepository, handClock, type Kind, theLease } from "../store/harness.ts";

export function queueContract(kind: Kind): void {
  describe("queue", () => {
    const minute = 60_000;

    it("leases what is due and nothing sooner", async () => {
      const clock = handClock();
      const { queue } = await kind.open(clock);
      expect(await queue.nextDue()).toBeNull();
      await queue.mark([anItem({ runAt: clock.now() + 500 })]);
      expect(await queue.nextDue()).toBe(clock.now() + 500);
      expect(await queue.lease("w", clock.now(), minute, 10)).toEqual([]);
      expect(await queue.lease("w", clock.forward(500), minute, 0)).toEqual([]);
      expect(await queue.lease("w", clock.now(), minute, 10)).toEqual([
        {
          key: "pr:1:1",
          kind: "judge",
          payload: anItem().payload,
          priority: 50,
          generation: 1,
          attempts: 0,
          faults: 0,
          leasedUntil: clock.now() + minute,
        },
      ]);
      expect(await queue.lease("w", clock.now(), minute, 10)).toEqual([]);
    });

    it("a burst of marks is one row with the newest payload", async () => {
      const clock = handClock();
      const { queue } = await kind.open(clock);
      await queue.mark([anItem({ payload: 1 }), anItem({ payload: 2 })]);
      await Promise.all([3, 4, 5].map((payload) => queue.mark([anItem({ payload })])));
      expect(await queue.stats(clock.now())).toEqual({
        waiting: 1,
        due: 1,
        leased: 0,
        dead: 0,
        oldestDueMs: 0,
      });
      expect(
        (await queue.lease("w", clock.now(), minute, 10)).map((lease) => lease.payload),
      ).toEqual([5]);
    });

    it("a settling burst is put off while it lasts, at most for its time, and an urgent mark cuts it short", async () => {
      const clock = handClock();
      const start = clock.now();
      const { queue } = await kind.open(clock);
      const event = (): Promise<void> =>
        queue.mark([anItem({ runAt: clock.now() + 1000, settleMs: 1000, settleAtMost: 2500 })]);
      await event();
      expect(await queue.nextDue()).toBe(start + 1000);
      clock.forward(800);
      await event();
      expect(await queue.nextDue()).toBe(start + 1800);
      clock.forward(900);
      await event();
      expect(await queue.nextDue()).toBe(start + 2500);
      await queue.mark([anItem({ runAt: clock.now() })]);
      expect(await queue.nextDue()).toBe(start + 1700);
    });

    it("a wake-up and a mark combine to the earlier", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      const { queue } = store;
      await queue.mark([anItem()]);
      await queue.complete(await theLease(store, clock.now()), clock.now() + 10 * minute);
      await queue.mark([anItem({ runAt: clock.now() + 20 * minute })]);
      expect(await queue.nextDue()).toBe(clock.now() + 10 * minute);
      await queue.mark([anItem({ runAt: clock.now() + 1000, settleMs: 1000 })]);
      expect(await queue.nextDue()).toBe(clock.now() + 1000);
    });

    it("a row marked while it is leased runs once more, however often it was marked", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      const { queue } = store;
      await queue.mark([anItem({ payload: "old" })]);
      const lease = await theLease(store, clock.now());
      await queue.mark([anItem({ payload: "new" })]);
      await queue.mark([anItem({ payload: "newer" })]);
      expect(await queue.lease("other", clock.now(), minute, 10)).toEqual([]);
      await queue.complete(lease, clock.now() + 10 * minute);
      const again = await theLease(store, clock.now());
      expect(again.payload).toBe("newer");
      await queue.complete(again, null);
      expect(await queue.stats(clock.now())).toEqual({
        waiting: 0,
        due: 0,
        leased: 0,
        dead: 0,
        oldestDueMs: 0,
      });
      expect(await queue.nextDue()).toBeNull();
    });

    it("leases by priority, then by what waited longest", async () => {
      const clock = handClock();
      const { queue } = await kind.open(clock);
      const at = clock.now();
      await queue.mark([
        anItem({ key: "sweep", priority: 90, runAt: at - 500 }),
        anItem({ key: "young", priority: 50, runAt: at - 10 }),
        anItem({ key: "old", priority: 50, runAt: at - 100 }),
        anItem({ key: "deployment", priority: 10, runAt: at }),
      ]);
      const keys = async (limit: number): Promise<readonly string[]> =>
        (await queue.lease("w", at, minute, limit)).map((lease) => lease.key);
      expect(await keys(3)).toEqual(["deployment", "old", "young"]);
      expect(await keys(3)).toEqual(["sweep"]);
    });

    it("a mark raises a row's priority and never lowers it", async () => {
      const clock = handClock();
      const { queue } = await kind.open(clock);
      await queue.mark([anItem({ key: "a", priority: 90 }), anItem({ key: "b", priority: 50 })]);
      await queue.mark([
        anItem({ key: "a", priority: 10 }),
        anItem({ key: "b", priority: 90 }),
        anItem({ key: "c", priority: 60 }),
      ]);
      expect((await queue.lease("w", clock.now(), minute, 10)).map((lease) => lease.key)).toEqual([
        "a",
        "b",
        "c",
      ]);
    });

    it("F25: a share with one row is served although another has thousands before it", async () => {
      const clock = handClock();
      const { queue } = await kind.open(clock);
      const at = clock.now();
      await queue.mark(
        Array.from({ length: 2000 }, (_, index) =>
          anItem({ key: `big:${index}`, share: "big", runAt: at - 1000 }),
        ),
      );
      await queue.mark([
        anItem({ key: "small:0", share: "small", runAt: at }),
        anItem({ key: "small:1", share: "small", runAt: at }),
      ]);
      const keys = (leases: readonly { readonly key: string }[]): readonly string[] =>
        leases.map((lease) => lease.key.split(":")[0] ?? "");
      expect([...keys(await queue.lease("w", at, minute, 4))].sort()).toEqual([
        "big",
        "big",
        "small",
        "small",
      ]);
    });

    it("F25: an installation of one repository is served although another has hundreds that wait", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      const at = clock.now();
      const repositories = Array.from({ length: 300 }, (_, index) => 1000 + index);
      for (const id of repositories)
        await store.records.saveRepository(aRepository({ id, installationId: 1 }));
      await store.records.saveRepository(aRepository({ id: 7, installationId: 2 }));
      await store.queue.mark([
        ...repositories.map((id) => anItem({ key: `big:${id}`, share: String(id), runAt: at - 9 })),
        ...[1, 2, 3].map((n) => anItem({ key: `small:${n}`, share: "7", runAt: at })),
        anItem({ key: "sweep of big", share: shareOfInstallation(1), priority: 90, runAt: at - 9 }),
        anItem({ key: "deployment of big", share: "1000", priority: 10, runAt: at }),
      ]);
      const leases = await store.queue.lease("w", at, minute, 5);
      const owners = leases.map(({ key }) => (key.includes("big") ? "big" : "small"));
      expect(leases[0]?.key).toBe("deployment of big");
      expect(owners.filter((owner) => owner === "small")).toHaveLength(2);
      // Two of each are under way then, and the third of the small one is next to the fourth of the big one.
      expect((await store.queue.lease("w", at, minute, 2)).map(({ key }) => key)).toContain(
        "small:3",
      );
    });

    it("F25: a single worker turns from share to share", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      const at = clock.now();
      for (const share of ["a", "b", "c"])
        await store.queue.mark(
          [1, 2].map((row) =>
            anItem({ key: `${share}${row}`, share, runAt: at - (share === "a" ? 99 : 0) }),
          ),
        );
      const order: string[] = [];
      for (let turn = 0; turn < 6; turn++) {
        const [lease] = await store.queue.lease("w", at, minute, 1);
        if (lease === undefined) break;
        order.push(lease.key.slice(0, 1));
        await store.queue.complete(lease, null);
      }
      expect(order).toHaveLength(6);
      expect([...order.slice(0, 3)].sort()).toEqual(["a", "b", "c"]);
      expect([...order.slice(3)].sort()).toEqual(["a", "b", "c"]);
    });

    it("F21: of a hundred racers for one row exactly one wins", async () => {
      const clock = handClock();
      const { queue } = await kind.open(clock);
      await queue.mark([anItem()]);
      const racers = await Promise.all(
        Array.from({ length: 100 }, (_, racer) => queue.lease(`w${racer}`, clock.now(), minute, 1)),
      );
      expect(racers.flat()).toHaveLength(1);
    });

    it("F22: a worker whose lease ran out and was taken can do nothing to the row any more", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      const { queue } = store;
      await queue.mark([anItem()]);
      const paused = await theLease(store, clock.now());
      expect(await queue.holds(paused)).toBe(true);
      clock.forward(minute + 1);
      expect(await queue.holds(paused)).toBe(false);
      const next = await theLease(store, clock.now());
      expect(next.generation).toBeGreaterThan(paused.generation);
      expect(next.attempts).toBe(1);

      expect(await queue.extend(paused, clock.now() + minute)).toBe(false);
      await queue.complete(paused, null);
      await queue.retry(paused, clock.now(), "late");
      await queue.deadLetter(paused, "late");
      expect(await queue.holds(next)).toBe(true);
      expect(await queue.stats(clock.now())).toMatchObject({ leased: 1, waiting: 0, dead: 0 });
    });

    it("F22: a generation is never given twice, not even to a row that was done and came back", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      await store.queue.mark([anItem()]);
      const first = await theLease(store, clock.now());
      await store.queue.complete(first, null);
      await store.queue.mark([anItem()]);
      const second = await theLease(store, clock.now());
      expect(second.generation).toBeGreaterThan(first.generation);
      const late = store.ledger.record({
        lease: first,
        decision: null,
        effects: [{ effect: aComment(), hash: "h" }],
        audit: [],
      });
      await expect(late).rejects.toMatchObject({ code: "stale" });
    });

    it("a lease is prolonged while it is ours, also when it ran out and nobody took it", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      await store.queue.mark([anItem()]);
      const lease = await theLease(store, clock.now());
      expect(await store.queue.extend(lease, clock.now() + 2 * minute)).toBe(true);
      clock.forward(minute + 1);
      expect(await store.queue.lease("other", clock.now(), minute, 1)).toEqual([]);
      clock.forward(minute);
      expect(await store.queue.extend(lease, clock.now() + minute)).toBe(true);
      expect(await store.queue.holds(lease)).toBe(true);
    });

    it("a failed run comes again at its time with one more attempt; marks made meanwhile do not shorten the back-off", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      await store.queue.mark([anItem()]);
      const lease = await theLease(store, clock.now());
      await store.queue.mark([anItem()]);
      await store.queue.retry(lease, clock.now() + 5000, "GitHub answered 502");
      expect(await store.queue.nextDue()).toBe(clock.now() + 5000);
      const again = await theLease(store, clock.forward(5000));
      expect(again.attempts).toBe(1);
      await store.queue.complete(again, clock.now() + 1000);
      expect((await theLease(store, clock.forward(1000))).attempts).toBe(0);
    });

    it("F34: a poison job lies on the shelf, the rest goes on, and a new mark takes it off", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      const { queue } = store;
      await queue.mark([anItem({ key: "poison" })]);
      await queue.deadLetter(await theLease(store, clock.now()), "cannot be judged");
      expect(await queue.stats(clock.now())).toMatchObject({ dead: 1, waiting: 0 });
      expect(await queue.nextDue()).toBeNull();
      await queue.mark([anItem({ key: "good" })]);
      expect((await theLease(store, clock.now())).key).toBe("good");
      await queue.mark([anItem({ key: "poison" })]);
      expect(await theLease(store, clock.now())).toMatchObject({ key: "poison", attempts: 0 });
    });

    it("a mark that came while the last try ran keeps the row off the shelf", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      await store.queue.mark([anItem()]);
      const lease = await theLease(store, clock.now());
      await store.queue.mark([anItem()]);
      await store.queue.deadLetter(lease, "broken");
      expect(await theLease(store, clock.now())).toMatchObject({ attempts: 0 });
    });

    it("F34: a try that takes its process with it counts as a fault; trouble outside does not, and success wipes it out", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      const { queue } = store;
      await queue.mark([anItem()]);
      await theLease(store, clock.now());
      const second = await theLease(store, clock.forward(minute + 1));
      expect(second).toMatchObject({ attempts: 1, faults: 1 });
      await queue.retry(second, clock.now(), "unavailable: 502");
      const third = await theLease(store, clock.now());
      expect(third).toMatchObject({ attempts: 2, faults: 1 });
      await queue.retry(third, clock.now(), "TypeError", true);
      expect(await theLease(store, clock.now())).toMatchObject({ attempts: 3, faults: 2 });
      await queue.releaseDead(() => false);
      const last = await theLease(store, clock.forward(1000));
      expect(last).toMatchObject({ attempts: 4, faults: 3 });
      await queue.complete(last, clock.now());
      expect(await theLease(store, clock.now())).toMatchObject({ attempts: 0, faults: 0 });
    });

    it("F34: what was under way at the death of more than one process is given out piece by piece", async () => {
      const clock = handClock();
      const { queue } = await kind.open(clock);
      await queue.mark(["a", "b", "c"].map((key) => anItem({ key })));
      for (const _ of [1, 2]) {
        await queue.lease("dead", clock.now(), minute, 10);
        await queue.releaseDead(() => false);
      }
      expect(await queue.lease("w", clock.now(), minute, 10)).toEqual([]);
      const keys: string[] = [];
      for (const _ of [1, 2, 3])
        keys.push(
          ...(await queue.lease("w", clock.forward(1000), minute, 10)).map(({ key }) => key),
        );
      expect(keys.toSorted()).toEqual(["a", "b", "c"]);
      expect(await queue.stats(clock.now())).toMatchObject({ leased: 3 });
    });

    it("F7: what a dead process held is due again at once and has cost an attempt; the living keep theirs", async () => {
      const clock = handClock();
      const { queue } = await kind.open(clock);
      await queue.mark([anItem({ key: "a" })]);
      await queue.lease("dead", clock.now(), minute, 1);
      await queue.mark([anItem({ key: "b" })]);
      await queue.lease("alive", clock.now(), minute, 1);
      expect(await queue.releaseDead((owner) => owner === "alive")).toBe(1);
      expect(
        (await queue.lease("next", clock.now(), minute, 10)).map(({ key, attempts }) => ({
          key,
          attempts,
        })),
      ).toEqual([{ key: "a", attempts: 1 }]);
    });

    it("a process that stops gives back its own without an attempt", async () => {
      const clock = handClock();
      const { queue } = await kind.open(clock);
      await queue.mark([anItem({ key: "a" }), anItem({ key: "b" })]);
      await queue.lease("stopping", clock.now(), minute, 1);
      await queue.lease("other", clock.now(), minute, 1);
      expect(await queue.release("stopping")).toBe(1);
      expect(
        (await queue.lease("other", clock.now(), minute, 10)).map((lease) => lease.attempts),
      ).toEqual([0]);
    });

    it("tells how much waits, is due, leased and dead, and since when", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      const { queue } = store;
      await queue.mark([anItem({ key: "dead" })]);
      await queue.deadLetter(await theLease(store, clock.now()), "x");
      await queue.mark([anItem({ key: "leased" })]);
      await theLease(store, clock.now());
      const at = clock.now();
      await queue.mark([
        anItem({ key: "1", runAt: at - 300 }),
        anItem({ key: "2", runAt: at }),
        anItem({ key: "3", runAt: at + 1 }),
      ]);
      expect(await queue.stats(at)).toEqual({
        waiting: 3,
        due: 2,
        leased: 1,
        dead: 1,
        oldestDueMs: 300,
      });
    });

    it("takes many marks at once, equal keys among them", async () => {
      const clock = handClock();
      const { queue } = await kind.open(clock);
      await queue.mark([]);
      await queue.mark(
        Array.from({ length: 1000 }, (_, index) => anItem({ key: `k${index % 450}` })),
      );
      expect((await queue.stats(clock.now())).waiting).toBe(450);
    });
  });
}
