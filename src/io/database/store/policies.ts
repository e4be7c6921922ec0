import type { Records } from "#core/ports/records.ts";
import { appendRecords } from "../audit/append.ts";
import type { Database } from "./writer.ts";

type PolicyRecords = Pick<Records, "policy" | "savePolicy">;

/** Policy files as they were read last, and the last text of each that had no errors. */
export function createPolicyRecords(db: Database): PolicyRecords {
  return {
    policy: async (repository) => {
      const row = await db.read
        .selectFrom("policies")
        .selectAll()
        .where("repository", "=", repository)
        .executeTakeFirst();
      if (row === undefined) return null;
      return {
        repository: row.repository,
        blobSha: row.blob_sha,
        text: row.text,
        lastGoodBlobSha: row.last_good_blob_sha,
        lastGoodText: row.last_good_text,
        binding: row.binding === 1,
        obstacle: row.obstacle,
        checkedAt: row.checked_at,
      };
    },

    savePolicy: async (record, audit = []) => {
      const columns = {
        blob_sha: record.blobSha,
        text: record.text,
        last_good_blob_sha: record.lastGoodBlobSha,
        last_good_text: record.lastGoodText,
        binding: record.binding ? (1 as const) : (0 as const),
        obstacle: record.obstacle,
        checked_at: record.checkedAt,
      };
      await db.write(async (transaction) => {
        await transaction
          .insertInto("policies")
          .values({ repository: record.repository, ...columns })
          .onConflict((conflict) => conflict.column("repository").doUpdateSet(columns))
          .execute();
        await appendRecords(transaction, audit);
      });
    },
  };
}
