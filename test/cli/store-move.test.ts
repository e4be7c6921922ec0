import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import Libsql from "libsql";
import { afterEach, describe, expect, it, vi } from "vitest";
import { verifyAudit } from "#io/database/audit/verify.ts";
import { movedTables } from "#io/database/move/tables.ts";
import { openDatabase } from "#io/database/store/database.ts";
import { migrate } from "#io/database/store/migrate.ts";
import { openRecords } from "#io/database/store/open-for-reading.ts";
import { openStore } from "#io/database/store/open-store.ts";
import type { Answer } from "../../src/cli/answer.ts";
import { store as storeCommand } from "../../src/cli/commands/store.ts";
import { onServer, withPostgres } from "../support/postgres.ts";
import {
  aDelivery,
  anEntry,
  anItem,
  closeAfterEach,
  freshDirectory,
  openAt,
} from "../io/database/store/harness.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const now = anItem().runAt;

const move = async (from: string, to: string): Promise<Answer | null> => {
  vi.stubEnv("DATABASE_URL", from);
  return storeCommand().run(["move"], { to });
};

async function count(url: string, table: string): Promise<number> {
  const rows = (await onServer(url, `select count(*)::int as n from ${table}`)) as readonly {
    readonly n: number;
  }[];
  return rows[0]?.n ?? -1;
}

/** A row of every table that the store's own ways do not fill here. */
const more = `
  insert into repositories values (1, 2, 'acme', 3, 'Organization', 'shop', 'acme/shop', 1, 0, 'main', 1, 9, 7);
  insert into pull_requests values (1, 4, 'aaa', 'topic', 'main', 'open', null, 8), (1, 10, 'aab', 'Ärger', 'main', 'open', 'x', null);
  insert into pushes values (1, 'refs/heads/topic', 'aaa', 'bbb', 'push', 5, 'ada', 'User', 9);
  insert into contributors values (1, 4, 'aaa', 5, 'ada', 'User', 'aaa', null);
  insert into pull_pushers values (1, 4, 'main', 5, 'ada', 'User');
  insert into merge_groups values (1, 'ccc', 'refs/heads/q', 'refs/heads/main', '[4]');
  insert into policies values (1, 'b', 't', 'b', 't', 1, null, 9);
  insert into decisions values ('pr:1:4', 3, 'aaa', 'main', 'p', '{"kind":"wait"}', 9), ('pr:1:4', 12, 'aaa', 'main', 'p', '{}', 9);
  insert into kept_values values ('cursor', '17 😀'), ('Z', ''), ('a', 'b');
  insert into claims values ('comment:1', 9);
  insert into outbox (key, kind, effect, hash, pending, wished, remote_id, maybe_sent, annotations_sent, attempts) values ('k', 'comment', '{}', 'h', 1, 4, 77, 1, 50, 2);
  insert into acts (id, kind, repository, actor, at, reason, detail) values ('a', 'hold', 1, '{}', 9, 'Ende', '{}');
  insert into deployments values (1, 2, 'production', 'aaa', 'main', null, null, 9, 'waiting', null, null, null, 9, null, null, 0, null, null);
  insert into measurements values (1, 'change', '4', 9, '{}'), (1, 'change', '10', 9, '{}');
  insert into tickets values (1, 'k', 'review', 5, 'open', 9, 10, null, '{}');
  insert into kept_inputs values ('d', x'00ff8081', 9);
  update counters set value = 41 where name = 'wish';
  update sqlite_sequence set seq = 9000 where name = 'inbox';`;

/** A database as a service that was stopped left it; nobody in this process has it open. */
async function leftBehind(deliveries = 60): Promise<string> {
  const folder = freshDirectory();
  const service = await openAt(`file:${join(folder, "service.db")}`);
  await service.inbox.put(aDelivery({ guid: "g0" }));
  await service.inbox.markRouted(["g0"], now);
  await service.queue.mark([anItem(), anItem({ key: "pr:1:2" })]);
  await service.queue.lease("host:1:ended", now, 60_000, 1);
  await service.audit.append(Array.from({ length: 600 }, () => anEntry()));
  const path = join(folder, "copy.db");
  await service.backup(path);
  inFile(
    path,
    `with recursive n(i) as (values (1) union all select i + 1 from n where i < ${deliveries - 1})
     insert into inbox (guid, event, body_hash, body, received_at, state)
     select 'g' || i, 'push', 'h' || i, '{"title":"Ärger 😀"}', i, 'unrouted' from n where i < ${deliveries};
     ${more}`,
  );
  return `file:${path}`;
}

