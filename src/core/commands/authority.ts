import type { Actors, Role } from "#core/model/actor.ts";
import { isAgent } from "#core/people/agents.ts";
import { actorNames, isAmong } from "#core/people/who-is-among.ts";
import { either } from "#core/text/phrases.ts";
import type { Call, Grant } from "./command.ts";
import { inert } from "#core/text/markdown.ts";

export const grantTo = (actors: Actors, over: Partial<Grant> = {}): Grant => ({
  actors,
  author: false,
  of: null,
  ...over,
});
export const toRole = (role: Role, over: Partial<Grant> = {}): Grant =>
  grantTo({ roles: [role] }, over);

type Asking = Pick<Call, "actor" | "ask"> & {
  readonly context: Pick<Call["context"], "owner" | "author">;
  readonly policy: Pick<Call["policy"], "agents">;
};

/**
 * Whether one of the grants is theirs, for what opens a gate: a coding agent has no such right, whatever account it acts
 * with, because nobody answers for what it was talked into.
 */
export const mayUse = (call: Asking, grants: readonly Grant[]): boolean | undefined =>
  isAgent(call.actor, call.policy.agents) ? false : mayStop(call, grants);

/**
 * The same for what stops or asks again, agents included. People are compared by id, and asked about now: names and
 * yesterday's rights prove nothing.
 */
export function mayStop(
  call: Omit<Asking, "policy">,
  grants: readonly Grant[],
): boolean | undefined {
  const answers = grants.map(({ actors, author }) => {
    if (author && call.context.author?.id === call.actor.id) return true;
    return isAmong({ person: call.actor, canPush: null }, actors, call.context.owner, call.ask);
  });
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

/** "@acme/security, @bob or people with the role maintain", as a reader of Markdown sees it. */
export function grantWords(grants: readonly Grant[], owner: string): string {
  const names = grants.flatMap(({ actors, author }) => [
    ...actorNames(actors, owner),
    ...(author ? ["the author of the pull request"] : []),
  ]);
  return inert(either([...new Set(names)]), 600);
}
