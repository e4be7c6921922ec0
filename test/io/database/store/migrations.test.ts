import { join } from "node:path";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { openDatabase } from "#io/database/store/database.ts";
import { migrate } from "#io/database/store/migrate.ts";
import { migrations } from "#io/database/store/migrations/index.ts";
import { openStore } from "#io/database/store/open-store.ts";
import type { Db } from "#io/database/store/tables.ts";
import { openPostgres } from "#io/database/postgres/open-postgres.ts";
import { withPostgres } from "../../../support/postgres.ts";
import { aDelivery, closeAfterEach, freshDirectory, openAt } from "./harness.ts";

/** Rows as they stood right after each migration: what later ones must carry along. */
const rowsAfter: Readonly<Record<string, readonly string[]>> = {
  "0001-work": [
    "insert into inbox (guid, event, body_hash, body, received_at, state) values ('g', 'push', 'h', '{}', 1, 'unrouted')",
    "insert into queue (key, kind, payload, share, priority, state, due_at, firm_at, attempts, generation) values ('pr:1:1', 'judge', '{}', '', 50, 'waiting', 5, 5, 2, 7)",
    "update counters set value = 7 where name = 'generation'",
  ],
  "0002-records": [
    "insert into repositories values (1, 2, 'acme', 3, 'Organization', 'shop', 'acme/shop', 1, 0, 'main', 1, 9)",
    "insert into pull_requests values (1, 4, 'aaa', 'topic', 'main', 'open')",
    "insert into policies values (1, 'b', 't', 'b', 't', 1, null, 9)",
    "insert into decisions values ('pr:1:4', 3, 'aaa', 'main', 'p', '{\"kind\":\"wait\"}', 9)",
    "insert into kept_values values ('cursor', '17')",
    "insert into claims values ('comment:1', 9)",
  ],
  "0003-outbox": [
    "insert into outbox values ('k', 'comment', '{}', 'h', 1, 4, 77, 1, 50, 'g', 2, 8, 'unavailable')",
  ],
  "0004-audit": [
    "insert into audit_log values (1, 9, 'decision', 1, 'pr:1:4', null, '{}', 'hash')",
    "update audit_head set seq = 1, hash = 'hash'",
  ],
  "0005-acts": [
    "insert into acts (id, kind, repository, actor, at, reason, detail) values ('a', 'hold', 1, '{}', 9, '', '{}')",
    "insert into deployments values (1, 2, 'production', 'aaa', 'main', null, null, 9, 'waiting', null, null, null, 9, null, null, 0)",
    "insert into tickets values (1, 'k', 'review', 5, 'open', 9, 10, null, '{}')",
  ],
  "0006-outbox-age": ["update outbox set settled_at = 9"],
  "0007-kept-inputs": ["insert into kept_inputs values ('d', 'packed', 9)"],
  "0008-sending-and-faults": [
    "update queue set faults = 2",
    "update outbox set sending = 3, sending_by = 'pr:1:4', sending_generation = 7, sending_since = 9, sending_hash = 'h'",
  ],
  "0009-stacks-and-pushes": [
    "update pull_requests set direct_base_ref = 'feat/a', stack_as_of = 8",
    "insert into pushes values (1, 'refs/heads/topic', 'aaa', 'bbb', 'push', 5, 'ada', 'User', 9)",
    "insert into merge_groups values (1, 'ccc', 'refs/heads/gh-readonly-queue/main/pr-4-aaa', 'refs/heads/main', '[4]')",
  ],
  "0010-order-of-words": [
    "insert into acts (id, kind, repository, actor, at, reason, detail, said_at, said_number) values ('b', 'unhold', 1, '{}', 9, '', '{}', 8000, 4)",
  ],
  "0011-contributors": [
    "insert into contributors values (1, 4, 'aaa', 5, 'ada', 'User', 'bbb', null)",
    "insert into pull_pushers values (1, 4, 'main', 5, 'ada', 'User')",
  ],
  "0012-sessions-and-states": [
    "insert into sessions values ('id', '{}', 'sealed', 1, 2)",
    "insert into api_tokens values ('id', 'hash', 'api', 'ci', '[]', '[]', 'ada', 1, 2, null)",
    "insert into subject_states values ('pr:1:4', 'pull_request', 1, 4, null, null, 'ada', 'abc', 'wait', 0, 'Needs 1 approval', '[]', 1, 2, null, 3)",
  ],
  "0013-ages-and-names": [],
  "0014-questions": [
    "insert into deployments (repository, deployment_id, environment, sha, ref, created_at, state, gate_requested_at, reports, question) values (1, 4503599627370496, 'live', 'abc', 'main', 1, 'pending', 1, 0, '{}')",
  ],
  "0015-makers-of-tokens": ["update api_tokens set created_by_id = 5"],
  "0016-measurements": ["insert into measurements values (1, 'change', '4', 9, '{}')"],
  "0017-public-since": ["update repositories set public_since = 7 where private = 0"],
  "0018-told-of-ends": ["update deployments set told = '{}'"],
};

