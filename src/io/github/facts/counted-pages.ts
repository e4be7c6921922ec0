import type { ZodType } from "zod";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import type { As, BuiltRequest } from "../client/requests.ts";

/** How many pages of one list are asked for at a time. */
const atOnce = 8;

/**
 * A REST list whose length is known beforehand, its pages read side by side. null when the list is not of that length:
 * it changed, and `expected` has to be asked for again.
 */
export async function countedPages<P, T>(
  github: GitHub,
  as: As,
  page: (number: number) => BuiltRequest,
  schema: ZodType<P>,
  items: (page: P) => readonly T[],
  expected: number,
): Promise<readonly T[] | null> {
  const pages = Math.max(1, Math.ceil(expected / 100));
  const all: T[] = [];
  for (let from = 1; from <= pages; from += atOnce) {
    const numbers = Array.from(
      { length: Math.min(atOnce, pages - from + 1) },
      (_, index) => from + index,
    );
    const answers = await Promise.all(
      numbers.map((number) => github.rest(as, page(number), schema)),
    );
    for (const [index, answer] of answers.entries()) {
      all.push(...items(answer.data));
      if (numbers[index] === pages && answer.next !== null) return null;
    }
  }
  return all.length === expected ? all : null;
}

/** `read` twice at most; each time it learns the expected length anew. */
export async function readTwice<T>(
  what: string,
  read: () => Promise<readonly T[] | null>,
): Promise<readonly T[]> {
  const list = (await read()) ?? (await read());
  if (list === null)
    throw new GitHubError("incomplete", `${what}: the list kept changing while it was read`);
  return list;
}
