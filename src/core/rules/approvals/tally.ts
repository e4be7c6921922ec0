import { deployment as deploymentFact } from "#core/facts/deployment.ts";
import { deploymentApprovals, environmentReviews } from "#core/facts/deployment-approvals.ts";
import type { Actors, Person } from "#core/model/actor.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import { isAgent } from "#core/people/agents.ts";
import { handIn } from "#core/people/deployed-contributors.ts";
import {
  approvalsInForce,
  lastWords,
  type Approval,
} from "#core/deployments/approvals-in-force.ts";
import type { Ask } from "#core/facts/ask.ts";
import { isAmong } from "#core/people/who-is-among.ts";
import { contributorsBarred, whyRequester, type Excludable } from "./barred.ts";

export interface ApprovalTally {
  readonly counted: readonly Approval[];
  readonly discounted: readonly { readonly by: Person; readonly why: string }[];
  readonly unmapped: readonly string[];
}

export interface ApprovalQuestion {
  readonly count: number;
  readonly actors: Actors;
  readonly exclude: readonly Excludable[];
  readonly owner: string;
  /** Coding agents that the policy lists; theirs never count, nor those of the shipped list. */
  readonly agents?: readonly string[] | undefined;
  readonly subject: DeploymentSubject;
  readonly now: number;
}

/**
 * Which approvals count now. Commands cost no call and are looked at first; GitHub's own environment reviews are
 * read only if those are not enough. Rights are those of this moment.
 */
export function tallyApprovals(question: ApprovalQuestion, ask: Ask): ApprovalTally | undefined {
  const { subject, now, count } = question;
  const words = ask(deploymentApprovals.need());
  if (words === undefined) return undefined;
  const place = { environment: subject.environment, sha: subject.sha, now };
  const said = weigh(approvalsInForce(words, place), question, ask);
  if (said === undefined || said.counted.length >= count || subject.runId === null) return said;
  const reviews = ask(environmentReviews.need());
  if (reviews === undefined) return undefined;
  // GitHub does not tell which came first, so somebody who rejected once, here or there, has to approve with a
  // command.
  const refused = new Set([
    ...reviews.filter(({ state }) => state === "rejected").map(({ by }) => by.id),
    ...lastWords(words, place)
      .filter(({ kind }) => kind === "reject")
      .map(({ actor }) => actor.id),
  ]);
  const spoke = new Set([
    ...said.counted.map(({ by }) => by.id),
    ...said.discounted.map(({ by }) => by.id),
  ]);
  const fresh = new Map<number, Approval>();
  for (const { by, state } of reviews) {
    if (state === "approved" && !refused.has(by.id) && !spoke.has(by.id))
      fresh.set(by.id, { by, at: null, via: "environment review" });
  }
  const reviewed = weigh([...fresh.values()], question, ask);
  return (
    reviewed && {
      counted: [...said.counted, ...reviewed.counted],
      discounted: [...said.discounted, ...reviewed.discounted],
      unmapped: [...new Set([...said.unmapped, ...reviewed.unmapped])],
    }
  );
}

/** Free checks first, then rights, then authorship: commits are read only for an approval that would count otherwise. */
function weigh(
  approvals: readonly Approval[],
  { actors, exclude, owner, agents }: ApprovalQuestion,
  ask: Ask,
): ApprovalTally | undefined {
  if (approvals.length === 0) return { counted: [], discounted: [], unmapped: [] };
  const asked = ask(deploymentFact.need());
  if (asked === undefined) return undefined;
  const discounted: { by: Person; why: string }[] = [];
  const candidates: Approval[] = [];
  for (const approval of approvals) {
    const why = isAgent(approval.by, agents)
      ? "is a coding agent"
      : approval.by.type === "User"
        ? whyRequester(approval.by, asked, exclude)
        : "is no person";
    if (why === null) candidates.push(approval);
    else discounted.push({ by: approval.by, why });
  }
  const among = candidates.map((approval) => ({
    approval,
    is: isAmong({ person: approval.by, canPush: null }, actors, owner, ask),
  }));
  if (among.some(({ is }) => is === undefined)) return undefined;
  const entitled = among.filter(({ is }) => is === true).map(({ approval }) => approval);
  discounted.push(
    ...among
      .filter(({ is }) => is === false)
      .map(({ approval }) => ({ by: approval.by, why: "may not approve here now" })),
  );
  if (entitled.length === 0) return { counted: [], discounted, unmapped: [] };
  const barred = contributorsBarred(exclude, ask);
  if (barred === undefined) return undefined;
  const counted: Approval[] = [];
  for (const approval of entitled) {
    const why = handIn(barred, approval.by);
    if (why === null) counted.push(approval);
    else discounted.push({ by: approval.by, why });
  }
  return { counted, discounted, unmapped: barred.unmapped };
}
