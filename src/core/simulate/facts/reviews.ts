import { z } from "zod";
import { account, roleOf, teamMembers } from "#core/facts/people.ts";
import {
  codeOwner,
  codeOwnersFile,
  reviews,
  reviewThreads,
  sameDiff,
  type ReviewFact,
} from "#core/facts/reviews.ts";
import { hasAtLeast } from "#core/model/actor.ts";
import { noParams, simulateFact } from "./simulated-fact.ts";

/** A deleted account is nobody any more, and neither is somebody who is not named. */
const isSomebody = (login: string | null | undefined): login is string =>
  login !== null && login !== undefined;

export const reviewFacts = {
  reviews: simulateFact(reviews, noParams, (_params, world) => {
    const given = world.given.reviews ?? [];
    return given
      .filter(({ state, at }) => state !== "approved" || at === undefined || at <= world.now)
      .map((review, index): ReviewFact => ({
        by: isSomebody(review.by) ? world.person(review.by) : null,
        state: review.state,
        commitSha: review.commit === undefined ? world.headSha : review.commit,
        submittedAt: review.at ?? world.instantOf(index, given.length),
        canPush: isSomebody(review.by) && hasAtLeast(world.roleOf(review.by), "write"),
      }))
      .toSorted((a, b) => a.submittedAt - b.submittedAt);
  }),
  reviewThreads: simulateFact(reviewThreads, noParams, (_params, { given: words }) => {
    const unresolved = words.threads?.unresolved ?? 0;
    return { unresolved, total: Math.max(unresolved, words.threads?.total ?? 0) };
  }),
  sameDiff: simulateFact(sameDiff, z.string(), (sha, world) => {
    const same = sha === world.headSha || (world.given.same_diff ?? []).includes(sha);
    return {
      same,
      changedPaths: same ? [] : (world.given.pull_request?.files ?? []).map((file) => file.path),
    };
  }),
  codeOwnersFile: simulateFact(codeOwnersFile, noParams, (_params, { given: words }) =>
    typeof words.codeowners === "string"
      ? { path: ".github/CODEOWNERS", text: words.codeowners }
      : null,
  ),
  codeOwner: simulateFact(codeOwner, z.string(), (owner, { person, membersOf }) => {
    const name = owner.slice(1);
    if (name.includes("/")) return membersOf(name);
    const found = person(name);
    return found === null ? null : [found];
  }),
  account: simulateFact(account, z.string(), (login, { person }) => person(login)),
  roleOf: simulateFact(
    roleOf,
    z.object({ id: z.number(), login: z.string() }),
    ({ login }, world) => world.roleOf(login),
  ),
  teamMembers: simulateFact(teamMembers, z.string(), (team, { membersOf }) => membersOf(team)),
};
