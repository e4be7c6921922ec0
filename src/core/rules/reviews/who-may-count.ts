import type { Person } from "#core/model/actor.ts";
import type { Ask } from "#core/facts/ask.ts";
import { isAgent } from "#core/people/agents.ts";
import { type Candidate, isAmong, sameLogin } from "#core/people/who-is-among.ts";
import type { PolicyContext } from "../kit/rule.ts";
import { countedActors, type ReviewsParams } from "./params.ts";

/** What a reviewer's approval counts for: the total, and each entry of `each`. */
export interface ApproverEligibility {
  readonly total: boolean;
  readonly entries: readonly boolean[];
}

/** Only people count, and bots that the policy names (threat T9): but never a coding agent, whatever account it has. */
export function whyNotAPerson(
  person: Person,
  bots: ReviewsParams["bots"],
  agents: readonly string[] | undefined,
): string | null {
  if (isAgent(person, agents)) return "is a coding agent";
  switch (person.type) {
    case "User":
      return null;
    case "Bot":
      return isListed(person, bots) ? null : "is a bot";
    case "Organization":
    case "Mannequin":
      return "is no person";
  }
}

/**
 * Rights are those of now (threat T10): an approver who lost write access or left the team does not count any more.
 * People named through `users` and `teams` count as the policy says; without any list, write access is asked for.
 */
export function eligibilityOf(
  candidate: Candidate,
  params: ReviewsParams,
  owner: string,
  ask: Ask,
): ApproverEligibility | undefined {
  const total = countsTowardsTotal(candidate, params, owner, ask);
  const entries = (params.each ?? []).map((entry) => isAmong(candidate, entry, owner, ask));
  const known = entries.filter((is) => is !== undefined);
  return total === undefined || known.length < entries.length
    ? undefined
    : { total, entries: known };
}

/** Whether a request for changes by this person blocks: people with write access, and everybody else who may count. */
export function mayBlock(
  candidate: Candidate,
  params: ReviewsParams,
  { owner, agents }: Pick<PolicyContext, "owner" | "agents">,
  ask: Ask,
): boolean | undefined {
  if (whyNotAPerson(candidate.person, params.bots, agents) !== null) return false;
  if (candidate.canPush) return true;
  const eligibility = eligibilityOf(candidate, params, owner, ask);
  return eligibility && (eligibility.total || eligibility.entries.includes(true));
}

function countsTowardsTotal(
  candidate: Candidate,
  params: ReviewsParams,
  owner: string,
  ask: Ask,
): boolean | undefined {
  const namesNobody =
    params.users === undefined && params.teams === undefined && params.roles === undefined;
  // Apps hold permissions, not roles: a bot that the policy lists counts by being listed.
  if (namesNobody && candidate.person.type === "Bot") return true;
  return isAmong(candidate, countedActors(params), owner, ask);
}

/** GraphQL leaves out the suffix that REST adds to the logins of apps. */
function isListed(bot: Person, bots: ReviewsParams["bots"]): boolean {
  return bots.some((listed) =>
    typeof listed === "number"
      ? listed === bot.id
      : sameLogin(withoutSuffix(listed), withoutSuffix(bot.login)),
  );
}

const withoutSuffix = (login: string): string =>
  login.endsWith("[bot]") ? login.slice(0, -"[bot]".length) : login;
