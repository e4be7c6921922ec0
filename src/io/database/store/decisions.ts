import type { Decision } from "#core/model/decision.ts";
import type { DecisionRecord } from "#core/ports/records.ts";
import { stored } from "./database.ts";
import type { Db } from "./tables.ts";

/** Decisions kept per subject. The audit log keeps them all; here they only serve the next evaluation and the pages. */
const decisionsKept = 10;

export async function lastDecision(db: Db, subjectKey: string): Promise<DecisionRecord | null> {
  const row = await db
    .selectFrom("decisions")
    .selectAll()
    .where("subject_key", "=", subjectKey)
    .orderBy("number", "desc")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    subjectKey: row.subject_key,
    number: row.number,
    headSha: row.head_sha,
    baseRef: row.base_ref,
    policyDigest: row.policy_digest,
    decision: stored<Decision>(row.decision),
    at: row.at,
  };
}

/** The number of a subject's last decision; 0 where there is none. */
export async function lastNumber(db: Db, subjectKey: string): Promise<number> {
  const last = await db
    .selectFrom("decisions")
    .select("number")
    .where("subject_key", "=", subjectKey)
    .orderBy("number", "desc")
    .limit(1)
    .executeTakeFirst();
  return last?.number ?? 0;
}

/** Adds a decision under its subject's next number. */
export async function addDecision(
  transaction: Db,
  record: Omit<DecisionRecord, "number">,
): Promise<void> {
  const number = (await lastNumber(transaction, record.subjectKey)) + 1;
  await transaction
    .insertInto("decisions")
    .values({
      subject_key: record.subjectKey,
      number,
      head_sha: record.headSha,
      base_ref: record.baseRef,
      policy_digest: record.policyDigest,
      decision: JSON.stringify(record.decision),
      at: record.at,
    })
    .execute();
  await transaction
    .deleteFrom("decisions")
    .where("subject_key", "=", record.subjectKey)
    .where("number", "<=", number - decisionsKept)
    .execute();
}
