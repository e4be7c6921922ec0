import { join } from "node:path";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { createAuditTrail } from "#io/database/audit/trail.ts";
import { verifyAudit } from "#io/database/audit/verify.ts";
import { openDatabase } from "#io/database/store/database.ts";
import { openStore } from "#io/database/store/open-store.ts";
import type { Db } from "#io/database/store/tables.ts";
import { anEntry, closeAfterEach, freshDirectory } from "../store/harness.ts";

/** A log of ten records, and the database behind it as somebody with the file in hands has it. */
async function tenRecords(): Promise<Db> {
  const path = join(freshDirectory(), "gatehouse.db");
  const store = await openStore({ url: `file:${path}` });
  await store.audit.append(
    Array.from({ length: 10 }, (_, at) => anEntry({ at, actor: `person ${at}` })),
  );
  await store.close();
  return openDatabase({ kind: "file", path });
}

async function unguarded(db: Db): Promise<void> {
  await sql`drop trigger audit_log_keeps`.execute(db);
  await sql`drop trigger audit_log_stays`.execute(db);
}

describe("a rewritten audit log", () => {
  closeAfterEach();

  it.each([
    ["changed", "update audit_log set actor = 'nobody' where seq = 5"],
    ["deleted", "delete from audit_log where seq = 5"],
    [
      "replaced",
      "insert or replace into audit_log values (5, 1, 'x', null, null, null, '{}', 'h')",
    ],
  ])("T48: the database itself refuses that a record is %s", async (_what, statement) => {
    const db = await tenRecords();
    await expect(sql.raw(statement).execute(db)).rejects.toThrow(/append-only/);
    expect((await verifyAudit({ trail: createAuditTrail(db) })).kind).toBe("ok");
    await db.destroy();
  });

  it.each([
    ["an actor renamed", "update audit_log set actor = 'nobody' where seq = 5", 5],
    ["a detail rewritten", `update audit_log set detail = '{"decision":"deny"}' where seq = 1`, 1],
    [
      "only white space added",
      `update audit_log set detail = '{"decision": "allow"}' where seq = 7`,
      7,
    ],
    ["a time moved", "update audit_log set at = at + 1 where seq = 3", 3],
    ["null made a value", "update audit_log set repository = null where seq = 4", 4],
    ["a hash replaced", "update audit_log set hash = 'f' where seq = 6", 6],
    ["a record taken out", "delete from audit_log where seq = 5", 5],
    ["the first taken out", "delete from audit_log where seq = 1", 1],
    ["the last taken out", "delete from audit_log where seq = 10", 10],
    ["all taken out", "delete from audit_log", 1],
    [
      "two exchanged",
      "update audit_log set seq = case seq when 5 then -6 else -5 end where seq in (5, 6); update audit_log set seq = -seq where seq < 0",
      5,
    ],
    [
      "one slipped in at the end",
      "insert into audit_log values (11, 1, 'x', null, null, null, '{}', 'h')",
      11,
    ],
    [
      "one slipped in before the start",
      "insert into audit_log values (0, 1, 'x', null, null, null, '{}', 'h')",
      0,
    ],
    [
      "the head set back",
      "update audit_head set seq = 9, hash = (select hash from audit_log where seq = 9)",
      10,
    ],
  ])("T48: %s is found at its place", async (_what, statements, seq) => {
    const db = await tenRecords();
    await unguarded(db);
    for (const statement of statements.split("; ")) await sql.raw(statement).execute(db);
    expect(await verifyAudit({ trail: createAuditTrail(db) })).toMatchObject({
      kind: "broken",
      seq,
    });
    await db.destroy();
  });
});
