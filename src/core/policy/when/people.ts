import { z } from "zod";
import { deployment } from "#core/facts/deployment.ts";
import { account, roleOf, teamMembers } from "#core/facts/people.ts";
import { pullRequest } from "#core/facts/pull-request.ts";
import { type Actors, hasAtLeast, type Person } from "#core/model/actor.ts";
import type { ListedFactRef } from "#core/model/fact.ts";
import { everyRequester } from "#core/deployments/requester.ts";
import type { Ask } from "#core/facts/ask.ts";
import { isOfAnyWorkflow } from "#core/people/agents.ts";
import { isLoginGlob, isMeantBy, loginsOf } from "#core/people/login-glob.ts";
import { isAccount, isMember, sameLogin } from "#core/people/who-is-among.ts";
import { actorsSchema } from "../actors-schema.ts";
import { allOf, anyOf, definePredicate, type Test } from "./predicate.ts";
import { loginGlob, oneOrMany } from "#core/rules/kit/written.ts";

export const people: z.ZodType<Actors> = z.union([
  oneOrMany(loginGlob).transform((users): Actors => ({ users })),
  actorsSchema,
]);

export function usesOf(actors: Actors): readonly ListedFactRef[] {
  return [
    ...(actors.users === undefined ? [] : [account]),
    ...(actors.teams === undefined ? [] : [teamMembers]),
    ...(actors.roles === undefined ? [] : [roleOf]),
  ];
}

interface Asked {
  readonly owner: string;
  /** Evaluated under `not`, so that a match exempts. */
  readonly isNegated?: boolean | undefined;
}

/**
 * A glob exempts Apps only, and not the account that every workflow acts with: anybody can register a matching
 * login or let a workflow do the work. Where it restricts, it matches everybody whose login fits.
 */
const isMeant = (person: Person, glob: string, isNegated: boolean): boolean =>
  isMeantBy(glob, person) && !(isNegated && (person.type !== "Bot" || isOfAnyWorkflow(person)));

/**
 * Accounts are compared by id even if the login is equal, since logins are reused. An App is also known by its name
 * without suffix.
 */
function isNamed(person: Person, named: string, ask: Ask): Test {
  const own = loginsOf(person);
  const isOwnBot = person.type === "Bot" && own.some((each) => sameLogin(each, named));
  return isAccount(person, isOwnBot ? (own.at(-1) ?? named) : named, ask);
}

export function isOneOf(
  person: Person | null,
  actors: Actors,
  { owner, isNegated = false }: Asked,
  ask: Ask,
): Test {
  // A deleted account has no login, team or role.
  if (person === null) return false;
  return anyOf([
    ...(actors.users ?? []).map((named) =>
      isLoginGlob(named) ? isMeant(person, named, isNegated) : isNamed(person, named, ask),
    ),
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
  summary: "Who opened the pull request: logins, globs on them, or {users, teams, roles}.",
  params: people.meta({ examples: ["dependabot[bot]", { teams: ["interns"] }] }),
  gates: ["pull_request"],
  otherwise: "silent",
  needs: (actors) => [pullRequest, ...usesOf(actors)],
  test: (actors, context, ask) => {
    const opened = ask(pullRequest.need());
    return opened === undefined ? undefined : isOneOf(opened.author, actors, context, ask);
  },
});

export const actors = definePredicate<Actors>({
  name: "actors",
  summary:
    "Who asked for the deployment, or re-ran it (nobody for a scheduled run): logins, globs on them, or {users, teams, roles}.",
  params: people.meta({ examples: ["release-bot", { teams: ["release-managers"] }] }),
  gates: ["deployment"],
  otherwise: false,
  needs: (named) => [deployment, ...usesOf(named)],
  test: (named, context, ask) => {
    const asked = ask(deployment.need());
    if (asked === undefined) return undefined;
    const answers = everyRequester(asked).map((person) => isOneOf(person, named, context, ask));
    // A restriction on some people's deployments must not be avoided when others re-run them.
    return context.isNegated === true ? allOf(answers) : anyOf(answers);
  },
});
