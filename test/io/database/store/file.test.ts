import { join } from "node:path";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { openDatabase } from "#io/database/store/database.ts";
import { createInbox } from "#io/database/store/inbox.ts";
import { migrate } from "#io/database/store/migrate.ts";
import { openStore } from "#io/database/store/open-store.ts";
import { createWriter } from "#io/database/store/writer.ts";
import {
  aDelivery,
  anEntry,
  anItem,
  closeAfterEach,
  freshDirectory,
  handClock,
  openAt,
} from "./harness.ts";

describe("a database file", () => {
  closeAfterEach();
  const freshFile = (): string => join(freshDirectory(), "gatehouse.db");

  it("holds after closing what was put into it", async () => {
    const url = `file:${freshFile()}`;
    const first = await openStore({ url });
    await first.inbox.put(aDelivery());
    await first.queue.mark([anItem()]);
    await first.audit.append([anEntry()]);
    const ada = { id: 1, login: "ada", type: "User" } as const;
    await first.contributors.note(1, 4, {
      headSha: "a",
      baseRef: "main",
      complete: true,
      commits: [{ sha: "a", people: [ada] }],
    });
    await first.contributors.notePushers(1, 4, "main", [ada]);
    const head = await first.trail.head();
    await first.close();

    const again = await openAt(url);
    expect(await again.inbox.unrouted(10)).toEqual([aDelivery()]);
    expect((await again.queue.stats(anItem().runAt)).waiting).toBe(1);
    expect(await again.trail.head()).toEqual(head);
    expect(await again.contributors.of(1, 4)).toEqual([
      { commit: "a", person: ada, headSha: "a", withinBase: null },
    ]);
    expect(await again.contributors.pushers(1, 4, "main")).toEqual([ada]);
  });

  it("is written through to the disk at every commit, and readers do not wait for writers", async () => {
    const db = await openDatabase({ kind: "file", path: freshFile() });
    const of = async (pragma: string): Promise<unknown> =>
      Object.values(
        (await sql<Record<string, unknown>>`pragma ${sql.raw(pragma)}`.execute(db)).rows[0] ?? {},
      )[0];
    expect([
      await of("journal_mode"),
      await of("synchronous"),
      await of("busy_timeout"),
      await of("wal_autocheckpoint"),
    ]).toEqual(["wal", 2, 20, 4000]);
    await db.destroy();
  });

  it("F21: of a hundred racers in four processes' worth of connections one wins each row", async () => {
    const clock = handClock();
    const url = `file:${freshFile()}`;
    const stores = await Promise.all([1, 2, 3, 4].map(() => openAt(url, clock)));
    await stores[0]?.queue.mark([anItem({ key: "a" }), anItem({ key: "b" })]);
    const races = stores.flatMap((store) =>
      Array.from({ length: 25 }, (_, racer) =>
        store.queue.lease(`w${racer}`, clock.now(), 60_000, 1),
      ),
    );
    const won = (await Promise.all(races)).flat();
    expect(won.map((lease) => lease.key).sort()).toEqual(["a", "b"]);
    expect(new Set(won.map((lease) => lease.generation)).size).toBe(2);
  });

  it("a connection that finds the file busy waits without stopping the others", async () => {
    const url = `file:${freshFile()}`;
    const stores = await Promise.all([openAt(url), openAt(url)]);
    const puts = stores.flatMap((store, which) =>
      Array.from({ length: 50 }, (_, index) =>
        store.inbox.put(aDelivery({ guid: `${which}-${index}` })),
      ),
    );
    expect(new Set(await Promise.all(puts))).toEqual(new Set(["stored"]));
    expect(await stores[0]?.inbox.unrouted(200)).toHaveLength(100);
  });

  it("F20: a delivery that does not fit on the disk is refused, its neighbours too, and the next one is taken when there is room", async () => {
    const db = await openDatabase({ kind: "file", path: freshFile() });
    await migrate(db);
    const inbox = createInbox({ read: db, write: createWriter(db) }, Date.now);
    await inbox.put(aDelivery({ guid: "before" }));
    const pages =
      (await sql<{ readonly page_count: number }>`pragma page_count`.execute(db)).rows[0]
        ?.page_count ?? 0;
    await sql`pragma max_page_count = ${sql.lit(pages + 5)}`.execute(db);

    const answers = await Promise.allSettled([
      inbox.put(aDelivery({ guid: "huge", body: "x".repeat(1_000_000) })),
      inbox.put(aDelivery({ guid: "beside" })),
    ]);
    expect(answers[0]).toMatchObject({
      status: "rejected",
      reason: { name: "GatehouseError", code: "unavailable" },
    });
    const isBesideStored = answers[1]?.status === "fulfilled";
    const guids = async (): Promise<readonly string[]> =>
      (await inbox.unrouted(10)).map((delivery) => delivery.guid);
    // Never an answer that the disk does not bear out.
    expect((await guids()).includes("beside")).toBe(isBesideStored);
    expect(await guids()).not.toContain("huge");

    await sql`pragma max_page_count = 1000000`.execute(db);
    expect(await inbox.put(aDelivery({ guid: "huge", body: "x".repeat(1_000_000) }))).toBe(
      "stored",
    );
    await db.destroy();
  });

  it("a closed store refuses instead of hanging", async () => {
    const store = await openStore({ url: ":memory:" });
    await store.close();
    await expect(store.inbox.put(aDelivery())).rejects.toThrow();
    await expect(store.ping()).rejects.toThrow();
  });

  it("is copied whole by a backup while it is in use, into a new file only", async () => {
    const directory = freshDirectory();
    const store = await openAt(`file:${join(directory, "gatehouse.db")}`);
    await store.inbox.put(aDelivery({ guid: "before" }));
    const copy = join(directory, "it's a copy.db");
    const [, , later] = await Promise.all([
      store.backup(copy),
      store.audit.append([anEntry()]),
      store.inbox.put(aDelivery({ guid: "after" })),
    ]);
    expect(later).toBe("stored");
    const restored = await openAt(`file:${copy}`);
    expect([...(await restored.inbox.knownGuids(["before"]))]).toEqual(["before"]);
    await expect(store.backup(copy)).rejects.toMatchObject({ code: "unavailable" });
    await expect(store.backup(join(directory, "nowhere", "copy.db"))).rejects.toThrow(
      /could not be written/,
    );
  });
});
