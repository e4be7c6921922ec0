import type { Delivery, Inbox } from "#core/ports/inbox.ts";
import { inPieces } from "./database.ts";
import { sqlOf } from "./dialect-sql.ts";
import { changeValue } from "./kept-values.ts";
import { deleteFound } from "./prune.ts";
import type { Db } from "./tables.ts";
import type { Database } from "./writer.ts";

const piece = 500;

/** `<until> <process>`: who routes deliveries now. */
const routing = "inbox:routing";
/** Nobody takes them for longer at a time; who seems to has another clock, and does not keep the others waiting. */
const longestMs = 10_000;

function isTakenByOther(held: string | null, by: string, now: number): boolean {
  const [until = "", holder = ""] = (held ?? "").split(" ");
  const left = Number(until) - now;
  return holder !== "" && holder !== by && left > 0 && left <= longestMs;
}

/**
 * Deliveries as they came. The GUID and the body's hash are each unique: a replay under new headers is a duplicate too.
 * It is told so, and what was stored first is routed once more under its own first headers: a wake is harmless (the API
 * decides, commands run once per comment), while two true events may happen to read the same.
 */
export function createInbox(db: Database, now: () => number): Inbox {
  const { isShared } = sqlOf(db.read);
  const unrouted: Inbox["unrouted"] = async (limit) => {
    const rows = await db.read
      .selectFrom("inbox")
      .select(["guid", "event", "body_hash", "body", "received_at"])
      .where("state", "=", "unrouted")
      .orderBy("received_at")
      .orderBy("seq")
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      guid: row.guid,
      event: row.event,
      bodyHash: row.body_hash,
      body: row.body ?? "",
      receivedAt: row.received_at,
    }));
  };
  return {
    put: (delivery) =>
      db.write(async (transaction) => {
        if (await insert(transaction, delivery)) return "stored";
        await takeUpAgain(transaction, delivery);
        await wakeAgain(transaction, delivery);
        return "duplicate";
      }),

    unrouted,

    take: async (by, until, limit) => {
      if (!isShared) return unrouted(limit);
      // Nobody is kept from routing by who has nothing to route.
      if ((await unrouted(1)).length === 0) return [];
      const held = await changeValue(db, routing, (before) =>
        isTakenByOther(before, by, now()) ? before : `${until} ${by}`,
      );
      // What the one before took is routed by now.
      return held?.endsWith(` ${by}`) === true ? unrouted(limit) : "taken";
    },

    release: async (by) => {
      if (isShared)
        await changeValue(db, routing, (before) =>
          before?.endsWith(` ${by}`) === true ? "" : null,
        );
    },

    backlog: async (most) => {
      const row = await db.read
        .selectFrom((of) =>
          of
            .selectFrom("inbox")
            .select("seq")
            .where("state", "=", "unrouted")
            .limit(most)
            .as("waiting"),
        )
        .select((column) => column.fn.countAll<number>().as("rows"))
        .executeTakeFirst();
      return row?.rows ?? 0;
    },

    markRouted: (guids, at) =>
      db.write(async (transaction) => {
        for (const some of inPieces(guids, piece)) {
          // What was put aside stays there. The body has served, what it woke is in the queue: keeping it would keep what people wrote for no purpose.
          await transaction
            .updateTable("inbox")
            .set({ state: "routed", settled_at: at, body: null })
            .where("guid", "in", some)
            .where("state", "=", "unrouted")
            .execute();
        }
      }),

    deadLetter: (guid, reason) =>
      db.write(async (transaction) => {
        await transaction
          .updateTable("inbox")
          .set({ state: "buried", settled_at: now(), reason })
          .where("guid", "=", guid)
          .execute();
      }),

    knownGuids: async (guids) => {
      const known = new Set<string>();
      for (const some of inPieces(guids, piece)) {
        const rows = await db.read
          .selectFrom("inbox")
          .select("guid")
          .where("guid", "in", some)
          .execute();
        for (const row of rows) known.add(row.guid);
      }
      return known;
    },

    prune: (before) =>
      deleteFound(
        db,
        async (read, limit) =>
          (
            await read
              .selectFrom("inbox")
              .select("seq")
              .where("state", "in", ["routed", "buried"])
              .where("received_at", "<", before)
              // The newest one says when a delivery came last, however long ago that was.
              .where("seq", "<", (where) =>
                where
                  .selectFrom("inbox as newer")
                  .select((of) => of.fn.max("newer.seq").as("newest")),
              )
              .limit(limit)
              .execute()
          ).map(({ seq }) => seq),
        (transaction, numbers) =>
          transaction
            .deleteFrom("inbox")
            .where("seq", "in", numbers)
            .where("state", "!=", "unrouted")
            .where("received_at", "<", before)
            .executeTakeFirst(),
      ),
  };
}

async function insert(transaction: Db, delivery: Delivery): Promise<boolean> {
  const inserted = await transaction
    .insertInto("inbox")
    .values({
      guid: delivery.guid,
      event: delivery.event,
      body_hash: delivery.bodyHash,
      body: delivery.body,
      received_at: delivery.receivedAt,
      state: "unrouted",
      settled_at: null,
      reason: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}

/**
 * A redelivery (same GUID) asks for work that was not done: a buried delivery is routed again, and so is a routed one
 * while the dead-letter queue holds anything, for what it woke may lie there. Work that was done is not repeated.
 */
async function takeUpAgain(transaction: Db, delivery: Delivery): Promise<void> {
  await transaction
    .updateTable("inbox")
    .set({ state: "unrouted", settled_at: null, reason: null, body: delivery.body })
    .where("guid", "=", delivery.guid)
    .where("body_hash", "=", delivery.bodyHash)
    .where((where) =>
      where.or([
        where("state", "=", "buried"),
        where.and([
          where("state", "=", "routed"),
          where.exists(where.selectFrom("queue").select("key").where("queue.state", "=", "dead")),
        ]),
      ]),
    )
    .execute();
}

/** The same body under another GUID: the first delivery's wake is repeated, with its own event name. */
async function wakeAgain(transaction: Db, delivery: Delivery): Promise<void> {
  await transaction
    .updateTable("inbox")
    .set({ state: "unrouted", settled_at: null, body: delivery.body })
    .where("body_hash", "=", delivery.bodyHash)
    .where("guid", "!=", delivery.guid)
    .where("state", "=", "routed")
    .execute();
}