/** Takes the place of the file: a driver in this process lets go of one only some time after it was closed. */
function untouched(url: string): void {
  const path = url.replace(/^file:/, "");
  copyFileSync(path, `${path}.copy`);
  renameSync(`${path}.copy`, path);
}

function inFile(path: string, sql: string): void {
  const db = new Libsql(path.replace(/^file:/, ""));
  db.exec(sql);
  db.close();
}

describe("what gatehouse store move moves", () => {
  it("every table of the schema, by its primary key, but what the other database has of its own", async () => {
    const db = await openDatabase({ kind: "memory" });
    await migrate(db);
    const tables = (await db.introspection.getTables()).map(({ name }) => name);
    expect([...movedTables.map(({ name }) => name), "audit_head", "counters"].sort()).toEqual(
      tables.filter((name) => !name.startsWith("kysely_")).sort(),
    );
    await db.destroy();
    const file = new Libsql((await leftBehind(1)).replace(/^file:/, ""));
    for (const { name, key } of movedTables) {
      const columns = file.prepare(`select name, pk from pragma_table_info('${name}')`).all() as {
        readonly name: string;
        readonly pk: number;
      }[];
      const primary = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
      expect(key, name).toEqual(primary.map((column) => column.name));
    }
    file.close();
  });

  closeAfterEach();
});

