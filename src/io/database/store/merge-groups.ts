import type { Selectable } from "kysely";
import { z } from "zod";
import type { MergeGroups, QueuedGroup } from "#core/ports/merge-groups.ts";
import type { MergeGroupTable } from "./tables/pull-requests.ts";
import type { Database } from "./writer.ts";

const members = z.array(z.number());

/** Merge groups that are queued: judging one of their pull requests again judges the group again. */
export function createMergeGroups(db: Database): MergeGroups {
  return {
    save: (repository, group) =>
      db.write(async (transaction) => {
        const columns = {
          head_ref: group.headRef,
          base_ref: group.baseRef,
          members: group.members === null ? null : JSON.stringify(group.members),
        };
        await transaction
          .insertInto("merge_groups")
          .values({ repository, head_sha: group.headSha, ...columns })
          .onConflict((conflict) =>
            conflict
              .columns(["repository", "head_sha"])
              // A delivery that comes twice tells no members: those known stay.
              .doUpdateSet(group.members === null ? { head_ref: columns.head_ref } : columns),
          )
          .execute();
      }),

    of: async (repository) =>
      (
        await db.read
          .selectFrom("merge_groups")
          .selectAll()
          .where("repository", "=", repository)
          .orderBy("head_ref")
          .execute()
      ).map(groupOf),

    byHead: async (repository, headSha) => {
      const row = await db.read
        .selectFrom("merge_groups")
        .selectAll()
        .where("repository", "=", repository)
        .where("head_sha", "=", headSha)
        .executeTakeFirst();
      return row === undefined ? null : groupOf(row);
    },

    drop: (repository, headSha) =>
      db.write(async (transaction) => {
        await transaction
          .deleteFrom("merge_groups")
          .where("repository", "=", repository)
          .where("head_sha", "=", headSha)
          .execute();
      }),
  };
}

const groupOf = (row: Selectable<MergeGroupTable>): QueuedGroup => ({
  headSha: row.head_sha,
  headRef: row.head_ref,
  baseRef: row.base_ref,
  members: row.members === null ? null : members.parse(JSON.parse(row.members)),
});
