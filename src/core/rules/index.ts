import { approvals } from "./approvals/rule.ts";
import { attestation } from "./attestation/rule.ts";
import { changesGated } from "./changes-gated/rule.ts";
import { checks } from "./checks/rule.ts";
import { commits } from "./commits/rule.ts";
import { coverage } from "./coverage/rule.ts";
import { findings } from "./findings/rule.ts";
import { forwardOnly } from "./forward-only/rule.ts";
import { healthRule } from "./health/rule.ts";
import type { AnyRule } from "./kit/rule.ts";
import { labels } from "./labels/rule.ts";
import { licenses } from "./licenses/rule.ts";
import { noIncident } from "./no-incident/rule.ts";
import { notFrozen } from "./not-frozen/rule.ts";
import { pinnedActions } from "./pinned-actions/rule.ts";
import { promotedFrom } from "./promoted-from/rule.ts";
import { reviews } from "./reviews/rule.ts";
import { separate } from "./separate/rule.ts";
import { size } from "./size/rule.ts";
import { tests } from "./tests/rule.ts";
import { body, branchName, title } from "./text-patterns/rule.ts";
import { ticket } from "./ticket/rule.ts";
import { upToDate } from "./up-to-date/rule.ts";
import { window } from "./window/rule.ts";
import { workflows } from "./workflows/rule.ts";

/** The single list of requirements: the schema of `require`, the documentation and the evaluation read it. */
export const ruleList: readonly AnyRule[] = [
  reviews,
  checks,
  coverage,
  findings,
  licenses,
  commits,
  title,
  body,
  branchName,
  labels,
  size,
  upToDate,
  ticket,
  separate,
  pinnedActions,
  window,
  notFrozen,
  approvals,
  promotedFrom,
  changesGated,
  attestation,
  forwardOnly,
  tests,
  workflows,
  healthRule,
  noIncident,
];
