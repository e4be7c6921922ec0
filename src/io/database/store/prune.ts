import type { Database } from "./writer.ts";

/**
 * Forgets settled effects, superseded decisions and pushes of before `before` (epoch ms); answers how many rows went. Each
 * subject's last decision stays, so that numbers go on rising; what GitHub shows is found there again by marker and id.
 * Pushes to pull requests stay: of a fork GitHub tells nobody a second time who pushed.
 * Acts, deployments, contributors, claims and the audit log are never pruned.
 */
export function prune(db: Database, before: number): Promise<number> {
  return db.write(async (transaction) => {
    const effects = await transaction
      .deleteFrom("outbox")
      .where("pending", "=", 0)
      .where("settled_at", "<", before)
      .executeTakeFirst();
    const decisions = await transaction
      .deleteFrom("decisions")
      .where("at", "<", before)
      .where((where) =>
        where.exists(
          where
            .selectFrom("decisions as later")
            .select("later.number")
            .whereRef("later.subject_key", "=", "decisions.subject_key")
            .whereRef("later.number", ">", "decisions.number"),
        ),
      )
      .executeTakeFirst();
    const pushes = await transaction
      .deleteFrom("pushes")
      .where("at", "<", before)
      .where("ref", "not like", "refs/pull/%")
      .executeTakeFirst();
    return Number(effects.numDeletedRows + decisions.numDeletedRows + pushes.numDeletedRows);
  });
}
