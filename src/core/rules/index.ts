import { approvals } from "./approvals.ts";
import { attestation } from "./attestation.ts";
import { changesGated } from "./changes-gated.ts";
import { checks } from "./checks.ts";
import { commits } from "./commits.ts";
import { coverage } from "./coverage.ts";
import { findings } from "./findings.ts";
import { labels } from "./labels.ts";
import { licenses } from "./licenses.ts";
import { notFrozen } from "./not-frozen.ts";
import { pinnedActions } from "./pinned-actions.ts";
import { promotedFrom } from "./promoted-from.ts";
import { reviews } from "./reviews.ts";
import type { AnyRule } from "./rule.ts";
import { separate } from "./separate.ts";
import { size } from "./size.ts";
import { body, branchName, title } from "./text-patterns.ts";
import { ticket } from "./ticket.ts";
import { upToDate } from "./up-to-date.ts";
import { window } from "./window.ts";

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
];
