import type { Person } from "#core/model/actor.ts";
import type { Sessions } from "#core/ports/web.ts";
import { stored } from "./database.ts";
import { prunedByExpiry } from "./prune.ts";
import type { Database } from "./writer.ts";

/** Who is signed in, for every process over this database. */
export function createSessions(db: Database): Sessions {
  return {
    add: ({ id, person, sealed, createdAt, expiresAt }) =>
      db.write(async (transaction) => {
        await transaction
          .insertInto("sessions")
          .values({
            id,
            person: JSON.stringify(person),
            sealed,
            created_at: createdAt,
            expires_at: expiresAt,
          })
          .execute();
      }),

    renew: (id, old, sealed) =>
      db.write(async (transaction) => {
        const changed = await transaction
          .updateTable("sessions")
          .set({ sealed })
          .where("id", "=", id)
          .where("sealed", "=", old)
          .executeTakeFirst();
        return changed.numUpdatedRows === 1n;
      }),

    find: async (id, now) => {
      const row = await db.read
        .selectFrom("sessions")
        .selectAll()
        .where("id", "=", id)
        .where("expires_at", ">", now)
        .executeTakeFirst();
      return row === undefined
        ? null
        : {
            id: row.id,
            person: stored<Person>(row.person),
            sealed: row.sealed,
            createdAt: row.created_at,
            expiresAt: row.expires_at,
          };
    },

    end: (id) =>
      db.write(async (transaction) => {
        await transaction.deleteFrom("sessions").where("id", "=", id).execute();
      }),

    prune: (before) => prunedByExpiry(db, "sessions", before),
  };
}
