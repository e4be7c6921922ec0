import { describe, expect, it } from "vitest";
import type { Act } from "#core/model/act.ts";
import type { StopsHeard } from "#core/model/terms.ts";
import type { DecisionRecord } from "#core/ports/records.ts";
import {
  aComment,
  aDecision,
  anEntry,
  anItem,
  handClock,
  type Kind,
  theLease,
} from "../harness.ts";

const aRecord = (parts: Partial<DecisionRecord> = {}): Omit<DecisionRecord, "number"> => ({
  subjectKey: "pr:1:1",
  headSha: "aaa",
  baseRef: "main",
  policyDigest: "p",
  decision: aDecision(),
  at: 1,
  ...parts,
});

export function ledgerContract(kind: Kind): void {
  describe("ledger", () => {
    it("numbers a subject's decisions and answers with the last", async () => {
      const { ledger, records } = await kind.open();
      expect(await records.lastDecision("pr:1:1")).toBeNull();
      for (const at of [1, 2, 3])
        await ledger.record({
          lease: null,
          decision: aRecord({ at, decision: aDecision({ now: at }) }),
          effects: [],
          audit: [],
        });
      await ledger.record({
        lease: null,
        decision: aRecord({ subjectKey: "pr:1:2" }),
        effects: [],
        audit: [],
      });
      expect(await records.lastDecision("pr:1:1")).toEqual({
        ...aRecord({ at: 3, decision: aDecision({ now: 3 }) }),
        number: 3,
      });
      expect((await records.lastDecision("pr:1:2"))?.number).toBe(1);
    });

    it("keeps numbering where old decisions were thinned out", async () => {
      const { ledger, records } = await kind.open();
      for (let at = 1; at <= 60; at++)
        await ledger.record({ lease: null, decision: aRecord({ at }), effects: [], audit: [] });
      expect((await records.lastDecision("pr:1:1"))?.number).toBe(60);
    });

    it("forgets old effects that are settled and old decisions but the last of each subject", async () => {
      const clock = handClock();
      const { ledger, outbox, records, prune } = await kind.open(clock);
      const wish = (
        key: string,
      ): { readonly effect: ReturnType<typeof aComment>; readonly hash: string } => ({
        effect: aComment({ key }),
        hash: key,
      });
      for (const at of [1, 2])
        await ledger.record({ lease: null, decision: aRecord({ at }), effects: [], audit: [] });
      await ledger.record({
        lease: null,
        decision: null,
        effects: [wish("sent"), wish("waiting"), wish("young")],
        audit: [],
      });
      await outbox.markSent("sent", "sent", 1);
      const between = clock.forward(1000);
      clock.forward(1000);
      await outbox.markSent("young", "young", 2);
      expect(await prune(between)).toBe(2);
      expect(await outbox.row("sent")).toBeNull();
      expect((await outbox.row("young"))?.remoteId).toBe(2);
      expect(await outbox.pending(10)).toHaveLength(1);
      await ledger.record({ lease: null, decision: aRecord({ at: 3 }), effects: [], audit: [] });
      expect((await records.lastDecision("pr:1:1"))?.number).toBe(3);
    });

    it("forgets more than one piece of each, and sessions and tokens that ran out", async () => {
      const store = await kind.open();
      const { ledger, sessions, tokens } = store;
      const many = Array.from({ length: 1_200 }, (_, index) => index);
      // Some at one instant, as a sweep decides them.
      for (const index of many)
        await ledger.record({
          lease: null,
          decision: aRecord({ subjectKey: `pr:1:${index >> 1}`, at: Math.min(index, 700) }),
          effects: [],
          audit: [],
        });
      const person = { id: 1, login: "ada", type: "User" } as const;
      for (const index of many)
        await sessions.add({
          id: `s${index}`,
          person,
          sealed: "",
          createdAt: 0,
          expiresAt: index,
        });
      for (const [id, expiresAt] of [
        ["old", 900],
        ["good", 5_000],
      ] as const)
        await tokens.add({
          id,
          hash: id,
          purpose: "api",
          name: id,
          repositories: [],
          environments: [],
          createdBy: "ada",
          createdById: null,
          createdAt: 0,
          expiresAt,
          revokedAt: null,
        });
      expect(await store.prune(1_000)).toBe(600 + 1_000 + 1);
      expect(await sessions.find("s1100", 1_050)).not.toBeNull();
      expect((await tokens.list()).map(({ id }) => id)).toEqual(["good"]);
      expect(await sessions.prune(2_000)).toBe(200);
      expect((await store.records.lastDecision("pr:1:599"))?.number).toBe(2);
      expect(await store.prune(1_000)).toBe(0);
    });

    it("F8: decision, effects and audit records stand together", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      await store.queue.mark([anItem()]);
      const lease = await theLease(store, clock.now());
      await store.ledger.record({
        lease,
        decision: aRecord(),
        effects: [{ effect: aComment(), hash: "h" }],
        audit: [anEntry(), anEntry()],
      });
      expect((await store.records.lastDecision("pr:1:1"))?.number).toBe(1);
      expect(await store.outbox.pending(10)).toHaveLength(1);
      expect((await store.trail.head()).seq).toBe(2);
    });

    it("F22: nothing of it stands for a worker that lost its lease", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      await store.queue.mark([anItem()]);
      const paused = await theLease(store, clock.now());
      await theLease(store, clock.forward(61_000));
      const late = store.ledger.record({
        lease: paused,
        decision: aRecord(),
        effects: [{ effect: aComment(), hash: "h" }],
        audit: [anEntry()],
      });
      await expect(late).rejects.toMatchObject({ name: "GatehouseError", code: "stale" });
      expect(await store.records.lastDecision("pr:1:1")).toBeNull();
      expect(await store.outbox.pending(10)).toEqual([]);
      expect((await store.trail.head()).seq).toBe(0);
    });

    it("F21: nothing of it stands where what it was composed of is not so any more", async () => {
      const store = await kind.open();
      const { ledger, records } = store;
      const composed = (number: number, text: string | null): ReturnType<typeof ledger.record> =>
        ledger.record({
          lease: null,
          decision: aRecord(),
          effects: [{ effect: aComment(), hash: "h" }],
          audit: [anEntry()],
          premises: [
            { kind: "value", key: "words", from: text, to: "new" },
            { kind: "decision", subjectKey: "pr:1:2", number },
          ],
        });
      await ledger.record({
        lease: null,
        decision: aRecord({ subjectKey: "pr:1:2" }),
        effects: [],
        audit: [],
      });
      expect(await composed(0, null)).toBe("outdated");
      expect(await composed(1, "old")).toBe("outdated");
      expect(await records.lastDecision("pr:1:1")).toBeNull();
      expect(await records.getValue("words")).toBeNull();
      expect(await store.outbox.pending(10)).toEqual([]);
      expect(await composed(1, null)).toBe("recorded");
      expect(await records.getValue("words")).toBe("new");
      expect((await records.lastDecision("pr:1:1"))?.number).toBe(1);
      expect(await store.outbox.pending(10)).toHaveLength(1);
    });

    it("a record that stands on what people had said is refused once one more of them stops it, in any process", async () => {
      const store = await kind.open();
      const { acts, ledger } = store;
      const say = (id: string, over: Partial<Act>): Promise<boolean> =>
        acts.add({
          id,
          kind: "freeze",
          repository: 1,
          pullRequest: null,
          environment: null,
          sha: null,
          name: null,
          actor: { id: 2, login: "bob", type: "User" },
          at: 5,
          expiresAt: null,
          reason: "",
          detail: {},
          ...over,
        });
      await say("a", {});
      const heardAt = async (pullRequests: readonly number[] | null) => {
        const of = { repository: 1, pullRequests };
        return { ...of, count: await acts.countStops(of) };
      };
      const whole = await heardAt(null);
      const ofPull = await heardAt([7, 8]);
      expect([whole.count, ofPull.count]).toEqual([1, 0]);
      const recorded = (heard: StopsHeard): Promise<string> =>
        ledger.record({
          lease: null,
          decision: null,
          effects: [],
          audit: [],
          premises: [{ kind: "stops", ...heard }],
        });
      // None of these stops anything here.
      await say("b", { kind: "approve", sha: "c" });
      await say("c", { kind: "unfreeze" });
      await say("d", { repository: 2 });
      expect(await recorded(whole)).toBe("recorded");
      for (const kind of ["reject", "hold", "override_cancel", "bypass"] as const)
        await say(kind, { kind, pullRequest: 9 });
      expect(await recorded(whole)).toBe("outdated");
      expect(await recorded(ofPull)).toBe("recorded");
      await say("e", { kind: "hold", pullRequest: 8 });
      expect(await recorded(ofPull)).toBe("outdated");
    });

    it("a record that fails undoes itself and none of those committed together with it", async () => {
      const store = await kind.open();
      const unstorable = aRecord({ subjectKey: "pr:1:3", at: Number.NaN });
      const answers = await Promise.allSettled([
        store.ledger.record({ lease: null, decision: aRecord(), effects: [], audit: [anEntry()] }),
        store.ledger.record({ lease: null, decision: unstorable, effects: [], audit: [anEntry()] }),
        store.ledger.record({
          lease: null,
          decision: aRecord({ subjectKey: "pr:1:2" }),
          effects: [],
          audit: [anEntry()],
        }),
      ]);
      expect(answers.map((answer) => answer.status)).toEqual([
        "fulfilled",
        "rejected",
        "fulfilled",
      ]);
      expect(answers[1]).toMatchObject({ reason: { code: "invalid" } });
      expect(await store.records.lastDecision("pr:1:3")).toBeNull();
      expect((await store.records.lastDecision("pr:1:2"))?.number).toBe(1);
      expect((await store.trail.head()).seq).toBe(2);
    });

    it("F23: says how old the oldest verdict is that waits to be judged again", async () => {
      const clock = handClock();
      const store = await kind.open(clock);
      await store.ledger.record({
        lease: null,
        decision: aRecord({ at: clock.now() - 90_000 }),
        effects: [],
        audit: [],
      });
      await store.ledger.record({
        lease: null,
        decision: aRecord({ at: clock.now() - 60_000 }),
        effects: [],
        audit: [],
      });
      expect(await store.oldestVerdictAge(clock.now())).toBe(0);
      await store.queue.mark([anItem({ runAt: clock.now() + 1000 })]);
      expect(await store.oldestVerdictAge(clock.now())).toBe(0);
      expect(await store.oldestVerdictAge(clock.forward(1000))).toBe(61_000);
      // Tried in vain: the verdict ages although its next try is not due.
      await store.queue.retry(
        await theLease(store, clock.now()),
        clock.now() + 300_000,
        "GitHub is away",
      );
      expect(await store.oldestVerdictAge(clock.forward(1000))).toBe(62_000);
    });
  });
}
