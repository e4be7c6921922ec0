import type { Records } from "#core/ports/records.ts";
import { lastDecision } from "./decisions.ts";
import { changeValue, getValue, getValues, setValue } from "./kept-values.ts";
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

    getValue: (key) => getValue(db.read, key),

    getValues: (keys) => getValues(db.read, keys),

    setValue: (key, value) => db.write((transaction) => setValue(transaction, key, value)),

    changeValue: (key, change) => changeValue(db, key, change),

    claimOnce: (key, at) =>
      db.write(async (transaction) => {
        const result = await transaction
          .insertInto("claims")
          .values({ key, at })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        return result.numInsertedOrUpdatedRows === 1n;
      }),
  };
}
