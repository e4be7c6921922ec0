import type { SelectQueryBuilder } from "kysely";
import type { AuditHead } from "#core/ports/audit.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { Db, Tables } from "../store/tables.ts";
import type { AuditRecord } from "./chain.ts";

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

export const readHead = async (db: Db): Promise<AuditHead> =>
  present(await headRow(db).executeTakeFirst());

/** The head. Until the transaction ends nobody else appends to the log, or composes a record of what others record. */
export const holdHead = async (transaction: Db): Promise<AuditHead> =>
  present(await headRow(transaction).forUpdate().executeTakeFirst());

const headRow = (db: Db): SelectQueryBuilder<Tables, "audit_head", AuditHead> =>
  db.selectFrom("audit_head").select(["seq", "hash"]).where("id", "=", 1);

function present(head: AuditHead | undefined): AuditHead {
  if (head !== undefined) return head;
  throw new GatehouseError(
    "invalid",
    "The head of the audit log is missing from the database: restore a backup.",
  );
}
