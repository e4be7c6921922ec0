import { commits, pullRequest, pushers } from "#core/facts/pull-request.ts";
import type { Ask } from "#core/facts/ask.ts";
import type { Actors, Person } from "#core/model/actor.ts";
import { isOfKinds, kindsOfAuthor, type KindOfAuthor } from "#core/people/agents.ts";
import { oneOf } from "#core/text/meanings.ts";
import { contributorsTo, peopleOfChange } from "#core/people/contributors.ts";
import { moreIsWider, oneOrMany } from "#core/rules/kit/written.ts";
import { isOneOf, people, usesOf } from "./people.ts";
import { allOf, anyOf, definePredicate, type Test } from "./predicate.ts";

const used = [pullRequest, commits, pushers] as const;

/** To restrict, one matching contributor is enough; to exempt, under `not`, all contributors must match. */
function ofContributors(
  isNegated: boolean | undefined,
  holds: (person: Person) => Test,
  ask: Ask,
): Test {
  const pull = ask(pullRequest.need());
  const written = ask(commits.need());
  const pushed = ask(pushers.need());
  if (pull === undefined) return undefined;
  const everybody = contributorsTo([peopleOfChange(pull, written ?? [], pushed ?? [])]);
  const answers = [...everybody.values()].map(({ person }) => holds(person));
  const isWhole = written !== undefined && pushed !== undefined;
  const whole: readonly Test[] = isWhole ? answers : [...answers, undefined];
  return isNegated === true ? allOf(whole) : anyOf(whole);
}

export const contributors = definePredicate<Actors>({
  name: "contributors",
  summary:
    "Anybody who opened, wrote, co-wrote, committed or pushed it, or asked an agent for it; under `not`, all of them: logins, globs on them, or {users, teams, roles}.",
  params: people.meta({ examples: ["octocat", { teams: ["contractors"] }] }),
  gates: ["pull_request"],
  otherwise: "silent",
  needs: (actors) => [...used, ...usesOf(actors)],
  test: (actors, context, ask) =>
    ofContributors(context.isNegated, (person) => isOneOf(person, actors, context, ask), ask),
});

export const authorIs = definePredicate<readonly KindOfAuthor[]>({
  name: "author_is",
  summary:
    "Whether the opener or any contributor is a person, a bot, or a coding agent (which is no bot here); under `not`, all of them.",
  params: oneOrMany(
    oneOf(kindsOfAuthor, {
      person: "A person.",
      bot: "An App's account, or a user account that is a bot.",
      agent: "A coding agent: one of policies/agents.yml, or of `agents`.",
    }),
  ),
  gates: ["pull_request"],
  otherwise: "silent",
  needs: () => used,
  test: (kinds, { agents = [], unprovenAgents = [], isNegated = false }, ask) => {
    const lists = { listed: agents, unproven: unprovenAgents };
    return ofContributors(
      isNegated,
      (person) => isOfKinds(person, kinds, lists, { isNegated }),
      ask,
    );
  },
  wider: moreIsWider,
});
