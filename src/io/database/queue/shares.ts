import { LRUCache } from "lru-cache";
import { inPieces } from "../store/database.ts";
import type { Db } from "../store/tables.ts";

/** Shares whose turns and owners are remembered; of more the oldest are forgotten, which costs fairness a moment. */
const mostShares = 20_000;
const piece = 500;

/** What a process remembers of the shares, so that turns go round. */
export interface Turns {
  /** When each share, and each installation, was served last: the one that waited longest is next among equals. */
  readonly served: LRUCache<string, number>;
  /** The installation that a share belongs to, by share. */
  readonly installations: LRUCache<string, string>;
}

export const createTurns = (): Turns => ({
  served: new LRUCache({ max: 2 * mostShares }),
  installations: new LRUCache({ max: mostShares }),
});

/** A share with due work, and how urgent its most urgent row is. */
export interface ShareDue {
  readonly share: string;
  readonly installation: string;
  readonly priority: number;
}

/** The share of what an installation asks for as a whole. */
const ofInstallation = /^installation:(\d+)$/;

/** Every share that has due rows. Only due ones are looked at: thousands of repositories wait for hours without any. */
export async function sharesDue(db: Db, turns: Turns, now: number): Promise<readonly ShareDue[]> {
  const found = await db
    .selectFrom("queue")
    .select((column) => ["share", column.fn.min("priority").as("priority")])
    .where("due_at", "<=", now)
    .groupBy("share")
    .execute();
  await learnInstallations(
    db,
    turns,
    found.map(({ share }) => share),
  );
  return found.map(({ share, priority }) => ({
    share,
    priority,
    installation: installationOf(turns, share),
  }));
}

/** A share of which nobody knows is an installation of its own. */
export const installationOf = (turns: Turns, share: string): string =>
  ofInstallation.exec(share)?.[1] ?? turns.installations.get(share) ?? `share ${share}`;

/** A share is a repository's id: whose installation it is stands with the repository, and hardly ever changes. */
export async function learnInstallations(
  db: Db,
  turns: Turns,
  shares: readonly string[],
): Promise<void> {
  const unknown = shares.filter((share) => /^\d+$/.test(share) && !turns.installations.has(share));
  for (const some of inPieces(unknown, piece)) {
    const rows = await db
      .selectFrom("repositories")
      .select(["id", "installation_id"])
      .where("id", "in", some.map(Number))
      .execute();
    for (const row of rows) turns.installations.set(String(row.id), String(row.installation_id));
  }
}
