import { lastWords } from "#core/deployments/approvals-in-force.ts";
import { bypassId } from "#core/deployments/proof.ts";
import { decisionId } from "#core/record/decision-address.ts";
import { ticketIn } from "#core/overrides/reason.ts";
import { reviewKey } from "#core/overrides/review-due.ts";
import type { Act } from "#core/model/act.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { subjectKey } from "#core/model/subject.ts";
import type { TicketRow } from "#core/model/ticket.ts";
import { type Lesson, lessonOf } from "./lessons.ts";
import type { LoggedDecision, LoggedRollback } from "./logged.ts";

/** What became of a review that was owed. null in its place: none is on record. */
export interface ReviewState {
  readonly state: "done" | "owed";
  readonly by: string | null;
  /** When it was done, or is due (epoch ms). */
  readonly at: number | null;
  readonly outcome: string | null;
}

export interface AuditedOverride {
  readonly name: string;
  readonly by: string;
  readonly confirmedBy: readonly string[];
  readonly reason: string;
  readonly ticket: string | null;
  /** Rules of this deployment that it let through. */
  readonly rules: readonly string[];
  readonly review: ReviewState | null;
}

export interface AuditedBypass {
  readonly repository: string;
  readonly at: number;
  readonly what: string;
  readonly by: string;
  readonly reason: string;
  readonly review: ReviewState | null;
}

export interface AuditedPullRequest {
  readonly number: number;
  readonly author: string | null;
  readonly mergedBy: string | null;
  /** null: not observed. */
  readonly reviewers: readonly string[] | null;
  readonly tickets: readonly string[] | null;
}

/** A deployment as auditors ask for it. Instants are epoch ms; null: not observed, or there is none. */
export interface AuditedDeployment {
  readonly repository: string;
  readonly environment: string;
  readonly deploymentId: number;
  /** The address of its decision's page, below `/decisions/`. */
  readonly decision: string;
  readonly sha: string;
  readonly ref: string;
  readonly run: number | null;
  readonly askedBy: string | null;
  /** Who ran it again. */
  readonly askedAgainBy: string | null;
  readonly askedAt: number;
  readonly answer: "approved" | "rejected" | null;
  readonly answeredAt: number | null;
  readonly approvers: readonly string[];
  readonly state: string;
  readonly succeededAt: number | null;
  readonly failedAt: number | null;
  /** null: nobody saw which. */
  readonly pullRequests: readonly AuditedPullRequest[] | null;
  /** null: no rule read any. */
  readonly scans: readonly string[] | null;
  /** null: it was never judged. */
  readonly rules:
    | readonly {
        readonly name: string;
        readonly verdict: string;
        readonly enforcement: string;
        readonly overridden: string | null;
      }[]
    | null;
  readonly overrides: readonly AuditedOverride[];
  readonly bypass: AuditedBypass | null;
  /** The same commit ran here before, and this brought it back. */
  readonly rollback: { readonly by: string | null; readonly reason: string } | null;
}

/** What people did in one repository, in the order that their words have, and which reviews are owed. */
export interface ActsOn {
  readonly repository: string;
  readonly acts: readonly Act[];
  readonly owed: readonly TicketRow[];
  /** Who confirmed an override, by the act that asked for it. */
  readonly confirmations: ReadonlyMap<string, readonly string[]>;
}

