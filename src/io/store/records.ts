import type { Records } from "../../core/ports.ts";
import { lastDecision } from "./decisions.ts";
import { createPolicyRecords } from "./policies.ts";
import { createPullRequestRecords } from "./pull-requests.ts";
import { createRepositoryRecords } from "./repositories.ts";
import type { Db } from "./tables.ts";

/** Everything that is looked up again. */
export function createRecords(db: Db, now: () => number): Records {
  return {
    ...createRepositoryRecords(db, now),
    ...createPullRequestRecords(db),
    ...createPolicyRecords(db),

    lastDecision: (subjectKey) => lastDecision(db, subjectKey),

    getValue: async (key) => (await db.selectFrom("kept_values").select("value").where("key", "=", key).executeTakeFirst())?.value ?? null,

    setValue: async (key, value) => {
      await db.insertInto("kept_values").values({ key, value }).onConflict((conflict) => conflict.column("key").doUpdateSet({ value })).execute();
    },

    claimOnce: async (key, at) => {
      const result = await db.insertInto("claims").values({ key, at }).onConflict((conflict) => conflict.doNothing()).executeTakeFirst();
      return result.numInsertedOrUpdatedRows === 1n;
    },
  };
}
