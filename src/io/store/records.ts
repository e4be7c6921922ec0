import type { Records } from "../../core/ports.ts";
import { lastDecision } from "./decisions.ts";
import { createPolicyRecords } from "./policies.ts";
import { createPullRequestRecords } from "./pull-requests.ts";
import { createRepositoryRecords } from "./repositories.ts";
import type { Database } from "./writer.ts";

/** Everything that is looked up again. */
export function createRecords(db: Database, now: () => number): Records {
  return {
    ...createRepositoryRecords(db, now),
    ...createPullRequestRecords(db),
    ...createPolicyRecords(db),

    lastDecision: (subjectKey) => lastDecision(db.read, subjectKey),

    getValue: async (key) => (await db.read.selectFrom("kept_values").select("value").where("key", "=", key).executeTakeFirst())?.value ?? null,

    setValue: (key, value) =>
      db.write(async (transaction) => {
        await transaction.insertInto("kept_values").values({ key, value }).onConflict((conflict) => conflict.column("key").doUpdateSet({ value })).execute();
      }),

    claimOnce: (key, at) =>
      db.write(async (transaction) => {
        const result = await transaction.insertInto("claims").values({ key, at }).onConflict((conflict) => conflict.doNothing()).executeTakeFirst();
        return result.numInsertedOrUpdatedRows === 1n;
      }),
  };
}
