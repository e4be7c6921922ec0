import type { Decision, DecisionKind } from "#core/model/decision.ts";
import type { CheckRunAction } from "#core/model/effect.ts";
import type { OverrideRequest } from "#core/overrides/grant.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { RenderedDecision } from "#core/render/decision.ts";
import type { JudgedOnce } from "./decision-entry.ts";

/** A judgement and everything that is needed to publish it. */
export interface Assessment {
  readonly label: string;
  readonly kind: DecisionKind;
  readonly rendered: RenderedDecision;
  /** null: the policy itself is broken, no rule was judged. */
  readonly decision: Decision | null;
  readonly headSha: string;
  readonly baseRef: string;
  readonly pullRequest: PullRequestRow | null;
  /** Pull requests of a merge group; null for anything else. */
  readonly members: readonly number[] | null;
  readonly digest: string;
  /** What the audit log shall say: one answer, or one for each member of a merge group. */
  readonly judged: readonly JudgedOnce[];
  readonly changesAt: number | null;
  readonly ownCheckRuns: ReturnType<FactSession["ownCheckRuns"]>;
  /** Something could not be read for a reason that passes: judge again, not before `at` (epoch ms). */
  readonly retry: { readonly at: number | undefined } | null;
  /**
   * What the answer would be if each thing that cannot be read for a reason that passes were as it was when the answer
   * that stands was given; null: everything was read, or none stands.
   */
  readonly asLastRead: DecisionKind | null;
  readonly editsPolicy: boolean;
  /** Overrides that were asked for on it. */
  readonly requests: readonly OverrideRequest[];
  /** Buttons of the check run. */
  readonly actions: readonly CheckRunAction[];
  /** Work that follows from acts of people: labels to look at, reviews that are owed. */
  readonly followUps: readonly WorkItem[];
}
