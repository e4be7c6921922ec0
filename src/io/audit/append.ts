import type { AuditEntry, AuditLog } from "../../core/ports.ts";
import { inPieces } from "../store/database.ts";
import type { Db } from "../store/tables.ts";
import type { Database } from "../store/writer.ts";
import { type AuditHead, type AuditRecord, nextRecord } from "./chain.ts";
import { readHead } from "./trail.ts";

const piece = 500;

export function createAuditLog(db: Database): AuditLog {
  return { append: (entries) => db.write((transaction) => appendRecords(transaction, entries)) };
}

/** Chains the entries onto the log, within the caller's transaction. */
export async function appendRecords(transaction: Db, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  let head: AuditHead = await readHead(transaction);
  const records: AuditRecord[] = [];
  for (const entry of entries) {
    const record = nextRecord(head, entry);
    records.push(record);
    head = { seq: record.seq, hash: record.hash };
  }
  for (const some of inPieces(records, piece)) await transaction.insertInto("audit_log").values(some).execute();
  await transaction.updateTable("audit_head").set(head).where("id", "=", 1).execute();
}
