import { sql } from "kysely";
import pg from "pg";
import { describe, expect, it } from "vitest";
import type { GatehouseError } from "#core/model/errors.ts";
import { verifyAudit } from "#io/database/audit/verify.ts";
import { migrationLock, openPostgres } from "#io/database/postgres/open-postgres.ts";
import { kindOf } from "#io/database/postgres/failure.ts";
import { openStore, type OpenStore } from "#io/database/store/open-store.ts";
import { instanceName, mayBeAlive } from "#io/system/instance.ts";
import { until } from "../../../e2e/harness.ts";
import { onServer, withPostgres } from "../../../support/postgres.ts";
import {
  aComment,
  aDecision,
  aDelivery,
  anEntry,
  anItem,
  closeAfterEach,
  handClock,
  openAt,
  theLease,
} from "../store/harness.ts";

const minute = 60_000;
/** A connection that waits to be told of work. */
const listening =
  "select 1 from pg_stat_activity where application_name = 'gatehouse-wake' and query ilike '%listen%'";

describe("what a failure of the driver means", () => {
  it("no answer at all is a server that is gone", () => {
    expect(kindOf(Object.assign(new Error("connect"), { code: "ECONNREFUSED" }))).toBe("lost");
  });
});

describe("several processes' worth of stores over one PostgreSQL", () => {
  closeAfterEach();
  withPostgres((server) => {
    const clock = handClock();
    const two = async (): Promise<readonly [OpenStore, OpenStore, string]> => {
      const url = await server().newDatabase();
      return [await openAt(url, clock), await openAt(url, clock), url];
    };

    it("F21: what two processes add to one value at the same time is all kept, and one of two firsts stands", async () => {
      const [one, other] = await two();
      const ones = Array.from({ length: 20 }, (_, index) => index);
      await Promise.all(
        ones.map((index) =>
          (index % 2 === 0 ? one : other).records.changeValue("evidence:1:a", (text) =>
            JSON.stringify([...(JSON.parse(text ?? "[]") as number[]), index]),
          ),
        ),
      );
      const kept = JSON.parse((await one.records.getValue("evidence:1:a")) ?? "") as number[];
      expect(kept.toSorted((a, b) => a - b)).toEqual(ones);
      const bound = await Promise.all(
        [one, other].map((store, id) =>
          store.records.changeValue("token-repository:1:a/b", (known) => known ?? String(id)),
        ),
      );
      expect(bound[0]).toBe(bound[1]);
    });

    it("F21: deliveries are routed by one process at a time, which the others do not wait for in vain", async () => {
      const [one, other] = await two();
      await one.inbox.put(aDelivery({ guid: "a", bodyHash: "a" }));
      const named = (store: OpenStore, by: string) => ({
        take: (forMs = 2_000) => store.inbox.take(by, clock.now() + forMs, 10),
        release: () => store.inbox.release(by),
      });
      const both = [named(one, "one"), named(other, "other")] as const;
      const raced = await Promise.all(both.map(({ take }) => take()));
      expect(raced.filter((taken) => taken === "taken")).toHaveLength(1);
      const [first, second] = raced[0] === "taken" ? [both[1], both[0]] : both;
      expect(await first.take()).toHaveLength(1);
      expect(await second.take()).toBe("taken");
      await first.release();
      expect(await second.take()).toHaveLength(1);
      // It was killed.
      clock.forward(2_001);
      expect(await first.take()).toHaveLength(1);
      await second.release();
      expect(await second.take()).toBe("taken");
      // Whose clock is far ahead keeps nobody waiting.
      await first.take(3_600_000);
      expect(await second.take()).toHaveLength(1);
      await one.inbox.markRouted(["a"], clock.now());
      expect(await first.take()).toEqual([]);
    });

    it("F21: of a hundred racers in two stores one wins each row", async () => {
      const [one, other] = await two();
      expect(one.isShared).toBe(true);
      await one.queue.mark([anItem({ key: "a" }), anItem({ key: "b" }), anItem({ key: "c" })]);
      const won = (
        await Promise.all(
          [one, other].flatMap((store) =>
            Array.from({ length: 50 }, (_, racer) =>
              store.queue.lease(`w${racer}`, clock.now(), minute, 1),
            ),
          ),
        )
      ).flat();
      expect(won.map((lease) => lease.key).sort()).toEqual(["a", "b", "c"]);
      expect(new Set(won.map((lease) => lease.generation)).size).toBe(3);
    });

    it("marks of the same keys from both at once are one row each, and nobody's wish is lost", async () => {
      const [one, other] = await two();
      const keys = Array.from({ length: 40 }, (_, index) => `k${index}`);
      for (let round = 0; round < 5; round++)
        await Promise.all([
          one.queue.mark(keys.map((key) => anItem({ key, runAt: clock.now() + 5000 }))),
          other.queue.mark(keys.toReversed().map((key) => anItem({ key, runAt: clock.now() }))),
        ]);
      expect(await one.queue.stats(clock.now())).toMatchObject({ waiting: 40, due: 40 });
    });

    it("F22: a mark that comes in the moment in which a row is completed is run", async () => {
      const [one, other] = await two();
      for (let round = 0; round < 20; round++) {
        await one.queue.mark([anItem()]);
        const lease = await theLease(one, clock.now());
        await Promise.all([one.queue.complete(lease, null), other.queue.mark([anItem()])]);
        const again = await theLease(other, clock.now());
        await other.queue.complete(again, null);
      }
      expect((await one.queue.stats(clock.now())).waiting).toBe(0);
    });

    it("F22: who lost a lease to the other store records nothing", async () => {
      const [one, other] = await two();
      await one.queue.mark([anItem()]);
      const paused = await theLease(one, clock.now());
      await theLease(other, clock.forward(minute + 1));
      await expect(
        one.ledger.record({ lease: paused, decision: null, effects: [], audit: [anEntry()] }),
      ).rejects.toMatchObject({ code: "stale" });
      expect((await other.trail.head()).seq).toBe(0);
    });

    it("F21: of two records that each stand on the other's subject as it was, one is outdated", async () => {
      const [one, other] = await two();
      const composed = (store: OpenStore, own: string, premise: string): Promise<string> =>
        store.ledger.record({
          lease: null,
          decision: {
            subjectKey: own,
            headSha: "a",
            baseRef: "main",
            policyDigest: "p",
            decision: aDecision(),
            at: 1,
          },
          effects: [{ effect: aComment({ body: own }), hash: own }],
          audit: [anEntry()],
          premises: [{ kind: "decision", subjectKey: premise, number: 0 }],
        });
      for (let round = 0; round < 10; round++) {
        const [a, b] = [`pr:${round}:1`, `pr:${round}:2`];
        const outcomes = await Promise.all([composed(one, a, b), composed(other, b, a)]);
        expect([...outcomes].sort()).toEqual(["outdated", "recorded"]);
      }
    });

    it("chains one audit log, and grants a claim once", async () => {
      const [one, other] = await two();
      const granted = await Promise.all(
        Array.from({ length: 40 }, async (_, at) => {
          const store = at % 2 === 0 ? one : other;
          await store.audit.append([anEntry({ at })]);
          return store.records.claimOnce(`claim ${at >> 2}`, at);
        }),
      );
      expect(granted.filter(Boolean)).toHaveLength(10);
      expect(await verifyAudit(one)).toMatchObject({ kind: "ok", records: 40 });
    });

    it.each([
      "update audit_log set actor = 'nobody'",
      "delete from audit_log",
      "truncate audit_log",
      "update acts set reason = 'another'",
    ])("T48: the database itself refuses: %s", async (statement) => {
      const [one, , url] = await two();
      await one.audit.append([anEntry()]);
      await one.acts.add({
        id: "a",
        kind: "hold",
        repository: 1,
        pullRequest: 2,
        environment: null,
        sha: null,
        name: null,
        actor: { id: 9, login: "ann", type: "User" },
        at: 1,
        said: null,
        expiresAt: null,
        reason: "",
        detail: {},
      });
      await expect(onServer(url, statement)).rejects.toThrow(/append-only/);
    });

    it("F20: a server that goes is told once, takes nothing, and goes on by itself when it is back", async () => {
      const [store] = await two();
      const told: string[] = [];
      store.onLost(
        (error: GatehouseError) => told.push(error.message),
        () => told.push("back"),
      );
      await store.inbox.put(aDelivery({ guid: "before" }));
      server().halt();
      try {
        const refused = await Promise.allSettled([
          store.inbox.put(aDelivery({ guid: "lost" })),
          store.ping(),
          store.queue.stats(0),
        ]);
        const reasons = refused.map((each) => (each.status === "rejected" ? each.reason : null));
        expect(reasons[0]).toMatchObject({ name: "GatehouseError", code: "unavailable" });
        await expect(store.ping()).rejects.toBe(reasons[1]);
      } finally {
        server().resume();
      }
      expect(await store.inbox.put(aDelivery({ guid: "after" }))).toBe("stored");
      expect([...(await store.inbox.knownGuids(["before", "after"]))].sort()).toEqual([
        "after",
        "before",
      ]);
      expect(told).toEqual([expect.stringMatching(/goes on by itself/), "back"]);
      expect(told[0]).not.toContain(String(server().port));
    });

    it("what one marks wakes the other at once, a burst on one subject once, and at its time", async () => {
      const url = await server().newDatabase();
      const [one, other] = [await openAt(url, { ...clock, now: Date.now }), await openAt(url)];
      let woken = 0;
      await other.join({
        self: "host:1:a",
        mayBeAlive: () => true,
        onWork: () => (woken += 1),
        onFreed: () => undefined,
      });
      await until(
        "the runner",
        () => onServer(url, listening),
        (rows) => rows.length > 0,
      );
      const jobs = (): Promise<readonly unknown[]> =>
        onServer(url, "select key from graphile_worker._private_jobs");
      for (let mark = 0; mark < 20; mark++)
        await one.queue.mark([anItem({ key: "later", runAt: Date.now() + 3_600_000 })]);
      expect(await jobs()).toEqual([{ key: "later" }]);
      expect(woken).toBe(0);
      await one.queue.mark([anItem({ runAt: Date.now() })]);
      await until(
        "the other's waking",
        () => woken,
        (count) => count > 0,
        1_500,
      );
      expect(woken).toBe(1);
    });

    it("F7: what a process held that does not show its life is free again for the others", async () => {
      const url = await server().newDatabase();
      const [one, other] = [await openAt(url, clock), await openAt(url, clock)];
      const freed: number[] = [];
      const join = (store: OpenStore, self: string): Promise<void> =>
        store.join({
          self,
          // A machine knows nothing of other machines' processes.
          mayBeAlive: () => true,
          onWork: () => undefined,
          onFreed: (count) => freed.push(count),
        });
      await join(one, "host:1:a");
      await one.queue.mark([anItem({ key: "held" }), anItem({ key: "left" })]);
      const [held] = await one.queue.lease("host:1:a", clock.now(), minute, 1);
      await one.queue.lease("host:2:gone", clock.now(), minute, 1);
      await join(other, "host:3:b");
      await until(
        "the take-over",
        () => freed,
        (counts) => counts.length > 0,
      );
      expect(freed).toEqual([1]);
      if (held === undefined) throw new Error("a lease expected");
      expect(await other.queue.holds(held)).toBe(true);
      expect(await theLease(other, clock.now())).toMatchObject({ attempts: 1, faults: 1 });
    });

    it("F7: processes that share a host name and a process id, as containers do, take nothing of each other's", async () => {
      const url = await server().newDatabase();
      const [one, other] = [await openAt(url, clock), await openAt(url, clock)];
      const freed: number[] = [];
      const names = [instanceName(), instanceName()] as const;
      const join = (store: OpenStore, self: string): Promise<void> =>
        store.join({
          self,
          mayBeAlive: (owner) => mayBeAlive(owner, self),
          onWork: () => undefined,
          onFreed: (count) => freed.push(count),
        });
      await join(one, names[0]);
      await one.queue.mark([anItem()]);
      const [held] = await one.queue.lease(names[0], clock.now(), minute, 1);
      if (held === undefined) throw new Error("a lease expected");
      await join(other, names[1]);
      expect(await one.queue.holds(held)).toBe(true);
      expect(freed).toEqual([]);
    });

    it.each([
      ["our", `select pg_advisory_lock(${migrationLock})`],
      ["graphile-worker's", "lock table graphile_worker.migrations in access exclusive mode"],
    ])(
      "F35: whoever starts waits for %s migrations longer than any other statement may take",
      async (_whose, held) => {
        const url = await server().newDatabase();
        await (await openStore({ url })).close();
        const migrating = new pg.Client({ connectionString: url });
        await migrating.connect();
        await migrating.query("begin");
        await migrating.query(held);
        const opening = openStore({ url, statementMs: 100 }).then(
          (store) => store,
          (error: unknown) => error,
        );
        await until(
          "a start that has waited longer than that",
          () =>
            onServer(
              url,
              "select 1 from pg_stat_activity where wait_event_type = 'Lock' and now() - query_start > interval '300 ms'",
            ),
          (rows) => rows.length > 0,
        );
        await migrating.end();
        const store = await opening;
        if (store instanceof Error) throw store;
        await (store as OpenStore).close();
      },
    );

    it("forgets what is old in pieces, for no statement has the time for all of it", async () => {
      const url = await server().newDatabase();
      const store = await openStore({ url });
      await onServer(
        url,
        `create function few() returns trigger language plpgsql as $$
          begin if (select count(*) from gone) > 500 then raise exception 'too many at once'; end if; return null; end $$;
        create trigger few_decisions after delete on decisions referencing old table as gone for each statement execute function few();
        create trigger few_inbox after delete on inbox referencing old table as gone for each statement execute function few();
        insert into decisions select 'pr:1:' || (n / 2), n, 'a', 'main', 'p', '{}', 1000 + n from generate_series(0, 3999) as n;
        insert into inbox (guid, event, body_hash, received_at, state) select n, 'push', n, n, 'routed' from generate_series(1, 2000) as n`,
      );
      expect(await Promise.all([store.prune(10_000), store.inbox.prune(10_000)])).toEqual([
        2_000, 1_999,
      ]);
      expect(
        await onServer(
          url,
          "select min(number % 2)::int as least, count(*)::int as rows from decisions",
        ),
      ).toEqual([{ least: 1, rows: 2_000 }]);
      await store.close();
    });

    it("keeps its sessions short of patience and by a name", async () => {
      const url = await server().newDatabase();
      const { database } = await openPostgres({ url, size: 2 });
      const { rows } = await sql<Record<string, string>>`
        select current_setting('statement_timeout') as statement,
          current_setting('idle_in_transaction_session_timeout') as idle,
          current_setting('application_name') as name`.execute(database.read);
      expect(rows[0]).toEqual({ statement: "8s", idle: "4s", name: "gatehouse" });
      await database.read.destroy();
    });

    describe("says in one line what to do", () => {
      const refused = (url: string): Promise<unknown> =>
        openStore({ url }).then(
          () => null,
          (error: unknown) => error,
        );

      it("when the database is missing, the password wrong, or the server away", async () => {
        const url = await server().newDatabase();
        await onServer(url, "create role stranger login password 'right'");
        const { port } = server();
        expect(await refused(url.replace(/[^/]+$/, "nowhere"))).toMatchObject({
          code: "unsupported",
          message: expect.stringMatching(/no database of that name.*createdb/) as unknown,
        });
        expect(
          await refused(`postgres://stranger:hunter2@127.0.0.1:${port}/postgres`),
        ).toMatchObject({
          code: "unsupported",
          message: expect.stringMatching(
            /refuses the user or the password(?!.*hunter2)/,
          ) as unknown,
        });
        expect(await refused("postgres://gate@127.0.0.1:1/gatehouse")).toMatchObject({
          code: "unavailable",
          message: expect.stringMatching(/nobody listens there/) as unknown,
        });
        expect(await refused(`postgres://stranger:right@127.0.0.1:${port}/postgres`)).toMatchObject(
          {
            code: "unsupported",
            message: expect.stringMatching(/may not make tables.*GRANT/s) as unknown,
          },
        );
      });
    });
  });
});
