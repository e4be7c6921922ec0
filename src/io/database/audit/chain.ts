import { createHash } from "node:crypto";
import type { AuditEntry, AuditHead } from "#core/ports/audit.ts";
import { storableText } from "../store/storable.ts";
import { canonicalJson } from "#core/formats/canonical-json.ts";

/** What the first record points back to. */
export const genesisHash = "0".repeat(64);

/** One record of the log. `hash` binds it to everything before it; `detail` is canonical JSON text. */
export interface AuditRecord {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly repository: number | null;
  readonly subject: string | null;
  readonly actor: string | null;
  readonly detail: string;
  readonly hash: string;
}

/** SHA-256 of the previous hash, a line feed, and the record as canonical JSON (its keys are written here in sorted order). */
export function chainHash(previous: string, record: Omit<AuditRecord, "hash">): string {
  const text =
    `{"actor":${JSON.stringify(record.actor)},"at":${record.at},"detail":${record.detail},"kind":${JSON.stringify(record.kind)},` +
    `"repository":${record.repository},"seq":${record.seq},"subject":${JSON.stringify(record.subject)}}`;
  return createHash("sha256").update(previous).update("\n").update(text).digest("hex");
}

export function nextRecord(head: AuditHead, entry: AuditEntry): AuditRecord {
  const record = {
    seq: head.seq + 1,
    at: entry.at,
    kind: storableText(entry.kind),
    repository: entry.repository,
    subject: entry.subject === null ? null : storableText(entry.subject),
    actor: entry.actor === null ? null : storableText(entry.actor),
    detail: canonicalJson(entry.detail),
  };
  return { ...record, hash: chainHash(head.hash, record) };
}
