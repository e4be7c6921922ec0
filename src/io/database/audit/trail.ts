import { GatehouseError } from "#core/model/errors.ts";
import type { Db } from "../store/tables.ts";
import type { AuditHead, AuditRecord } from "./chain.ts";

/** The audit log as it is read: for verification, export and the noting of its head elsewhere. */
export interface AuditTrail {
  readonly head: () => Promise<AuditHead>;
  /** Up to `limit` records after the sequence number `seq`, in order. */
  readonly after: (seq: number, limit: number) => Promise<readonly AuditRecord[]>;
  /** The newest record of a kind. */
  readonly lastOf: (kind: string) => Promise<AuditRecord | null>;
}

export function createAuditTrail(db: Db): AuditTrail {
  const records = db
    .selectFrom("audit_log")
    .select(["seq", "at", "kind", "repository", "subject", "actor", "detail", "hash"]);
  return {
    head: () => readHead(db),
    after: (seq, limit) => records.where("seq", ">", seq).orderBy("seq").limit(limit).execute(),
    lastOf: async (kind) =>
      (await records.where("kind", "=", kind).orderBy("seq", "desc").limit(1).executeTakeFirst()) ??
      null,
  };
}

export async function readHead(db: Db): Promise<AuditHead> {
  const head = await db
    .selectFrom("audit_head")
    .select(["seq", "hash"])
    .where("id", "=", 1)
    .executeTakeFirst();
  if (head === undefined)
    throw new GatehouseError(
      "invalid",
      "The head of the audit log is missing from the database: restore a backup.",
    );
  return head;
}
