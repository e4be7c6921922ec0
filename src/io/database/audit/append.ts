import type { AuditEntry, AuditHead, AuditLog } from "#core/ports/audit.ts";
import { inPieces } from "../store/database.ts";
import type { Db } from "../store/tables.ts";
import type { Database } from "../store/writer.ts";
import { type AuditRecord, nextRecord } from "./chain.ts";
import { holdHead, readHead } from "./trail.ts";

const piece = 500;

export function createAuditLog(db: Database): AuditLog {
  return {
    head: () => readHead(db.read),
    append: (entries) =>
      db.write(async (transaction) => {
        await appendRecords(transaction, entries);
      }),
    appendOnce: async (key, entries) => {
      // Nearly always it is recorded already, and then nothing is written.
      if (
        (await db.read
          .selectFrom("claims")
          .select("key")
          .where("key", "=", key)
          .executeTakeFirst()) !== undefined
      )
        return false;
      return db.write(async (transaction) => {
        const at = entries[0]?.at ?? 0;
        const claim = await transaction
          .insertInto("claims")
          .values({ key, at })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (claim.numInsertedOrUpdatedRows !== 1n) return false;
        await appendRecords(transaction, entries);
        return true;
      });
    },
  };
}

/** Chains the entries onto the log, within the caller's transaction; answers the records they became. */
export async function appendRecords(
  transaction: Db,
  entries: readonly AuditEntry[],
): Promise<readonly AuditRecord[]> {
  if (entries.length === 0) return [];
  let head: AuditHead = await holdHead(transaction);
  const records: AuditRecord[] = [];
  for (const entry of entries) {
    const record = nextRecord(head, entry);
    records.push(record);
    head = { seq: record.seq, hash: record.hash };
  }
  for (const some of inPieces(records, piece))
    await transaction.insertInto("audit_log").values(some).execute();
  await transaction.updateTable("audit_head").set(head).where("id", "=", 1).execute();
  return records;
}
