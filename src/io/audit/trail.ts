import { GatehouseError } from "../../core/model/errors.ts";
import type { Db } from "../store/tables.ts";
import type { AuditHead, AuditRecord } from "./chain.ts";

/** The audit log as it is read: for verification, export and the noting of its head elsewhere. */
export interface AuditTrail {
  readonly head: () => Promise<AuditHead>;
  /** Up to `limit` records after the sequence number `seq`, in order. */
  readonly after: (seq: number, limit: number) => Promise<readonly AuditRecord[]>;
}

export function createAuditTrail(db: Db): AuditTrail {
  return {
    head: () => readHead(db),
    after: (seq, limit) =>
      db
        .selectFrom("audit_log")
        .select(["seq", "at", "kind", "repository", "subject", "actor", "detail", "hash"])
        .where("seq", ">", seq)
        .orderBy("seq")
        .limit(limit)
        .execute(),
  };
}

export async function readHead(db: Db): Promise<AuditHead> {
  const head = await db.selectFrom("audit_head").select(["seq", "hash"]).where("id", "=", 1).executeTakeFirst();
  if (head === undefined) throw new GatehouseError("invalid", "The head of the audit log is missing from the database: restore a backup.");
  return head;
}
