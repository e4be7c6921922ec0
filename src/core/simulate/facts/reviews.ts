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
import { definePlainFact, noParams, type PlainFact } from "./plain-fact.ts";

/** A deleted account is nobody any more, and neither is somebody who is not named. */
const isSomebody = (login: string | null | undefined): login is string =>
  login !== null && login !== undefined;

export const reviewFacts: readonly PlainFact[] = [
  definePlainFact(reviews, noParams, (_params, world) => {
    const given = world.words.reviews ?? [];
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
  definePlainFact(reviewThreads, noParams, (_params, { words }) => {
    const unresolved = words.threads?.unresolved ?? 0;
    return { unresolved, total: Math.max(unresolved, words.threads?.total ?? 0) };
  }),
  definePlainFact(sameDiff, z.string(), (sha, world) => {
    const same = sha === world.headSha || (world.words.same_diff ?? []).includes(sha);
    return {
      same,
      changedPaths: same ? [] : (world.words.pull_request?.files ?? []).map((file) => file.path),
    };
  }),
  definePlainFact(codeOwnersFile, noParams, (_params, { words }) =>
    typeof words.codeowners === "string"
      ? { path: ".github/CODEOWNERS", text: words.codeowners }
      : null,
  ),
  definePlainFact(codeOwner, z.string(), (owner, { person, membersOf }) => {
    const name = owner.slice(1);
    if (name.includes("/")) return membersOf(name);
    const found = person(name);
    return found === null ? null : [found];
  }),
  definePlainFact(account, z.string(), (login, { person }) => person(login)),
  definePlainFact(roleOf, z.string(), (login, world) => world.roleOf(login)),
  definePlainFact(teamMembers, z.string(), (team, { membersOf }) => membersOf(team)),
];
