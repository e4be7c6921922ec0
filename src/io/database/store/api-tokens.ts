import type { Selectable } from "kysely";
import type { ApiTokenRecord, ApiTokens } from "#core/ports/web.ts";
import { stored } from "./database.ts";
import type { Db } from "./tables.ts";
import type { ApiTokenTable } from "./tables/people.ts";
import type { Database } from "./writer.ts";

const recordOf = (row: Selectable<ApiTokenTable>): ApiTokenRecord => ({
  id: row.id,
  hash: row.hash,
  purpose: row.purpose,
  name: row.name,
  repositories: stored<readonly string[]>(row.repositories),
  environments: stored<readonly string[]>(row.environments),
  createdBy: row.created_by,
  createdById: row.created_by_id,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
});

/** Tokens of Gatehouse's own, by hash. A revoked one stays on the list, so that it can be told what it was. */
export function createApiTokens(db: Database): ApiTokens {
  const insert = (transaction: Db, token: ApiTokenRecord): Promise<unknown> =>
    transaction
      .insertInto("api_tokens")
      .values({
        id: token.id,
        hash: token.hash,
        purpose: token.purpose,
        name: token.name,
        repositories: JSON.stringify(token.repositories),
        environments: JSON.stringify(token.environments),
        created_by: token.createdBy,
        created_by_id: token.createdById,
        created_at: token.createdAt,
        expires_at: token.expiresAt,
        revoked_at: token.revokedAt,
      })
      .execute();
  return {
    add: (token) =>
      db.write(async (transaction) => {
        await insert(transaction, token);
      }),

    replace: (token) =>
      db.write(async (transaction) => {
        // What somebody revoked stays on the list; a page's button alone must not make the list longer.
        await transaction
          .deleteFrom("api_tokens")
          .where("purpose", "=", token.purpose)
          .where("name", "=", token.name)
          .where((where) =>
            token.createdById === null
              ? where("created_by", "=", token.createdBy)
              : where("created_by_id", "=", token.createdById),
          )
          .where("revoked_at", "is", null)
          .execute();
        await insert(transaction, token);
      }),

    find: async (hash, now) => {
      const row = await db.read
        .selectFrom("api_tokens")
        .selectAll()
        .where("hash", "=", hash)
        .where("revoked_at", "is", null)
        .where("expires_at", ">", now)
        .executeTakeFirst();
      return row === undefined ? null : recordOf(row);
    },

    list: async () =>
      (await db.read.selectFrom("api_tokens").selectAll().orderBy("created_at").execute()).map(
        recordOf,
      ),

    revoke: (id, at) =>
      db.write(async (transaction) => {
        const changed = await transaction
          .updateTable("api_tokens")
          .set({ revoked_at: at })
          .where("id", "=", id)
          .where("revoked_at", "is", null)
          .executeTakeFirst();
        return changed.numUpdatedRows === 1n;
      }),
  };
}
