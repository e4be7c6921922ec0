import type { Lease } from "#core/ports/queue.ts";
import type { Db } from "../store/tables.ts";
import type { QueueRow } from "../store/tables/queue.ts";
import type { Database } from "../store/writer.ts";
import { heldRow, dueColumns, dueTimesOf } from "./rows.ts";
import { dueAt, noDueTimes, type DueTimes, withFirmTime } from "./due-times.ts";

/** Between pieces of work that were under way at the death of more than one process. */
const apartMs = 1000;

// A process that lost the lease changes nothing here and gets no error: the new holder's run is what counts.

/** Done: the row goes, unless it was marked meanwhile or shall wake. */
export function complete(db: Database, lease: Lease, wakeAt: number | null): Promise<void> {
  return db.write(async (transaction) => {
    const row = await heldRow(transaction, lease);
    if (row === undefined) return;
    const dueTimes = wakeAt === null ? dueTimesOf(row) : withFirmTime(dueTimesOf(row), wakeAt);
    if (dueAt(dueTimes) === null) {
      await transaction.deleteFrom("queue").where("key", "=", row.key).execute();
      return;
    }
    await wait(transaction, row, dueTimes, { attempts: 0, faults: 0, error: null });
  });
}

/** Failed: again at `at`. A mark that came meanwhile is served by that run; it does not shorten the back-off. `isFault`: for reasons of our own. */
export function retry(
  db: Database,
  lease: Lease,
  at: number,
  error: string,
  isFault: boolean,
): Promise<void> {
  return db.write(async (transaction) => {
    const row = await heldRow(transaction, lease);
    if (row === undefined) return;
    await wait(transaction, row, withFirmTime(noDueTimes, at), {
      attempts: row.attempts + 1,
      faults: row.faults + (isFault ? 1 : 0),
      error,
    });
  });
}

/** To the dead-letter queue; a mark that came while the last try ran takes the row out again at once. */
export function deadLetter(db: Database, lease: Lease, error: string): Promise<void> {
  return db.write(async (transaction) => {
    const row = await heldRow(transaction, lease);
    if (row === undefined) return;
    if (dueAt(dueTimesOf(row)) !== null) {
      await wait(transaction, row, dueTimesOf(row), { attempts: 0, faults: 0, error });
      return;
    }
    await transaction
      .updateTable("queue")
      .set({
        ...dueColumns(noDueTimes),
        state: "dead",
        due_at: null,
        owner: null,
        attempts: row.attempts + 1,
        faults: row.faults + 1,
        error,
      })
      .where("key", "=", row.key)
      .execute();
  });
}

/** Gives back, due at once, what these owners hold. `tried`: whether the broken-off run counts as an attempt. */
export function releaseOwners(
  db: Database,
  isTheirs: (owner: string) => boolean,
  now: number,
  tried: boolean,
): Promise<number> {
  return db.write(async (transaction) => {
    const leased = await transaction
      .selectFrom("queue")
      .selectAll()
      .where("state", "=", "leased")
      .orderBy("key")
      .forUpdate()
      .execute();
    const theirs = leased.filter((row) => row.owner === null || isTheirs(row.owner));
    for (const [place, row] of theirs.entries()) {
      const faults = row.faults + (tried ? 1 : 0);
      // One of them may have killed the process and may do it again: they run one after the other, so that it
      // interrupts no others.
      const at = tried && faults > 1 ? now + (place + 1) * apartMs : now;
      await wait(transaction, row, withFirmTime(dueTimesOf(row), at), {
        attempts: row.attempts + (tried ? 1 : 0),
        faults,
        error: row.error,
      });
    }
    return theirs.length;
  });
}

async function wait(
  transaction: Db,
  row: QueueRow,
  dueTimes: DueTimes,
  outcome: { readonly attempts: number; readonly faults: number; readonly error: string | null },
): Promise<void> {
  await transaction
    .updateTable("queue")
    .set({
      ...dueColumns(dueTimes),
      ...outcome,
      state: "waiting",
      due_at: dueAt(dueTimes),
      owner: null,
    })
    .where("key", "=", row.key)
    .execute();
}
