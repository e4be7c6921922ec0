import { GatehouseError } from "#core/model/errors.ts";
import type { Ledger, Premise } from "#core/ports/ledger.ts";
import { appendRecords } from "../audit/append.ts";
import { holdHead } from "../audit/trail.ts";
import { heldRow } from "../queue/rows.ts";
import { countStops } from "./acts.ts";
import { addDecision, lastNumber } from "./decisions.ts";
import { keepInputs, packInputs } from "./kept-inputs.ts";
import { getValue, setValue } from "./kept-values.ts";
import { recordEffect } from "./outbox.ts";
import { saveSubjectState } from "./subject-states.ts";
import type { Db } from "./tables.ts";
import type { Database } from "./writer.ts";

/** Decision, effects, audit records and what the decision was made of in one transaction, behind the fence of the lease. */
export function createLedger(db: Database, now: () => number): Ledger {
  return {
    record: async ({ lease, decision, effects, audit, premises = [], kept = [] }) => {
      const packed = await packInputs(db.read, kept);
      return db.write(async (transaction) => {
        // One record after the other, over all processes: what a record is composed of stands until it stands itself.
        await holdHead(transaction);
        if (lease !== null && (await heldRow(transaction, lease)) === undefined) {
          throw new GatehouseError(
            "stale",
            `The lease on ${lease.key} is no longer ours (generation ${lease.generation}): nothing was recorded.`,
          );
        }
        for (const premise of premises) if (!(await holds(transaction, premise))) return "outdated";
        for (const premise of premises)
          if (premise.kind === "value") await setValue(transaction, premise.key, premise.to);
        if (decision !== null) await addDecision(transaction, decision);
        for (const { effect, hash } of effects) await recordEffect(transaction, effect, hash);
        await keepInputs(transaction, kept, packed, now());
        for (const written of await appendRecords(transaction, audit))
          await saveSubjectState(transaction, written, decision);
        return "recorded";
      });
    },
  };
}

async function holds(transaction: Db, premise: Premise): Promise<boolean> {
  switch (premise.kind) {
    case "decision":
      return (await lastNumber(transaction, premise.subjectKey)) === premise.number;
    case "value":
      return (await getValue(transaction, premise.key)) === premise.from;
    case "stops":
      return (await countStops(transaction, premise)) === premise.count;
  }
}
