import {
  falseIsTighter,
  fewerMembersAreTighter,
  fewerPeopleAreTighter,
  laterIsTighter,
  moreIsTighter,
  together,
  trueIsTighter,
} from "../direction.ts";
import type { Direction } from "../rule.ts";
import type { Entry, ReviewsParams } from "./params.ts";
import { countedActors, totalOf } from "./params.ts";

/** Strictest last. */
const staleScale: readonly ReviewsParams["stale"][] = ["keep", "keep_if_same_diff", "dismiss"];

/**
 * Field by field. Other people than the organisation's are looser even when they are few: members of a team need not
 * have write access. A repository that wants a team on top says so with `each`.
 */
export function compareReviews(organization: ReviewsParams, repository: ReviewsParams): Direction {
  return together(
    moreIsTighter(totalOf(organization), totalOf(repository)),
    fewerPeopleAreTighter(countedActors(organization), countedActors(repository)),
    compareEach(organization.each ?? [], repository.each ?? []),
    trueIsTighter(organization.code_owners, repository.code_owners),
    laterIsTighter(staleScale, organization.stale, repository.stale),
    falseIsTighter(organization.allow_author, repository.allow_author),
    falseIsTighter(organization.allow_contributors, repository.allow_contributors),
    trueIsTighter(organization.block_on_changes_requested, repository.block_on_changes_requested),
    trueIsTighter(organization.resolved_threads, repository.resolved_threads),
    fewerMembersAreTighter(organization.bots.map(String), repository.bots.map(String)),
  );
}

/** Every entry of the organisation's must be answered by one that asks at least as much of at most those people. */
function compareEach(organization: readonly Entry[], repository: readonly Entry[]): Direction {
  const answers = organization.map((ours) =>
    best(repository.map((theirs) => compareEntry(ours, theirs))),
  );
  return together(...answers, repository.length > organization.length ? "tighter" : "same");
}

const compareEntry = (ours: Entry, theirs: Entry): Direction =>
  together(moreIsTighter(ours.approvals, theirs.approvals), fewerPeopleAreTighter(ours, theirs));

function best(directions: readonly Direction[]): Direction {
  if (directions.includes("same")) return "same";
  return directions.includes("tighter") ? "tighter" : "looser";
}
