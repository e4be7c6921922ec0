import type { Migration } from "kysely";
import { work } from "./0001-work.ts";
import { records } from "./0002-records.ts";
import { outbox } from "./0003-outbox.ts";
import { audit } from "./0004-audit.ts";
import { acts } from "./0005-acts.ts";
import { outboxAge } from "./0006-outbox-age.ts";
import { keptInputs } from "./0007-kept-inputs.ts";
import { sendingAndFaults } from "./0008-sending-and-faults.ts";
import { stacksAndPushes } from "./0009-stacks-and-pushes.ts";
import { orderOfWords } from "./0010-order-of-words.ts";
import { contributors } from "./0011-contributors.ts";
import { sessionsAndStates } from "./0012-sessions-and-states.ts";
import { agesAndNames } from "./0013-ages-and-names.ts";
import { questions } from "./0014-questions.ts";
import { makersOfTokens } from "./0015-makers-of-tokens.ts";
import { measurements } from "./0016-measurements.ts";
import { publicSince } from "./0017-public-since.ts";
import { toldOfEnds } from "./0018-told-of-ends.ts";

/** The single list. Names sort in the order they run; one that was released is never changed, only followed. */
export const migrations: Readonly<Record<string, Migration>> = {
  "0001-work": work,
  "0002-records": records,
  "0003-outbox": outbox,
  "0004-audit": audit,
  "0005-acts": acts,
  "0006-outbox-age": outboxAge,
  "0007-kept-inputs": keptInputs,
  "0008-sending-and-faults": sendingAndFaults,
  "0009-stacks-and-pushes": stacksAndPushes,
  "0010-order-of-words": orderOfWords,
  "0011-contributors": contributors,
  "0012-sessions-and-states": sessionsAndStates,
  "0013-ages-and-names": agesAndNames,
  "0014-questions": questions,
  "0015-makers-of-tokens": makersOfTokens,
  "0016-measurements": measurements,
  "0017-public-since": publicSince,
  "0018-told-of-ends": toldOfEnds,
};