async function everything(
  db: Db,
  tables: readonly string[],
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const contents: Record<string, readonly unknown[]> = {};
  for (const table of tables)
    contents[table] = (await sql`select * from ${sql.table(table)}`.execute(db)).rows;
  return contents;
}

async function tablesOf(db: Db): Promise<readonly string[]> {
  return (await db.introspection.getTables()).map(({ name }) => name).sort();
}

async function comesUp(db: Db, name: string): Promise<void> {
  for (const earlier of Object.keys(migrations)) {
    await migrate(db, earlier);
    for (const insert of rowsAfter[earlier] ?? []) await sql.raw(insert).execute(db);
    if (earlier === name) break;
  }
  const tables = await tablesOf(db);
  const before = await everything(db, tables);
  for (const [table, rows] of Object.entries(before))
    expect(rows, `rows of ${table}`).not.toEqual([]);
  await migrate(db);
  await migrate(db);
  // Later versions may add columns; what stood there stands.
  expect(await everything(db, tables)).toMatchObject(before);
  await db.destroy();
}

const refusesNewer = {
  code: "unsupported",
  message: expect.stringMatching(/newer version of gatehouse \(9999-tomorrow\)/) as unknown,
};

const writtenTomorrow = sql`insert into kysely_migration (name, timestamp) values ('9999-tomorrow', '2099-01-01T00:00:00.000Z')`;

describe("migrations", () => {
  closeAfterEach();

  it("each has rows to carry along", () => {
    expect(Object.keys(rowsAfter)).toEqual(Object.keys(migrations));
    expect([...Object.keys(migrations)].sort()).toEqual(Object.keys(migrations));
  });

  it.each(Object.keys(migrations))(
    "a database of %s with rows in every table comes up to this version, nothing lost",
    async (name) => comesUp(await openDatabase({ kind: "memory" }), name),
  );

  it("F35: several instances that start at once on one file bring it up once", async () => {
    const url = `file:${join(freshDirectory(), "gatehouse.db")}`;
    const stores = await Promise.all([1, 2, 3, 4].map(() => openAt(url)));
    for (const [index, store] of stores.entries())
      expect(await store.inbox.put(aDelivery({ guid: `from ${index}` }))).toBe("stored");
  });

  it("F35: a database of a newer version is refused, not guessed at", async () => {
    const path = join(freshDirectory(), "gatehouse.db");
    const db = await openDatabase({ kind: "file", path });
    await migrate(db);
    await writtenTomorrow.execute(db);
    await db.destroy();
    await expect(openStore({ url: `file:${path}` })).rejects.toMatchObject(refusesNewer);
  });

  it("a migration that fails leaves nothing behind", async () => {
    const path = join(freshDirectory(), "gatehouse.db");
    const db = await openDatabase({ kind: "file", path });
    // Stands in the way of the third migration.
    await sql`create table outbox (x)`.execute(db);
    await expect(migrate(db)).rejects.toThrow(
      /could not be brought up to this version \(migration 0003-outbox\)/,
    );
    expect(await tablesOf(db)).toEqual(["outbox"]);
    await db.destroy();
  });

  describe("over PostgreSQL", () => {
    withPostgres((server) => {
      const opened = async (): Promise<{ readonly url: string; readonly db: Db }> => {
        const url = await server().newDatabase();
        return { url, db: (await openPostgres({ url, size: 2 })).database.read };
      };

      it.each(Object.keys(migrations))(
        "a database of %s with rows in every table comes up to this version, nothing lost",
        async (name) => comesUp((await opened()).db, name),
      );

      it("F35: several instances that start at once on one database bring it up once", async () => {
        const url = await server().newDatabase();
        const stores = await Promise.all([1, 2, 3, 4].map(() => openAt(url)));
        for (const [index, store] of stores.entries())
          expect(await store.inbox.put(aDelivery({ guid: `from ${index}` }))).toBe("stored");
      });

      it("F35: a database of a newer version is refused, not guessed at", async () => {
        const { url, db } = await opened();
        await migrate(db);
        await writtenTomorrow.execute(db);
        await db.destroy();
        await expect(openStore({ url })).rejects.toMatchObject(refusesNewer);
      });

      it("a migration that fails leaves nothing behind", async () => {
        const { db } = await opened();
        await sql`create table outbox (x int)`.execute(db);
        await expect(migrate(db)).rejects.toThrow(/\(migration 0003-outbox\)/);
        expect(await tablesOf(db)).toEqual(["outbox"]);
        await db.destroy();
      });
    });
  });
});
