import { softly } from "#core/facts/if-readable.ts";
import { codeOwner, refusedOwners } from "#core/facts/reviews.ts";
import type { Person } from "#core/model/actor.ts";
import type { Ask } from "#core/facts/ask.ts";
import { emptied, nameOf, unseen } from "../kit/people/who-is-left.ts";
import { sameLogin } from "#core/people/who-is-among.ts";
import type { OwnedFiles } from "./code-owners.ts";
import type { ReviewsParams } from "./params.ts";

/** Of the owners of files: who can approve, and why the others cannot. */
export interface OwnersLeft {
  readonly able: readonly string[];
  readonly obstacles: readonly string[];
}

export interface OwnersQuestion {
  readonly files: OwnedFiles;
  readonly params: ReviewsParams;
  readonly barred: readonly Person[];
  readonly owner: string;
  /** Whether members of teams are worth a call now. */
  readonly isWorthACall: boolean;
}

const because = "worked on this change";

/**
 * Whether the owners can approve at all. GitHub itself tells which owners it does not take; those whom the policy counts
 * may all the same. `undefined` while something has not been read.
 */
export function ownersLeft(question: OwnersQuestion, ask: Ask): OwnersLeft | undefined {
  const refused = ask(softly(refusedOwners.need()));
  if (refused === undefined) return undefined;
  const isRefused = (owner: string): boolean =>
    refused.told &&
    refused.value.some((other) => sameLogin(other, owner)) &&
    !isCounted(owner, question);
  const why = question.files.owners.map((owner) => ({
    owner,
    why: isTeam(owner)
      ? whyNotTeam(owner, isRefused(owner), question, ask)
      : whyNotPerson(owner, isRefused(owner), question, ask),
  }));
  if (why.some((each) => each.why === undefined)) return undefined;
  return {
    able: why.filter((each) => each.why === null).map(({ owner }) => owner),
    obstacles: why.flatMap((each) => each.why ?? []),
  };
}

const isTeam = (owner: string): boolean => owner.includes("/");

const noAccess = (owner: string): string =>
  `${owner} has no write access: an administrator gives it at Settings → Collaborators and teams`;

function whyNotTeam(
  named: string,
  isRefused: boolean,
  { barred, isWorthACall }: OwnersQuestion,
  ask: Ask,
): string | null | undefined {
  if (!isRefused && !isWorthACall) return null;
  const members = ask(softly(codeOwner.need(named)));
  if (members === undefined) return undefined;
  if (!members.told && members.code === "not_found") return unseen(named);
  if (isRefused) return noAccess(named);
  if (!members.told) return null;
  return emptied(
    named,
    members.value ?? [],
    (member) => barred.some(({ id }) => id === member.id),
    because,
  );
}

function whyNotPerson(
  named: string,
  isRefused: boolean,
  { barred }: OwnersQuestion,
  ask: Ask,
): string | null | undefined {
  const login = named.slice(1);
  if (barred.some((person) => named.startsWith("@") && sameLogin(person.login, login)))
    return `${named} ${because} and cannot approve it: somebody else has to own it too`;
  if (!isRefused) return null;
  const found = ask(softly(codeOwner.need(named)));
  if (found === undefined) return undefined;
  return found.told && found.value === null
    ? `GitHub knows no account ${named}: somebody corrects the name in CODEOWNERS`
    : noAccess(named);
}

/** Whom the policy itself counts, needs no write access. */
function isCounted(named: string, { params, owner }: OwnersQuestion): boolean {
  return [params, ...(params.each ?? [])].some(
    ({ users, teams, roles }) =>
      (users ?? []).some((login) => sameLogin(`@${login}`, named)) ||
      (teams ?? []).some((team) => sameLogin(nameOf(team, owner), named)) ||
      (roles ?? []).some((role) => ["none", "read", "triage"].includes(role)),
  );
}
