import type { DeployedContributors } from "#core/model/deployed-contributors.ts";
import type { Person } from "#core/model/actor.ts";
import type { Subject } from "#core/model/subject.ts";
import { contributorsTo, namesNobody, type PeopleOfChange } from "#core/people/contributors.ts";
import {
  contributorsOfDeployment,
  type DeployedChange,
  handIn,
} from "#core/people/deployed-contributors.ts";
import { commitsOut, tellsPullRequest } from "./changes-out.ts";
import { askedByOf, commitFactsOf, earlierOf, pushersOf } from "./pull-request.ts";
import type { World } from "./world.ts";

/** The people of the pull request, the same as the live gate reads. */
const peopleTold = (world: World): PeopleOfChange => ({
  opener: world.author,
  commits: commitFactsOf(world),
  pushers: pushersOf(world),
  earlier: earlierOf(world),
  asked: askedByOf(world),
});

/**
 * Everybody behind what goes out. Plain words tell of one pull request, so everybody who had a hand in it had one in every
 * pull request that is named; where none is told, `changes` alone say whose it is, and no default stands for its opener.
 */
export function contributorsOut(world: World): DeployedContributors {
  const commits = commitsOut(world);
  const { changes, pull_request: told } = world.given;
  const isTold = tellsPullRequest(world);
  const named = new Map<number, string[]>();
  for (const [index, change] of (changes ?? []).entries()) {
    const sha = commits[index]?.sha;
    if (change.pull_request !== undefined && sha !== undefined)
      named.set(change.pull_request, [...(named.get(change.pull_request) ?? []), sha]);
  }
  const own = told?.number ?? [...named.keys()][0] ?? 1;
  if (isTold && !named.has(own))
    named.set(own, changes === undefined ? commits.map(({ sha }) => sha) : []);
  const pulls = [...named].map(([number, shas]): DeployedChange => {
    const out = commits
      .filter(({ sha }) => shas.includes(sha))
      .map(({ people }) => ({ authors: people, committer: null }));
    return isTold
      ? {
          number,
          shas,
          ...peopleTold(world),
          commits: [...commitFactsOf(world), ...out],
        }
      : { number, shas, opener: null, commits: out, pushers: [], earlier: [], asked: [] };
  });
  return contributorsOfDeployment(commits, pulls);
}

/**
 * Whether the person is a contributor to what is judged, or asked for the deployment. If it is unknown whose change
 * it is, everybody counts as one.
 */
export function hadHandIn(person: Person, world: World, subject: Subject): boolean {
  if (subject.kind !== "deployment") {
    const told = peopleTold(world);
    return namesNobody(told) || contributorsTo([told]).has(person.id);
  }
  const { actor, triggered_by: again } = world.given.deployment ?? {};
  if (
    [actor ?? "", again ?? ""].some((login) => login !== "" && world.person(login).id === person.id)
  )
    return true;
  const out = contributorsOut(world);
  return out.untold.length > 0 || handIn(out, person) !== null;
}
