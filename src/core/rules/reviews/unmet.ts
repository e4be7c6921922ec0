import { coAuthor } from "#core/people/contributors.ts";
import type { ThreadsFact } from "#core/facts/reviews.ts";
import type { Actors, Person } from "#core/model/actor.ts";
import type { Ask } from "#core/facts/ask.ts";
import { sentence, whoIsLeft } from "../kit/people/who-is-left.ts";
import { at, count, either, listed, people } from "#core/text/phrases.ts";
import { nextOfPresent } from "../present-actors/rule.ts";
import type { PolicyContext } from "../kit/rule.ts";
import type { Approvals } from "./approvers.ts";
import { areAllAmong, type OwnedFiles } from "./code-owners.ts";
import { ownersLeft } from "./owners-left.ts";
import { countedActors, type ReviewsParams, totalOf } from "./params.ts";
import type { Tally } from "./tally.ts";
import type { ApproverEligibility } from "./who-may-count.ts";
import { approvalsFrom } from "./phrases.ts";

/** One thing that is missing: the short phrase for the title, and who can do what about it. */
export interface Unmet {
  readonly need: string;
  readonly next: string;
}

export function unmetObjections(objectors: readonly Person[]): readonly Unmet[] {
  if (objectors.length === 0) return [];
  return [
    {
      need: `${people(objectors, 3)} requested changes`,
      next: `${people(objectors, 3)} approves, or somebody with write access dismisses the review.`,
    },
  ];
}

export interface ApprovalsAsked {
  readonly params: ReviewsParams;
  readonly tally: Tally;
  readonly approvals: Approvals;
  readonly policy: Pick<PolicyContext, "owner" | "absent">;
  /** Whether to spend a call on finding out who could still approve. */
  readonly isWorthACall: boolean;
}

/** `undefined` while it has not been read who could still approve. */
export function unmetApprovals(asked: ApprovalsAsked, ask: Ask): readonly Unmet[] | undefined {
  const { params, tally } = asked;
  const total = totalOf(params);
  const unmet = [
    ...(tally.total >= total
      ? []
      : [unmetCount(asked, countedActors(params), total, tally.total, (each) => each.total, ask)]),
    ...tally.entries.flatMap(({ entry, have }, i) =>
      have >= entry.approvals
        ? []
        : [
            unmetCount(
              asked,
              entry,
              entry.approvals,
              have,
              (each) => each.entries[i] === true,
              ask,
            ),
          ],
    ),
    ...tally.waiting.map((files) => unmetOwners(asked, files, ask)),
  ];
  const known = unmet.filter((each) => each !== undefined);
  return known.length < unmet.length ? undefined : known;
}

function unmetCount(
  { approvals, policy, isWorthACall }: ApprovalsAsked,
  actors: Actors,
  wanted: number,
  have: number,
  counts: (eligibility: ApproverEligibility) => boolean,
  ask: Ask,
): Unmet | undefined {
  const { owner } = policy;
  const missing = wanted - have;
  const left = isWorthACall
    ? whoIsLeft(
        {
          actors,
          owner,
          barred: approvals.contributors.map(({ person }) => person),
          because: "worked on this change",
          counted: approvals.approvers
            .filter(({ eligibility }) => counts(eligibility))
            .map(({ approval }) => approval.by),
          missing,
        },
        ask,
      )
    : { says: null };
  return left === undefined
    ? undefined
    : {
        need: `Needs ${approvalsFrom(missing, actors, owner, have > 0)}`,
        next: left.says ?? nextOfPresent(actors, policy, (who) => whoApproves(who, approvals)),
      };
}

export function unmetThreads(threads: ThreadsFact | null): readonly Unmet[] {
  if (threads === null || threads.unresolved === 0) return [];
  return [
    {
      need: `${count(threads.unresolved, "review thread")} unresolved`,
      next: "The author or a reviewer resolves the conversations.",
    },
  ];
}

function whoApproves(who: string, approvals: Approvals): string {
  const again = approvals.discounted
    .filter(({ why }) => why.startsWith("approved "))
    .map(({ person }) => at(person));
  const reminder =
    again.length === 0 ? "" : ` ${listed(again, 3)} approved something older and can look again.`;
  const coAuthors = approvals.discounted
    .filter(({ why }) => why === coAuthor)
    .map(({ person }) => at(person));
  const suggested =
    coAuthors.length === 0
      ? ""
      : ` ${listed(coAuthors, 3)} cannot: a commit names them as co-author, as GitHub does when a review's suggestion is applied. Where that should not matter, the policy says allow_contributors: true.`;
  return `One of ${who} who did not work on the change approves it.${reminder}${suggested}`;
}

function unmetOwners(asked: ApprovalsAsked, files: OwnedFiles, ask: Ask): Unmet | undefined {
  const owners = either(files.owners.slice(0, 4));
  const what = listed(files.paths, 2);
  const need = `Needs an approval from a code owner of ${listed(files.paths, 1)} (${owners})`;
  const barred = asked.approvals.contributors.map(({ person }) => person);
  if (areAllAmong(files, barred)) {
    const only = files.owners.length === 1 ? "the only owner" : "the only owners";
    return {
      need,
      next: `${either(files.owners)}, ${only} of ${what}, worked on this change and cannot approve it: somebody adds another owner to CODEOWNERS on the base branch, or the rule is overridden.`,
    };
  }
  const left = ownersLeft({ ...asked, owner: asked.policy.owner, files, barred }, ask);
  if (left === undefined) return undefined;
  const obstacles = left.obstacles.slice(0, 4).map(sentence).join(" ");
  if (left.able.length === 0)
    return {
      need,
      next: `Nobody can approve ${what} as things are. ${obstacles} Or somebody adds another owner to CODEOWNERS on the base branch, or the rule is overridden.`,
    };
  return {
    need,
    next: `${either(left.able.slice(0, 4))} approves ${what}.${obstacles === "" ? "" : ` ${obstacles}`}`,
  };
}
