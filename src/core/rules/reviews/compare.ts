import { type Actors, hasAtLeast } from "#core/model/actor.ts";
import {
  besideIf,
  falseIsTighter,
  fewerMembersAreTighter,
  fewerPeopleAreTighter,
  laterIsTighter,
  moreIsTighter,
  together,
  trueIsTighter,
} from "../kit/direction.ts";
import type { Direction } from "../kit/rule.ts";
import { countedActors, type Entry, type ReviewsParams, totalOf } from "./params.ts";

/** Strictest last. */
const staleScale: readonly ReviewsParams["stale"][] = ["keep", "keep_if_same_diff", "dismiss"];

/**
 * Field by field. Other people than the organisation's are looser even when they are few: members of a team need not
 * have write access. A repository that wants a team on top says so with `each`.
 */
export function compareReviews(organization: ReviewsParams, repository: ReviewsParams): Direction {
  // Anybody whose approval may count may also block, even without write access: with fewer people fewer can object.
  const blocks = organization.block_on_changes_requested;
  return together(
    moreIsTighter(totalOf(organization), totalOf(repository)),
    besideIf(
      blocks && mayNameOutsiders(countedActors(organization)),
      fewerPeopleAreTighter(countedActors(organization), countedActors(repository)),
    ),
    compareEach(organization.each ?? [], repository.each ?? [], blocks),
    trueIsTighter(organization.code_owners, repository.code_owners),
    laterIsTighter(staleScale, organization.stale, repository.stale),
    falseIsTighter(organization.allow_author, repository.allow_author),
    falseIsTighter(organization.allow_contributors, repository.allow_contributors),
    trueIsTighter(organization.block_on_changes_requested, repository.block_on_changes_requested),
    trueIsTighter(organization.resolved_threads, repository.resolved_threads),
    besideIf(
      blocks,
      fewerMembersAreTighter(organization.bots.map(String), repository.bots.map(String)),
    ),
  );
}

/** Whether people without write access may be among them; a request for changes by those who have it blocks anyway. */
const mayNameOutsiders = ({ users, teams, roles }: Actors): boolean =>
  users !== undefined ||
  teams !== undefined ||
  (roles ?? []).some((role) => !hasAtLeast(role, "write"));

/** Every entry of the organisation's must be answered by one that asks at least as much of at most those people. */
function compareEach(
  organization: readonly Entry[],
  repository: readonly Entry[],
  blocks: boolean,
): Direction {
  const answers = organization.map((ours) =>
    best(repository.map((theirs) => compareEntry(ours, theirs, blocks))),
  );
  return together(...answers, repository.length > organization.length ? "tighter" : "same");
}

const compareEntry = (ours: Entry, theirs: Entry, blocks: boolean): Direction =>
  together(
    moreIsTighter(ours.approvals, theirs.approvals),
    besideIf(blocks && mayNameOutsiders(ours), fewerPeopleAreTighter(ours, theirs)),
  );

function best(directions: readonly Direction[]): Direction {
  const order: readonly Direction[] = ["same", "tighter", "beside"];
  return order.find((direction) => directions.includes(direction)) ?? "looser";
}
