import type { AuditHead } from "#core/ports/audit.ts";
import { chainHash, genesisHash } from "./chain.ts";
import type { AuditTrail } from "./trail.ts";

/** `broken`: `seq` is the first record that cannot be believed; with everything after it. */
export type AuditVerification =
  | { readonly kind: "ok"; readonly records: number; readonly head: AuditHead }
  | { readonly kind: "broken"; readonly seq: number; readonly because: string };

const page = 2000;

/**
 * Walks the chain from its first record, or from one that is believed (`from`: a head noted earlier, elsewhere), to its end.
 * A rewriter who also recomputed every later hash is found only by such a noted head.
 */
export async function verifyAudit(
  store: { readonly trail: AuditTrail },
  from: AuditHead | null = null,
): Promise<AuditVerification> {
  // Read first: what is appended while we walk lies beyond it.
  const end = await store.trail.head();
  let last: AuditHead = { seq: 0, hash: genesisHash };
  if (from !== null && from.seq > 0) {
    const [noted] = await store.trail.after(from.seq - 1, 1);
    if (noted?.seq !== from.seq) return broken(from.seq, "the record that was noted is not there");
    if (noted.hash !== from.hash)
      return broken(from.seq, "the record is not the one that was noted");
    last = from;
  } else {
    const [first] = await store.trail.after(Number.MIN_SAFE_INTEGER, 1);
    if (first !== undefined && first.seq < 1)
      return broken(first.seq, "a record stands before the start of the log");
  }
  const start = last.seq;
  while (last.seq < end.seq) {
    const records = await store.trail.after(last.seq, page);
    if (records.length === 0)
      return broken(last.seq + 1, "records are missing at the end of the log");
    for (const record of records) {
      if (record.seq !== last.seq + 1) return broken(last.seq + 1, "a record is missing");
      if (chainHash(last.hash, record) !== record.hash)
        return broken(record.seq, "the record is not what was written");
      last = { seq: record.seq, hash: record.hash };
      if (last.seq === end.seq) break;
    }
  }
  if (last.hash !== end.hash) return broken(last.seq, "the log does not end where its head says");
  const [beyond] = await store.trail.after(end.seq, 1);
  if (beyond !== undefined && (await store.trail.head()).seq === end.seq)
    return broken(beyond.seq, "a record stands beyond the end of the log");
  return { kind: "ok", records: last.seq - start, head: last };
}

const broken = (seq: number, because: string): AuditVerification => ({
  kind: "broken",
  seq,
  because,
});

/** The first of these heads, noted elsewhere while the log grew, that the log does not hold any more; null: it holds them all. */
export async function contradicted(
  store: { readonly trail: AuditTrail },
  noted: readonly AuditHead[],
): Promise<AuditHead | null> {
  for (const head of noted) {
    const [record] = await store.trail.after(head.seq - 1, 1);
    if (record?.seq !== head.seq || record.hash !== head.hash) return head;
  }
  return null;
}
