import type { Selectable } from "kysely";
import type { PolicyRecord, Records } from "#core/ports/records.ts";
import { appendRecords } from "../audit/append.ts";
import { holdHead } from "../audit/trail.ts";
import { sqlOf } from "./dialect-sql.ts";
import type { Db } from "./tables.ts";
import type { PolicyTable } from "./tables/repositories.ts";
import type { Database } from "./writer.ts";

type PolicyRecords = Pick<Records, "policy" | "replacePolicy">;

/** Policy files as they were read last, and the last text of each that had no errors. */
export function createPolicyRecords(db: Database): PolicyRecords {
  return {
    policy: async (repository) => {
      const row = await find(db.read, repository);
      return row === undefined ? null : recordOf(row);
    },

    replacePolicy: (before, after, audit = []) =>
      db.write(async (transaction) => {
        // Always first, as a decision's record does: else each would wait for the other.
        if (audit.length > 0) await holdHead(transaction);
        await sqlOf(transaction).oneAtATime(transaction, `policy:${after.repository}`);
        const row = await find(transaction, after.repository);
        if (row === undefined ? before !== null : !isSame(recordOf(row), before)) return false;
        const { repository, ...columns } = columnsOf(after);
        await transaction
          .insertInto("policies")
          .values({ repository, ...columns })
          .onConflict((conflict) => conflict.column("repository").doUpdateSet(columns))
          .execute();
        await appendRecords(transaction, audit);
        return true;
      }),
  };
}

const find = (db: Db, repository: number): Promise<Selectable<PolicyTable> | undefined> =>
  db.selectFrom("policies").selectAll().where("repository", "=", repository).executeTakeFirst();

const isSame = (one: PolicyRecord, other: PolicyRecord | null): boolean =>
  other !== null && JSON.stringify(columnsOf(one)) === JSON.stringify(columnsOf(other));

const columnsOf = (record: PolicyRecord): PolicyTable => ({
  repository: record.repository,
  blob_sha: record.blobSha,
  text: record.text,
  last_good_blob_sha: record.lastGoodBlobSha,
  last_good_text: record.lastGoodText,
  binding: record.binding ? 1 : 0,
  obstacle: record.obstacle,
  checked_at: record.checkedAt,
});

const recordOf = (row: Selectable<PolicyTable>): PolicyRecord => ({
  repository: row.repository,
  blobSha: row.blob_sha,
  text: row.text,
  lastGoodBlobSha: row.last_good_blob_sha,
  lastGoodText: row.last_good_text,
  binding: row.binding === 1,
  obstacle: row.obstacle,
  checkedAt: row.checked_at,
});
