import type { Person } from "#core/model/actor.ts";
import type { Sessions } from "#core/ports/web.ts";
import { stored } from "./database.ts";
import type { Database } from "./writer.ts";

/** Who is signed in, for every process over this database. */
export function createSessions(db: Database): Sessions {
  return {
    save: ({ id, person, sealed, createdAt, expiresAt }) =>
      db.write(async (transaction) => {
        const columns = {
          person: JSON.stringify(person),
          sealed,
          created_at: createdAt,
          expires_at: expiresAt,
        };
        await transaction
          .insertInto("sessions")
          .values({ id, ...columns })
          .onConflict((conflict) => conflict.column("id").doUpdateSet(columns))
          .execute();
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

    prune: (before) =>
      db.write(async (transaction) => {
        const gone = await transaction
          .deleteFrom("sessions")
          .where("expires_at", "<", before)
          .executeTakeFirst();
        return Number(gone.numDeletedRows);
      }),
  };
}
