import type { Db } from "../store/tables.ts";
import type { QueueRow } from "../store/tables/queue.ts";
import {
  installationOf,
  learnInstallations,
  type ShareDue,
  sharesDue,
  type Turns,
} from "./shares.ts";

interface Candidate {
  readonly row: QueueRow;
  readonly installation: string;
}

/** Whose turn it is, by what each has under way and when it was served last. */
interface Load {
  readonly ofInstallation: Map<string, number>;
  readonly ofShare: Map<string, number>;
}

/**
 * The due rows whose turn it is, best first: priority, then evenly over the installations, then evenly over the shares
 * of each (its repositories), then the longest due.
 */
export async function choose(
  db: Db,
  turns: Turns,
  now: number,
  most: number,
): Promise<readonly QueueRow[]> {
  const load = await underWay(db, turns, now);
  const heads = await sharesDue(db, turns, now);
  // No more shares than rows are wanted can have a turn: the others need not be read.
  const shares = inTurn(bestOfEach(heads, most, load, turns), most, (head) => head, load, turns);
  const candidates: Candidate[] = [];
  for (const { share, installation } of shares) {
    const rows = await db
      .selectFrom("queue")
      .selectAll()
      .where("share", "=", share)
      .where("due_at", "<=", now)
      .orderBy("priority")
      .orderBy("due_at")
      .limit(most)
      .execute();
    candidates.push(...rows.map((row) => ({ row, installation })));
  }
  const places = ({ row, installation }: Candidate) => ({
    share: row.share,
    installation,
    priority: row.priority,
    dueAt: row.due_at ?? 0,
  });
  return inTurn(candidates, most, places, load, turns).map(({ row }) => row);
}

/** Of an installation with thousands of repositories only those that can have a turn now. */
function bestOfEach(
  heads: readonly ShareDue[],
  most: number,
  load: Load,
  turns: Turns,
): readonly ShareDue[] {
  const byInstallation = new Map<string, ShareDue[]>();
  for (const head of heads) {
    const others = byInstallation.get(head.installation);
    if (others === undefined) byInstallation.set(head.installation, [head]);
    else others.push(head);
  }
  const under = ({ share }: ShareDue): number => load.ofShare.get(share) ?? 0;
  const served = ({ share }: ShareDue): number => turns.served.get(share) ?? 0;
  return [...byInstallation.values()].flatMap((some) =>
    some
      .sort((a, b) => a.priority - b.priority || under(a) - under(b) || served(a) - served(b))
      .slice(0, most),
  );
}

interface Place {
  readonly share: string;
  readonly installation: string;
  readonly priority: number;
  readonly dueAt?: number;
}

/** One after the other, each time the next item when those before it are under way. */
function inTurn<T>(
  all: readonly T[],
  most: number,
  placeOf: (one: T) => Place,
  load: Load,
  turns: Turns,
): readonly T[] {
  const installations = new Map(load.ofInstallation);
  const shares = new Map(load.ofShare);
  const left = all.map((one) => ({ one, place: placeOf(one) }));
  const served = (key: string): number => turns.served.get(key) ?? 0;
  const isBefore = (a: Place, b: Place): boolean => {
    const order =
      a.priority - b.priority ||
      (installations.get(a.installation) ?? 0) - (installations.get(b.installation) ?? 0) ||
      (shares.get(a.share) ?? 0) - (shares.get(b.share) ?? 0) ||
      served(`of ${a.installation}`) - served(`of ${b.installation}`) ||
      served(a.share) - served(b.share) ||
      (a.dueAt ?? 0) - (b.dueAt ?? 0);
    return order < 0;
  };
  const chosen: T[] = [];
  while (chosen.length < most) {
    let next: (typeof left)[number] | undefined;
    for (const each of left)
      if (next === undefined || isBefore(each.place, next.place)) next = each;
    if (next === undefined) break;
    left.splice(left.indexOf(next), 1);
    chosen.push(next.one);
    const { installation, share } = next.place;
    installations.set(installation, (installations.get(installation) ?? 0) + 1);
    shares.set(share, (shares.get(share) ?? 0) + 1);
  }
  return chosen;
}

async function underWay(db: Db, turns: Turns, now: number): Promise<Load> {
  const rows = await db
    .selectFrom("queue")
    .select((column) => ["share", column.fn.countAll<number>().as("leased")])
    .where("state", "=", "leased")
    .where("due_at", ">", now)
    .groupBy("share")
    .execute();
  await learnInstallations(
    db,
    turns,
    rows.map(({ share }) => share),
  );
  const ofInstallation = new Map<string, number>();
  for (const { share, leased } of rows) {
    const installation = installationOf(turns, share);
    ofInstallation.set(installation, (ofInstallation.get(installation) ?? 0) + leased);
  }
  return { ofInstallation, ofShare: new Map(rows.map((row) => [row.share, row.leased])) };
}
