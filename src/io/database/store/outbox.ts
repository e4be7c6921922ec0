import type { Selectable, SelectQueryBuilder } from "kysely";
import type { Effect, EffectKind } from "#core/model/effect.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { Outbox, OutboxRow, SendingBegun } from "#core/ports/outbox.ts";
import { appendRecords } from "../audit/append.ts";
import { holdHead } from "../audit/trail.ts";
import { extend, seeHeldRow } from "../queue/rows.ts";
import { advance, stored } from "./database.ts";
import type { Db, Tables } from "./tables.ts";
import type { OutboxTable } from "./tables/outbox.ts";
import type { Database } from "./writer.ts";

/** GitHub ends a request that takes longer than ten seconds: what was cut off before that long cannot arrive any more. */
const mayArriveMs = 10_000;

const nobodySends = {
  sending_by: null,
  sending_generation: null,
  sending_since: null,
  sending_hash: null,
} as const;

/** Effects to be performed at GitHub, one row per target; what is known of earlier tries stays with the row. */
export function createOutbox(db: Database, now: () => number): Outbox {
  return {
    pending: async (limit) => {
      // What failed goes behind what was never tried: one target that always fails holds up no other.
      const rows = await db.read
        .selectFrom("outbox")
        .selectAll()
        .where("pending", "=", 1)
        .orderBy("attempts")
        .orderBy("wished")
        .limit(limit)
        .execute();
      return rows.map(outboxRow);
    },

    row: async (key) => {
      const row = await look(db.read, key).executeTakeFirst();
      return row === undefined ? null : outboxRow(row);
    },

    beginSending: (key, hash, lease, leaseUntil, isPast = false) =>
      db.write(async (transaction): Promise<SendingBegun> => {
        if (lease !== null && !(await extend(transaction, lease, leaseUntil))) {
          throw new GatehouseError(
            "stale",
            `The lease on ${lease.key} is no longer ours (generation ${lease.generation}): nothing was sent.`,
          );
        }
        const row = await find(transaction, key);
        if (row === undefined || row.hash !== hash) return { kind: "changed" };
        const isOwn =
          lease !== null &&
          row.sending_by === lease.key &&
          row.sending_generation === lease.generation;
        if (!isOwn && (await isBeingSent(transaction, row, now()))) return { kind: "taken" };
        const cutOffUntil = (row.sending_since ?? 0) + mayArriveMs;
        if (!isPast && row.sending_since !== null && cutOffUntil > now())
          return {
            kind: "cut_off",
            hash: row.sending_hash ?? "",
            until: cutOffUntil,
            row: outboxRow(row),
          };
        const sending = row.sending + 1;
        await transaction
          .updateTable("outbox")
          .set({
            maybe_sent: 1,
            sending,
            sending_by: lease?.key ?? null,
            sending_generation: lease?.generation ?? null,
            sending_since: now(),
            sending_hash: hash,
          })
          .where("key", "=", key)
          .execute();
        return { kind: "begun", sending, row: outboxRow(row) };
      }),

    markAnnotationsSent: (key, count) =>
      db.write(async (transaction) => {
        await transaction
          .updateTable("outbox")
          .set({ annotations_sent: count })
          .where("key", "=", key)
          .execute();
      }),

    markSent: (key, hash, remoteId, sending, audit = []) =>
      db.write(async (transaction) => {
        // Always before the target's row, as a decision's record does: else each would wait for the other.
        if (audit.length > 0) await holdHead(transaction);
        const row = await find(transaction, key);
        if (row === undefined) return true;
        if (sending !== undefined && row.sending !== sending) {
          // Two requests were on their way at once, and only GitHub knows which came last, so the other's outcome
          // is uncertain, too.
          await transaction
            .updateTable("outbox")
            .set({ maybe_sent: 1, sending: row.sending + 1, remote_id: row.remote_id ?? remoteId })
            .where("key", "=", key)
            .execute();
          await appendRecords(transaction, audit);
          return false;
        }
        const columns = {
          sent_hash: hash,
          remote_id: remoteId ?? row.remote_id,
          maybe_sent: 0,
          annotations_sent: 0,
          attempts: 0,
          failed_at: null,
          error: null,
          settled_at: now(),
          ...nobodySends,
        } as const;
        // A newer effect may have been recorded while this one was being sent: it stays pending.
        const pending = row.pending === 1 && row.hash !== hash ? 1 : 0;
        await transaction
          .updateTable("outbox")
          .set({ ...columns, pending })
          .where("key", "=", key)
          .execute();
        await appendRecords(transaction, audit);
        return true;
      }),

    markFailed: (key, error, sending) =>
      db.write(async (transaction) => {
        const row = await find(transaction, key);
        if (row === undefined || (sending !== undefined && row.sending !== sending)) return;
        await transaction
          .updateTable("outbox")
          .set({ attempts: row.attempts + 1, failed_at: now(), error, ...nobodySends })
          .where("key", "=", key)
          .execute();
      }),

    drop: (key, hash, audit = []) =>
      db.write(async (transaction) => {
        if (audit.length > 0) await holdHead(transaction);
        const row = await find(transaction, key);
        if (row === undefined || (hash !== undefined && row.hash !== hash)) return;
        const isKnownAtGitHub =
          row.remote_id !== null || row.sent_hash !== null || row.maybe_sent === 1;
        if (isKnownAtGitHub)
          await transaction
            .updateTable("outbox")
            .set({ pending: 0, settled_at: now() })
            .where("key", "=", key)
            .execute();
        else await transaction.deleteFrom("outbox").where("key", "=", key).execute();
        await appendRecords(transaction, audit);
      }),

    kinds: async () => {
      const rows = await db.read
        .selectFrom("outbox")
        .select((column) => ["kind", column.fn.countAll<number>().as("rows")])
        .where("pending", "=", 1)
        .groupBy("kind")
        .execute();
      return Object.fromEntries(rows.map((row) => [row.kind, row.rows])) as Partial<
        Record<EffectKind, number>
      >;
    },
  };
}