describe("gatehouse store move", () => {
  closeAfterEach();
  afterEach(() => vi.unstubAllEnvs());

  it("says what it needs", async () => {
    await expect(move("file:/nowhere/x.db", "")).rejects.toThrow(/store move --to URL/);
    await expect(move("file:/nowhere/x.db", "file:/a.db")).rejects.toThrow(
      /--to names no PostgreSQL/,
    );
    await expect(move("file:/nowhere/x.db", "mysql://a/b")).rejects.toThrow(/^--to: the scheme/);
    await expect(move("postgres://gate@db/gate", "postgres://gate@db/gate")).rejects.toThrow(
      /DATABASE_URL names no file/,
    );
    await expect(move("file:/nowhere/x.db", "postgres://gate@db/gate")).rejects.toThrow(
      /no such database/,
    );
  });

  withPostgres((server) => {
    it("moves everything, so that a process over the new database goes on where the one before stopped", async () => {
      const [from, to] = [await leftBehind(), await server().newDatabase()];
      const answer = await move(from, to);
      expect(answer).toMatchObject({
        exitCode: 0,
        json: { ok: true, tables: { inbox: 60, audit_log: 600, kept_inputs: 1, queue: 2 } },
      });
      expect(answer?.text).toMatch(/head 600:[0-9a-f]{64}\n.*set DATABASE_URL/s);
      const store = await openAt(to, { now: () => now, forward: () => now });
      expect(await store.inbox.put(aDelivery({ guid: "new" }))).toBe("stored");
      expect(await store.inbox.put(aDelivery({ guid: "g7" }))).toBe("duplicate");
      expect(await onServer(to, "select seq::int from inbox order by seq desc limit 1")).toEqual([
        { seq: 9001 },
      ]);
      // The lease before was the first: whoever held it is fenced off.
      const [lease] = await store.queue.lease("b", now, 60_000, 10);
      expect(lease?.generation).toBe(2);
      expect(await onServer(to, "select nextval('counter_wish')::int as wish")).toEqual([
        { wish: 42 },
      ]);
      await store.audit.append([anEntry()]);
      expect(await verifyAudit(store)).toMatchObject({ kind: "ok", records: 601 });
      expect(await onServer(to, "select packed from kept_inputs")).toEqual([
        { packed: Buffer.from([0, 255, 128, 129]) },
      ]);
      untouched(from);
      await expect(move(from, to)).rejects.toThrow(/holds records of gatehouse already/);
    });

    it("is killed in the middle and started again; no gate starts in between", async () => {
      const [from, to] = [await leftBehind(1500), await server().newDatabase()];
      const child = spawn(
        process.execPath,
        ["--import", "tsx", "-C", "source", main, "store", "move", "--to", to],
        { env: { ...process.env, DATABASE_URL: from }, stdio: ["ignore", "ignore", "pipe"] },
      );
      let told = "";
      child.stderr.on("data", (text: Buffer) => (told += text.toString()));
      while (!told.includes("moving inbox")) {
        if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${told}`);
        await sleep(5);
      }
      while ((await count(to, "inbox")) < 20) await sleep(2);
      child.kill("SIGKILL");
      await once(child, "exit");
      const half = await count(to, "inbox");
      expect(half).toBeLessThan(1500);
      const refusal = /another database is being moved into this one/;
      await expect(openStore({ url: to })).rejects.toThrow(refusal);
      await expect(openRecords(to)).rejects.toThrow(refusal);
      const other = await leftBehind(1);
      await expect(move(other, to)).rejects.toThrow(/copy\.db is being moved into this database/);

      expect(await move(from, to)).toMatchObject({
        exitCode: 0,
        json: { tables: { inbox: 1500 } },
      });
      expect(await verifyAudit(await openAt(to))).toMatchObject({ kind: "ok", records: 600 });
    });

    it("begins anew where a service worked over the source in between", async () => {
      const [from, to] = [await leftBehind(1), await server().newDatabase()];
      await move(from, to);
      // As if it had been killed just before its end; then somebody was held up, and somebody let go.
      await onServer(to, "create table unfinished_move (source text, state text)");
      await onServer(
        to,
        `insert into unfinished_move values ('${from.replace("file:", "")}', 'before')`,
      );
      untouched(from);
      inFile(from, "update tickets set state = 'closed'; update counters set value = value + 1");
      expect(await move(from, to)).toMatchObject({ exitCode: 0 });
      expect(await onServer(to, "select state from tickets")).toEqual([{ state: "closed" }]);
      await expect(onServer(to, "delete from audit_log")).rejects.toThrow(/append-only/);
    });

    it("finds what somebody else wrote to the target, and does not end", async () => {
      const [from, to] = [await leftBehind(1), await server().newDatabase()];
      await move(from, to);
      untouched(from);
      const state = JSON.stringify({ head: 0 });
      await onServer(to, "create table unfinished_move (source text, state text)");
      await onServer(to, `insert into unfinished_move values ('${from.slice(5)}', '${state}')`);
      await onServer(
        to,
        `create function stray() returns trigger language plpgsql as 'begin insert into claims values (''stray'', 1) on conflict do nothing; return new; end';
         create trigger stray after insert on tickets for each row execute function stray()`,
      );
      await expect(move(from, to)).rejects.toThrow(
        /the table claims is not the same on both sides/,
      );
      await expect(openStore({ url: to })).rejects.toThrow(/has not come to its end/);
      untouched(from);
      await onServer(to, "drop trigger stray on tickets");
      expect(await move(from, to)).toMatchObject({ exitCode: 0, json: { tables: { claims: 1 } } });
    });

    it("moves a broken audit log as it is, and says so", async () => {
      const [from, to] = [await leftBehind(1), await server().newDatabase()];
      inFile(
        from,
        "drop trigger audit_log_keeps; update audit_log set actor = 'eve' where seq = 7",
      );
      expect(await move(from, to)).toMatchObject({
        exitCode: 1,
        json: { ok: false },
        text: expect.stringMatching(/broken at record 7/) as unknown,
      });
    });

    it("refuses a source that a process has open, and a target that one runs over", async () => {
      const [from, to] = [await leftBehind(1), await server().newDatabase()];
      const service = await openStore({ url: from });
      await expect(move(from, to)).rejects.toThrow(/a process has .*copy\.db open/);
      await service.close();
      const running = await openStore({ url: to });
      await running.join({
        self: "one",
        mayBeAlive: () => true,
        onWork: () => undefined,
        onFreed: () => undefined,
      });
      await expect(move(await leftBehind(1), to)).rejects.toThrow(/a gatehouse process runs over/);
      await running.close();
    });

    it("says of --to what is wrong with its server", async () => {
      const from = await leftBehind(1);
      await expect(
        move(from, `postgres://gate@127.0.0.1:${server().port}/nowhere`),
      ).rejects.toThrow(/^--to: the server has no database of that name/);
    });
  });
});
