import { GatehouseError } from "../../core/model/errors.ts";
import type { Ledger } from "../../core/ports.ts";
import { appendRecords } from "../audit/append.ts";
import { heldRow } from "../queue/rows.ts";
import { addDecision } from "./decisions.ts";
import { wishEffect } from "./outbox.ts";
import type { Database } from "./writer.ts";

/** Decision, effects and audit records in one transaction, behind the fence of the lease. */
export function createLedger(db: Database): Ledger {
  return {
    record: ({ lease, decision, effects, audit }) =>
      db.write(async (transaction) => {
        if (lease !== null && (await heldRow(transaction, lease)) === undefined) {
          throw new GatehouseError("stale", `The lease on ${lease.key} is no longer ours (generation ${lease.generation}): nothing was recorded.`);
        }
        if (decision !== null) await addDecision(transaction, decision);
        for (const { effect, hash } of effects) await wishEffect(transaction, effect, hash);
        await appendRecords(transaction, audit);
      }),
  };
}
