import type { RepositoryRecord } from "#core/ports/repository.ts";
import { scrubber } from "#flow/publish/for-readers.ts";
import type { Deps } from "#flow/deps.ts";

function textsIn(value: unknown, found: string[]): readonly string[] {
  if (typeof value === "string") found.push(value);
  else if (typeof value === "object" && value !== null)
    for (const each of Object.values(value)) textsIn(each, found);
  return found;
}

/** The same value with every text in it changed: what has other than texts, lists and plain objects in it is kept. */
export function withTextsChanged<T>(value: T, change: (text: string) => string): T {
  const walk = (each: unknown): unknown => {
    if (typeof each === "string") return change(each);
    if (Array.isArray(each)) return each.map(walk);
    if (typeof each === "object" && each !== null)
      return Object.fromEntries(Object.entries(each).map(([key, inner]) => [key, walk(inner)]));
    return each;
  };
  return walk(value) as T;
}

/** In place of what may have been recorded for fewer readers than there are now. */
export const notForEveryone =
  "Not shown: it was recorded before the repository was public, or nobody can tell.";

/** Texts of ours and of people; what GitHub itself shows of the subject stays. */
const told: ReadonlySet<string> = new Set([
  "title",
  "description",
  "found",
  "required",
  "need",
  "next",
  "reason",
  "because",
]);
const toldLists: ReadonlySet<string> = new Set(["differs", "warnings", "evidence", "caughtBy"]);

function withoutTexts<T>(value: T): T {
  const walk = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(walk);
    if (typeof each !== "object" || each === null) return each;
    return Object.fromEntries(
      Object.entries(each).map(([key, inner]) => {
        if (told.has(key) && typeof inner === "string" && inner !== "")
          return [key, notForEveryone];
        if (toldLists.has(key) && Array.isArray(inner)) return [key, []];
        return [key, walk(inner)];
      }),
    );
  };
  return walk(value) as T;
}

/**
 * What was recorded at that instant as everybody who may read the repository now may see it: a repository that became
 * public shows no text of its private time.
 */
export const asRecordedFor = <T>(
  { private: isPrivate, publicSince }: Pick<RepositoryRecord, "private" | "publicSince">,
  at: number,
  view: T,
): T => (isPrivate || (publicSince !== undefined && at >= publicSince) ? view : withoutTexts(view));

/** A view of one repository as everybody who may read it may see it: no secret team is named in a public one. */
export async function forReadersOf<T>(
  { github }: Pick<Deps, "github">,
  repository: RepositoryRecord,
  view: T,
): Promise<T> {
  if (repository.private) return view;
  return withTextsChanged(view, await scrubber(github, repository, textsIn(view, [])));
}

/**
 * For lists, without a question to GitHub: in a public repository a team of its owner is named to those who are in it,
 * and to nobody else.
 */
export function namingOwnTeams(
  repository: Pick<RepositoryRecord, "private" | "owner">,
  teams: readonly string[],
): (text: string) => string {
  if (repository.private) return (text) => text;
  return (text) =>
    text.replaceAll(
      /@([A-Za-z0-9][A-Za-z0-9-]{0,38})\/([\w.-]{1,255})(?: \([^()|\n]*\))?/g,
      (whole, owner: string, slug: string) =>
        owner.toLowerCase() !== repository.owner.toLowerCase() ||
        teams.includes(`${owner}/${slug}`.toLowerCase().replace(/[.-]+$/, ""))
          ? whole
          : "a team of the organisation",
    );
}
