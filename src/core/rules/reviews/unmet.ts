import type { ThreadsFact } from "../../facts/reviews.ts";
import type { Person } from "../../model/actor.ts";
import { at, count, either, listed, people } from "../phrases.ts";
import { actorNames } from "../who-is-among.ts";
import type { Approvals } from "./approvers.ts";
import type { OwnedFiles } from "./code-owners.ts";
import { areAllAmong } from "./code-owners.ts";
import type { ReviewsParams } from "./params.ts";
import { countedActors, totalOf } from "./params.ts";
import type { Tally } from "./tally.ts";
import { approvalsFrom } from "./words.ts";

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

export function unmetApprovals(
  params: ReviewsParams,
  tally: Tally,
  approvals: Approvals,
  owner: string,
): readonly Unmet[] {
  const total = totalOf(params);
  const actors = countedActors(params);
  const barred = approvals.contributors.map(({ person }) => person);
  return [
    ...(tally.total >= total
      ? []
      : [
          {
            need: `Needs ${approvalsFrom(total - tally.total, actors, owner, tally.total > 0)}`,
            next: whoApproves(either(actorNames(actors, owner)), approvals),
          },
        ]),
    ...tally.entries.flatMap(({ entry, have }): readonly Unmet[] =>
      have >= entry.approvals
        ? []
        : [
            {
              need: `Needs ${approvalsFrom(entry.approvals - have, entry, owner, have > 0)}`,
              next: whoApproves(either(actorNames(entry, owner)), approvals),
            },
          ],
    ),
    ...tally.waiting.map((files) => unmetOwners(files, barred)),
  ];
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
  return `One of ${who} who did not work on the change approves it.${reminder}`;
}

function unmetOwners(files: OwnedFiles, barred: readonly Person[]): Unmet {
  const owners = either(files.owners.slice(0, 4));
  const what = listed(files.paths, 2);
  const need = `Needs an approval from a code owner of ${listed(files.paths, 1)} (${owners})`;
  if (areAllAmong(files, barred)) {
    const only = files.owners.length === 1 ? "the only owner" : "the only owners";
    return {
      need,
      next: `${either(files.owners)}, ${only} of ${what}, worked on this change and cannot approve it: somebody adds another owner to CODEOWNERS on the base branch, or the rule is overridden.`,
    };
  }
  return { need, next: `${owners} approves ${what}.` };
}
