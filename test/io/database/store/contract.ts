import { describe } from "vitest";
import { auditContract } from "../audit/contract.ts";
import { queueContract } from "../queue/contract.ts";
import { actsContract } from "./contract/acts.ts";
import { contributorsContract } from "./contract/contributors.ts";
import { inboxContract } from "./contract/inbox.ts";
import { inputsContract } from "./contract/inputs.ts";
import { ledgerContract } from "./contract/ledger.ts";
import { measurementsContract } from "./contract/measurements.ts";
import { outboxContract } from "./contract/outbox.ts";
import { questionsContract } from "./contract/questions.ts";
import { recordsContract } from "./contract/records.ts";
import { sessionsContract } from "./contract/sessions.ts";
import { tokensContract } from "./contract/tokens.ts";
import { viewsContract } from "./contract/views.ts";
import { closeAfterEach, type Kind } from "./harness.ts";

/** What every store must do, whatever it is kept in. */
export function storeContract(kind: Kind): void {
  describe(`store over ${kind.name}`, () => {
    closeAfterEach();
    inboxContract(kind);
    queueContract(kind);
    recordsContract(kind);
    outboxContract(kind);
    ledgerContract(kind);
    inputsContract(kind);
    auditContract(kind);
    actsContract(kind);
    contributorsContract(kind);
    questionsContract(kind);
    sessionsContract(kind);
    tokensContract(kind);
    viewsContract(kind);
    measurementsContract(kind);
  });
}