/** Looks acts up by what they are asked for: a year has thousands of them and of deployments. */
export function indexActs({ repository, acts, owed, confirmations }: ActsOn) {
  const byId = new Map(acts.map((act) => [act.id, act]));
  const bySha = new Map<string, Act[]>();
  for (const act of acts)
    if (act.sha !== null) bySha.set(act.sha, [...(bySha.get(act.sha) ?? []), act]);
  const reviews = new Map(
    acts
      .filter(({ kind }) => kind === "review")
      .map((act) => [String(act.detail["key"] ?? ""), act]),
  );
  const owedByKey = new Map(owed.map((ticket) => [ticket.key, ticket]));

  function reviewOf(key: string): ReviewState | null {
    const open = owedByKey.get(key);
    if (open !== undefined) return { state: "owed", by: null, at: open.dueAt, outcome: null };
    const done = reviews.get(key);
    return done === undefined
      ? null
      : { state: "done", by: done.actor.login, at: done.at, outcome: done.reason };
  }

  const bypassOf = (act: Act): AuditedBypass => ({
    repository,
    at: act.at,
    what:
      act.pullRequest === null
        ? `${act.sha?.slice(0, 7) ?? "a commit"} to ${act.environment ?? "an environment"}`
        : `#${act.pullRequest}`,
    by: act.actor.login,
    reason: act.reason,
    review: reviewOf(act.id),
  });

  function overridesOf(rules: LoggedDecision["rules"]): readonly AuditedOverride[] {
    const ids = [...new Set(rules.flatMap(({ overridden }) => overridden ?? []))];
    return ids.map((id) => {
      const act = byId.get(id);
      const ticket = act?.detail["ticket"] ?? ticketIn(act?.reason ?? "");
      return {
        name: act?.name ?? id,
        by: act?.actor.login ?? "somebody",
        confirmedBy: confirmations.get(id) ?? [],
        reason: act?.reason ?? "",
        ticket: typeof ticket === "string" ? ticket : null,
        rules: rules.filter(({ overridden }) => overridden === id).map(({ name }) => name),
        review: reviewOf(reviewKey(id)),
      };
    });
  }

  return {
    bypasses: (sees: (environment: string | null) => boolean) =>
      acts.filter(({ kind, environment }) => kind === "bypass" && sees(environment)).map(bypassOf),
    bypassOfDeployment: (row: DeploymentRow): AuditedBypass | null => {
      const act = byId.get(bypassId(row));
      return act === undefined ? null : bypassOf(act);
    },
    approvers: ({ sha, environment, gateAnsweredAt, createdAt }: DeploymentRow) =>
      lastWords(bySha.get(sha) ?? [], { environment, sha, now: gateAnsweredAt ?? createdAt })
        .filter(({ kind }) => kind !== "reject")
        .map(({ actor }) => actor.login),
    overridesOf,
    lessons: (sees: (environment: string | null) => boolean): readonly Lesson[] =>
      [...reviews.values()]
        .filter(({ environment }) => sees(environment))
        .map((act) => lessonOf(repository, act)),
  };
}
export type ActIndex = ReturnType<typeof indexActs>;

/** What else is known of one deployment. */
export interface About {
  readonly decision: LoggedDecision | null;
  readonly isRollback: boolean;
  readonly rollback: LoggedRollback | null;
  readonly pullRequests: readonly AuditedPullRequest[] | null;
  readonly scans: readonly string[] | null;
}

export function audited(
  repository: string,
  row: DeploymentRow,
  acts: ActIndex,
  { decision, isRollback, rollback, pullRequests, scans }: About,
): AuditedDeployment {
  const { environment, deploymentId, sha, ref } = row;
  const key = subjectKey({
    kind: "deployment",
    repository: row.repository,
    deploymentId,
    environment,
  });
  return {
    repository,
    environment,
    deploymentId,
    decision: decisionId({ subjectKey: key, headSha: sha }),
    sha,
    ref,
    run: row.runId,
    askedBy: decision?.requestedBy ?? row.actor?.login ?? row.question?.caller ?? null,
    askedAgainBy: decision?.triggeredBy ?? null,
    askedAt: row.createdAt,
    answer: row.gateAnswer,
    answeredAt: row.gateAnsweredAt,
    approvers: acts.approvers(row),
    state: row.state,
    succeededAt: row.succeededAt,
    failedAt: row.state === "failure" || row.state === "error" ? row.finishedAt : null,
    pullRequests,
    scans,
    rules: decision?.rules ?? null,
    overrides: acts.overridesOf(decision?.rules ?? []),
    bypass: acts.bypassOfDeployment(row),
    rollback:
      rollback !== null
        ? { by: rollback.by, reason: rollback.reason }
        : isRollback
          ? { by: row.actor?.login ?? null, reason: "" }
          : null,
  };
}
