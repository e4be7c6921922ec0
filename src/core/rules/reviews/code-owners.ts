import type { ChangedFile } from "#core/facts/pull-request.ts";
import { codeOwner, type CodeOwnersFact } from "#core/facts/reviews.ts";
import { boundedCache } from "#core/formats/bounded-cache.ts";
import { ownersFinder, parseCodeowners } from "#core/formats/codeowners.ts";
import type { Person } from "#core/model/actor.ts";
import { namesOf } from "../kit/changed-names.ts";
import type { Ask } from "#core/facts/ask.ts";
import { sameLogin } from "#core/people/who-is-among.ts";

/** Changed files that have the same owners; one approval by any of the owners is enough for all of them. */
export interface OwnedFiles {
  readonly owners: readonly string[];
  readonly paths: readonly string[];
}

/** One evaluation asks several times, and the pull requests of one repository share the file. */
const parsed = boundedCache(8, parseCodeowners);

/** The rounds of one evaluation pass the same objects, so 3,000 files are looked up once and not in every round. */
const answered = new WeakMap<
  readonly ChangedFile[],
  { readonly text: string; readonly groups: readonly OwnedFiles[] }
>();

/** Owned files of the change, under both names of a rename; files without owners need nobody. */
export function ownedFiles(
  file: CodeOwnersFact,
  changed: readonly ChangedFile[],
): readonly OwnedFiles[] {
  const known = answered.get(changed);
  if (known?.text === file.text) return known.groups;
  const groups = groupByOwners(file, changed);
  answered.set(changed, { text: file.text, groups });
  return groups;
}

function groupByOwners(
  file: CodeOwnersFact,
  changed: readonly ChangedFile[],
): readonly OwnedFiles[] {
  const ownersOf = ownersFinder(parsed(file.text));
  const groups = new Map<string, OwnedFiles & { readonly paths: string[] }>();
  // Lines of a file are few beside the files of a large change.
  const ofLine = new Map<readonly string[], OwnedFiles & { readonly paths: string[] }>();
  for (const path of changed.flatMap(namesOf)) {
    const owners = ownersOf(path)?.owners ?? [];
    if (owners.length === 0) continue;
    let group = ofLine.get(owners);
    if (group === undefined) {
      const key = [...owners]
        .map((owner) => owner.toLowerCase())
        .sort()
        .join(" ");
      group = groups.get(key) ?? { owners, paths: [] };
      groups.set(key, group);
      ofLine.set(owners, group);
    }
    group.paths.push(path);
  }
  return [...groups.values()];
}

/** What is wrong with the file. `unusable`: as a whole, so that who owns what is not known. */
export function codeOwnersProblems(file: CodeOwnersFact): {
  readonly unusable: string | null;
  readonly warnings: readonly string[];
} {
  const { problems } = parsed(file.text);
  const whole = problems.find(({ line }) => line === 0);
  const lines = problems
    .filter(({ line }) => line > 0)
    .map(({ line, message }) => `${file.path} line ${line}: ${message}`);
  return {
    unusable: whole === undefined ? null : `${file.path}: ${whole.message}`,
    warnings:
      lines.length > 3
        ? [...lines.slice(0, 3), `${file.path}: ${lines.length - 3} more lines with problems`]
        : lines,
  };
}

/**
 * Whether one of these people owns the files. A login, written in any case, only says whom to look at: who is behind it
 * is an account, told by its id, for logins are given up and taken by others.
 */
export function isOwnedByOneOf(
  files: OwnedFiles,
  people: readonly Person[],
  ask: Ask,
): boolean | undefined {
  const asked = files.owners.filter(
    (owner) =>
      isTeam(owner) ||
      (isUser(owner) && people.some((person) => sameLogin(owner.slice(1), person.login))),
  );
  // An account costs less than a team's members.
  const users = asked.filter(isUser).map((owner) => isOneOf(owner, people, ask));
  if (users.includes(true)) return true;
  if (users.includes(undefined)) return undefined;
  const teams = asked.filter(isTeam).map((owner) => isOneOf(owner, people, ask));
  if (teams.includes(true)) return true;
  return teams.includes(undefined) ? undefined : false;
}

function isOneOf(owner: string, people: readonly Person[], ask: Ask): boolean | undefined {
  const behind = ask(codeOwner.need(owner));
  if (behind === undefined) return undefined;
  return people.some((person) =>
    behind === null
      ? // No account under that login, and yet somebody acts under it now (an app's, say): then it is theirs.
        isUser(owner) && sameLogin(owner.slice(1), person.login)
      : behind.some(({ id }) => id === person.id),
  );
}

/** Owners without an approval under their written name, resolved: people under a newer login, or no account at all. */
export interface ResolvedOwners {
  readonly approved: boolean;
  readonly unresolvable: readonly string[];
}

/** The second look at files that no approver owns by name: logins are renamed, misspelt, and may be e-mail addresses. */
export function resolveOwners(
  files: OwnedFiles,
  approvers: readonly Person[],
  ask: Ask,
): ResolvedOwners | undefined {
  const users = files.owners.filter(isUser);
  const accounts = users.map((owner) => ask(codeOwner.need(owner)));
  if (accounts.includes(undefined)) return undefined;
  return {
    approved: accounts.some((found) =>
      found?.some(({ id }) => approvers.some((person) => person.id === id)),
    ),
    unresolvable: [
      ...users.filter((_, i) => accounts[i] === null),
      ...files.owners.filter((owner) => !isUser(owner) && !isTeam(owner)),
    ],
  };
}

/** Whether every owner is among those whose approval does not count. Teams may always have somebody else. */
export function areAllAmong(files: OwnedFiles, barred: readonly Person[]): boolean {
  return files.owners.every(
    (owner) => isUser(owner) && barred.some((person) => sameLogin(owner.slice(1), person.login)),
  );
}

const isTeam = (owner: string): boolean => owner.startsWith("@") && owner.includes("/");

const isUser = (owner: string): boolean => owner.startsWith("@") && !owner.includes("/");
