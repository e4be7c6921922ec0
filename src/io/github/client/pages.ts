import type { ZodType } from "zod";
import type { GitHub } from "./client.ts";
import { GitHubError } from "./github-error.ts";
import type { As, BuiltRequest, RestAnswer } from "./requests.ts";

export interface PageOptions {
  /** More pages than this are "incomplete": a part is never taken for the whole, unless a part was asked for. */
  readonly maxPages: number;
  /** Nothing after `maxPages` is wanted. */
  readonly partWillDo?: boolean;
  /** Stops early when the caller has seen enough. */
  readonly until?: () => boolean;
  /** How many items GitHub says there are, once a page was taken; fewer in the end are "incomplete". */
  readonly total?: () => number | null;
}

const fullPage = 100;

/** A server that sends no `Link` headers is asked for the following page while pages are full. */
function followingPage(url: string): string {
  const next = new URL(url);
  next.searchParams.set("page", String(Number(next.searchParams.get("page") ?? "1") + 1));
  return next.href;
}

/** Reads a REST list page by page (ask for `per_page: 100`), handing each page to `take`, which answers its length. */
export async function eachPage<P>(
  github: GitHub,
  as: As,
  first: BuiltRequest,
  schema: ZodType<P>,
  take: (page: P) => number,
  options: PageOptions,
): Promise<void> {
  let request = first;
  let taken = 0;
  for (let page = 1; ; page += 1) {
    const answer = await github.rest(as, request, schema);
    const length = take(answer.data);
    taken += length;
    if (options.until?.() === true) return;
    const total = options.total?.() ?? null;
    const isShort = total !== null && taken < total;
    const numbered =
      !answer.linked &&
      (length >= fullPage || (isShort && length > 0)) &&
      !request.url.includes("cursor=");
    const next = answer.next ?? (numbered ? followingPage(request.url) : null);
    if (next === null && !isShort) return;
    if (next === null)
      throw new GitHubError(
        "incomplete",
        `the list at ${new URL(first.url).pathname} has ${total} items, of which GitHub shows ${taken}`,
      );
    if (page >= options.maxPages && options.partWillDo === true) return;
    if (page >= options.maxPages)
      throw new GitHubError(
        "incomplete",
        `the list at ${new URL(first.url).pathname} is longer than ${options.maxPages} pages`,
      );
    request = { ...first, url: next };
  }
}

/** All items of a plain list. */
export async function everyPage<T>(
  github: GitHub,
  as: As,
  first: BuiltRequest,
  schema: ZodType<readonly T[]>,
  maxPages: number,
): Promise<readonly T[]> {
  const all: T[] = [];
  await eachPage(
    github,
    as,
    first,
    schema,
    (page) => {
      all.push(...page);
      return page.length;
    },
    { maxPages },
  );
  return all;
}

/** A list that has its items under a name and counts them: all of them, or "incomplete". It is read again once, for it may have changed meanwhile. */
export async function everyCounted<P, T extends { readonly id: number }>(
  github: GitHub,
  as: As,
  first: BuiltRequest,
  schema: ZodType<P>,
  look: (page: P) => { readonly items: readonly T[]; readonly total: number | null | undefined },
  maxPages: number,
): Promise<readonly T[]> {
  const read = async (): Promise<readonly T[]> => {
    const all = new Map<number, T>();
    let total: number | null = null;
    await eachPage(
      github,
      as,
      first,
      schema,
      (page) => {
        const { items, total: said } = look(page);
        const before = all.size;
        total = said ?? total;
        for (const item of items) all.set(item.id, item);
        // One that stands on two pages, because the list shifted or the server knows no pages, is one.
        return all.size - before;
      },
      { maxPages, total: () => total },
    );
    return [...all.values()];
  };
  try {
    return await read();
  } catch (error) {
    if (error instanceof GitHubError && error.code === "incomplete") return read();
    throw error;
  }
}

/** A list that is paged by `Link` headers or not at all, however long it is. */
export async function everyLinked<T>(
  github: GitHub,
  as: As,
  first: BuiltRequest,
  schema: ZodType<readonly T[]>,
  maxPages: number,
  look: (answer: RestAnswer<readonly T[]>) => void = () => undefined,
): Promise<readonly T[]> {
  const all: T[] = [];
  let url: string | null = first.url;
  for (let page = 1; url !== null; page += 1) {
    if (page > maxPages)
      throw new GitHubError(
        "incomplete",
        `the list at ${new URL(first.url).pathname} is longer than ${maxPages} pages`,
      );
    const answer: RestAnswer<readonly T[]> = await github.rest(as, { ...first, url }, schema);
    all.push(...answer.data);
    look(answer);
    url = answer.next;
  }
  return all;
}
