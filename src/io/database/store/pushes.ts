import type { Selectable } from "kysely";
import type { Pushes } from "#core/ports/pushes.ts";
import type { PushSeen } from "#core/model/push.ts";
import type { PushTable } from "./tables/pull-requests.ts";
import type { Database } from "./writer.ts";

/** Part of the key, so never null: git's own word for "nothing". */
const nothing = "";

/** Who moved which branch from where to where, by webhooks. */
export function createPushes(db: Database): Pushes {
  return {
    add: (repository, push) =>
      db.write(async (transaction) => {
        await transaction
          .insertInto("pushes")
          .values({
            repository,
            ref: push.ref,
            before_sha: push.before ?? nothing,
            after_sha: push.after,
            kind: push.kind,
            actor_id: push.by?.id ?? 0,
            actor_login: push.by?.login ?? "",
            actor_type: push.by?.type ?? "User",
            at: push.at,
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }),

    ofRef: async (repository, ref, after) => {
      const ofIt = db.read
        .selectFrom("pushes")
        .selectAll()
        .where("repository", "=", repository)
        .where("ref", "=", ref);
      const asked = after === undefined ? ofIt : ofIt.where("after_sha", "=", after);
      return (await asked.execute()).map(pushOf);
    },
  };
}

const pushOf = (row: Selectable<PushTable>): PushSeen => ({
  ref: row.ref,
  before: row.before_sha === nothing ? null : row.before_sha,
  after: row.after_sha,
  kind: row.kind,
  by:
    Number(row.actor_id) === 0
      ? null
      : { id: Number(row.actor_id), login: row.actor_login, type: row.actor_type },
  at: Number(row.at),
});
