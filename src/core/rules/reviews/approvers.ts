import {
  type CommitFact,
  type PullRequestFact,
  pushers as pushersFact,
} from "#core/facts/pull-request.ts";
import type { Person } from "#core/model/actor.ts";
import type { Ask } from "#core/facts/ask.ts";
import type { Contributor } from "#core/model/contributor.ts";
import type { PolicyContext } from "../kit/rule.ts";
import { contributorsOf } from "./contributors.ts";
import { coverageOf, whyDiffVoids } from "./coverage-of-head.ts";
import type { Stance } from "./latest-decisive.ts";
import type { ReviewsParams } from "./params.ts";
import { type ApproverEligibility, eligibilityOf, whyNotAPerson } from "./who-may-count.ts";

/** Somebody whose approval counts, and for what. */
export interface Approver {
  readonly approval: Stance;
  readonly eligibility: ApproverEligibility;
}

/** An approval that does not count, and why not. */
export interface Discounted {
  readonly person: Person;
  readonly why: string;
}

export interface Approvals {
  readonly approvers: readonly Approver[];
  readonly discounted: readonly Discounted[];
  readonly contributors: readonly Contributor[];
  /** null where no approval was left to be compared with it. */
  readonly pushers: readonly Person[] | null;
}

export interface ApprovalsInput {
  readonly params: ReviewsParams;
  readonly policy: Pick<PolicyContext, "owner" | "agents">;
  readonly pull: PullRequestFact;
  readonly commits: readonly CommitFact[];
  readonly given: readonly Stance[];
  /** Whether these approvers are enough: approvals of earlier commits are then not looked into. */
  readonly suffice: (approvers: readonly Approver[]) => boolean | undefined;
}

/**
 * Which approvals count. What is free is tried first, then what costs a call (who pushed, who is in a team), and the
 * comparison of diffs last and only for approvals that would otherwise count. `undefined` while something is unread.
 */
export function approvalsOf(input: ApprovalsInput, ask: Ask): Approvals | undefined {
  const { params, policy, pull, commits, given } = input;
  const { owner, agents } = policy;
  const openly = contributorsOf(pull, commits, [], params);
  const sorted = given.map((approval) => ({
    approval,
    coverage: coverageOf(approval, pull, params.stale),
  }));
  const whyNot = ({ approval, coverage }: (typeof sorted)[number]): string | null =>
    whyNotAPerson(approval.by, params.bots, agents) ??
    openly.get(approval.by.id)?.did ??
    (coverage.kind === "void" ? coverage.why : null);
  const candidates = sorted.filter((each) => whyNot(each) === null);
  const discounted = sorted.flatMap((each): readonly Discounted[] =>
    discount(each.approval, whyNot(each)),
  );
  if (candidates.length === 0)
    return { approvers: [], discounted, contributors: [...openly.values()], pushers: null };

  const pushers = params.allow_contributors ? [] : ask(pushersFact.need());
  const eligibilities = candidates.map(({ approval }) =>
    eligibilityOf({ person: approval.by, canPush: approval.canPush }, params, owner, ask),
  );
  if (pushers === undefined || eligibilities.includes(undefined)) return undefined;

  const contributors = contributorsOf(pull, commits, pushers, params);
  const fresh: Approver[] = [];
  const stale: (Approver & { readonly sha: string })[] = [];
  for (const [i, { approval, coverage }] of candidates.entries()) {
    const eligibility = eligibilities[i];
    const why =
      contributors.get(approval.by.id)?.did ??
      (eligibility !== undefined && isOfUse(approval, eligibility, params)
        ? null
        : whyOfNoUse(params));
    if (why !== null || eligibility === undefined) discounted.push(...discount(approval, why));
    else if (coverage.kind === "stale") stale.push({ approval, eligibility, sha: coverage.sha });
    else fresh.push({ approval, eligibility });
  }

  const enough = stale.length === 0 ? true : input.suffice(fresh);
  if (enough === undefined) return undefined;
  const settled = {
    contributors: [...contributors.values()],
    pushers: params.allow_contributors ? null : pushers,
  };
  if (enough)
    return {
      approvers: fresh,
      discounted: [
        ...discounted,
        ...stale.flatMap(({ approval }) => discount(approval, "approved an earlier commit")),
      ],
      ...settled,
    };

  const voids = stale.map(({ sha }) => whyDiffVoids(sha, ask));
  if (voids.includes(undefined)) return undefined;
  return {
    approvers: [...fresh, ...stale.filter((_, i) => voids[i] === null)],
    discounted: [
      ...discounted,
      ...stale.flatMap(({ approval }, i) => discount(approval, voids[i] ?? null)),
    ],
    ...settled,
  };
}

const discount = (approval: Stance, why: string | null): readonly Discounted[] =>
  why === null ? [] : [{ person: approval.by, why }];

/** GitHub wants write access of code owners; everybody whom the policy counts may stand for files as well. */
export const mayStandForFiles = ({ approval, eligibility }: Approver): boolean =>
  approval.canPush || eligibility.total || eligibility.entries.includes(true);

function isOfUse(
  approval: Stance,
  eligibility: ApproverEligibility,
  params: ReviewsParams,
): boolean {
  return (
    eligibility.total ||
    eligibility.entries.includes(true) ||
    (params.code_owners && mayStandForFiles({ approval, eligibility }))
  );
}

function whyOfNoUse(params: ReviewsParams): string {
  const namesPeople =
    params.users !== undefined ||
    params.teams !== undefined ||
    params.roles !== undefined ||
    params.each !== undefined;
  return namesPeople ? "is not among those who count" : "has no write access";
}