/** Records an effect on its target's row, unless GitHub shows that content already. */
export async function recordEffect(transaction: Db, effect: Effect, hash: string): Promise<void> {
  const row = await find(transaction, effect.key);
  // After a try that may have reached GitHub it is uncertain what was sent last, so the effect is performed in any
  // case.
  if (row !== undefined && row.sent_hash === hash && row.maybe_sent === 0) {
    if (row.pending === 1)
      await transaction
        .updateTable("outbox")
        .set({ pending: 0, effect: JSON.stringify(effect), hash })
        .where("key", "=", effect.key)
        .execute();
    return;
  }
  const isSameWish = row?.pending === 1 && row.hash === hash;
  const columns = {
    kind: effect.kind,
    effect: JSON.stringify(effect),
    hash,
    pending: 1,
    wished: isSameWish ? row.wished : await advance(transaction, "wish", 1),
    // Annotations are counted for one content only; an effect that was dropped and is wanted again still has that
    // content.
    annotations_sent: row?.hash === hash ? row.annotations_sent : 0,
    attempts: isSameWish ? row.attempts : 0,
    failed_at: isSameWish ? row.failed_at : null,
    error: isSameWish ? row.error : null,
  } as const;
  await transaction
    .insertInto("outbox")
    .values({ key: effect.key, ...columns, remote_id: null, maybe_sent: 0, sent_hash: null })
    .onConflict((conflict) => conflict.column("key").doUpdateSet(columns))
    .execute();
}

/** Whether the worker that began to send on this target is still at it: as long as it holds its lease. */
async function isBeingSent(db: Db, row: Selectable<OutboxTable>, now: number): Promise<boolean> {
  if (row.sending_by === null || row.sending_generation === null) return false;
  const held = await seeHeldRow(db, { key: row.sending_by, generation: row.sending_generation });
  return (held?.due_at ?? 0) > now;
}

const look = (db: Db, key: string): SelectQueryBuilder<Tables, "outbox", Selectable<OutboxTable>> =>
  db.selectFrom("outbox").selectAll().where("key", "=", key);

/** As it stands until the transaction ends. */
const find = (transaction: Db, key: string): Promise<Selectable<OutboxTable> | undefined> =>
  look(transaction, key).forUpdate().executeTakeFirst();

const outboxRow = (row: Selectable<OutboxTable>): OutboxRow => ({
  effect: stored<Effect>(row.effect),
  remoteId: row.remote_id,
  maybeSent: row.maybe_sent === 1,
  annotationsSent: row.annotations_sent,
  sentHash: row.sent_hash,
  attempts: row.attempts,
  hash: row.hash,
  failedAt: row.failed_at,
});
