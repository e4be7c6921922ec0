import { z, type ZodType } from "zod";
import { GatehouseError } from "#core/model/errors.ts";
import { GitHubError } from "./github-error.ts";

/** One page of a GraphQL list. */
export interface Page<T> {
  readonly totalCount: number;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly endCursor?: string | null | undefined;
  };
  readonly nodes: readonly T[];
}

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() });

/** The shape of a page of such nodes. Made once for each list, at the top of its module: making a schema costs more than reading by it. */
export function connection<T>(node: ZodType<T>): ZodType<Page<T>> {
  return z.object({ totalCount: z.number(), pageInfo, nodes: z.array(node) });
}

/** A part of the overview in its documented shape; null when it is missing or of another. */
export function part<T>(schema: ZodType<T>, raw: unknown): T | null {
  if (raw === undefined) return null;
  const result = schema.safeParse(raw);
  return result.success ? result.data : null;
}

/** More than this many pages of 100 are not read: "incomplete". */
const mostPages = 50;

/**
 * A whole list from its first page on. Lists shift while they are paged: a list whose length is not the promised one
 * is read once more from the start, and then given up. A part is never taken for the whole.
 */
export async function completed<T>(
  what: string,
  first: Page<T> | null,
  more: (after: string | null) => Promise<Page<T>>,
): Promise<readonly T[]> {
  for (const start of [first, null]) {
    const all: T[] = [];
    let page = start ?? (await more(null));
    const promised = page.totalCount;
    all.push(...page.nodes);
    for (let count = 1; page.pageInfo.hasNextPage && page.nodes.length > 0; count += 1) {
      if (count >= mostPages)
        throw new GitHubError("incomplete", `${what}: more than ${mostPages * 100}`);
      page = await more(page.pageInfo.endCursor ?? null);
      all.push(...page.nodes);
    }
    if (all.length === promised && page.totalCount === promised && !page.pageInfo.hasNextPage)
      return all;
  }
  throw new GitHubError("incomplete", `${what}: GitHub showed only a part of the list`);
}

/**
 * Whether what GraphQL answered says nothing about the subject, so that REST may still answer: errors in place of data, a
 * part of it, another shape. A limit or an outage is no such answer: it is waited for.
 */
export function anotherDoorMayOpen(error: unknown): boolean {
  if (!(error instanceof GatehouseError)) return false;
  if (error.code === "unavailable") return error instanceof GitHubError && error.status === 200;
  return error.code === "invalid" || error.code === "forbidden" || error.code === "not_found";
}

/** Whether trying another API can help: the answer was unusable, or its list was not whole. */
export const isUnusable = (error: unknown): boolean =>
  anotherDoorMayOpen(error) || (error instanceof GatehouseError && error.code === "incomplete");
