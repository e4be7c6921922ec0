import { z } from "zod";
import { deployment } from "#core/facts/deployment.ts";
import { account, roleOf, teamMembers } from "#core/facts/people.ts";
import { pullRequest } from "#core/facts/pull-request.ts";
import { type Actors, hasAtLeast, type Person } from "#core/model/actor.ts";
import type { ListedFactRef } from "#core/model/fact.ts";
import { everyRequester } from "#core/deployments/requester.ts";
import type { Ask } from "#core/facts/ask.ts";
import { isAccount, isMember, sameLogin } from "#core/people/who-is-among.ts";
import { actorsSchema } from "../actors-schema.ts";
import { allOf, anyOf, definePredicate, type Test } from "./predicate.ts";
import { login, oneOrMany } from "#core/rules/kit/written.ts";

export const people: z.ZodType<Actors> = z.union([
  oneOrMany(login).transform((users): Actors => ({ users })),
  actorsSchema,
]);

export function usesOf(actors: Actors): readonly ListedFactRef[] {
  return [
    ...(actors.users === undefined ? [] : [account]),
    ...(actors.teams === undefined ? [] : [teamMembers]),
    ...(actors.roles === undefined ? [] : [roleOf]),
  ];
}

/** Accounts are compared, also where the login reads the same: it may be somebody else's by now. An App goes by its bare name too. */
function isNamed(person: Person, named: string, ask: Ask): Test {
  const bare = person.login.replace(/\[bot\]$/i, "");
  const own = `${bare}[bot]`;
  const isOwnBot = person.type === "Bot" && [bare, own].some((each) => sameLogin(each, named));
  return isAccount(person, isOwnBot ? own : named, ask);
}

export function isOneOf(person: Person | null, actors: Actors, owner: string, ask: Ask): Test {
  // A deleted account is nobody's login, in no team and without a role.
  if (person === null) return false;
  return anyOf([
    ...(actors.users ?? []).map((named) => isNamed(person, named, ask)),
    ...(actors.teams ?? []).map((team) => isMember(person, team, owner, ask)),
    ...(actors.roles === undefined ? [] : [holdsOneOf(person, actors.roles, ask)]),
  ]);
}

function holdsOneOf(person: Person, minimums: NonNullable<Actors["roles"]>, ask: Ask): Test {
  const held = ask(roleOf.need(person));
  return held === undefined ? undefined : minimums.some((minimum) => hasAtLeast(held, minimum));
}

export const authors = definePredicate<Actors>({
  name: "authors",
  summary: "Who opened the pull request: logins, or {users, teams, roles}.",
  params: people,
  gates: ["pull_request"],
  otherwise: "silent",
  needs: (actors) => [pullRequest, ...usesOf(actors)],
  test: (actors, { owner }, ask) => {
    const opened = ask(pullRequest.need());
    return opened === undefined ? undefined : isOneOf(opened.author, actors, owner, ask);
  },
});

export const actors = definePredicate<Actors>({
  name: "actors",
  summary:
    "Who asked for the deployment, or re-ran it (nobody for a scheduled run): logins, or {users, teams, roles}.",
  params: people,
  gates: ["deployment"],
  otherwise: false,
  needs: (named) => [deployment, ...usesOf(named)],
  test: (named, { owner, isNegated }, ask) => {
    const asked = ask(deployment.need());
    if (asked === undefined) return undefined;
    const answers = everyRequester(asked).map((person) => isOneOf(person, named, owner, ask));
    // What is kept from some people's deployments must not be reached by running one of theirs again.
    return isNegated === true ? allOf(answers) : anyOf(answers);
  },
});
