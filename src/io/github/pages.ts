import type { ZodType } from "zod";
import type { GitHub } from "./client.ts";
import { GitHubError } from "./github-error.ts";
import type { As, BuiltRequest } from "./requests.ts";

export interface PageOptions {
  /** More pages than this are "incomplete": a part is never taken for the whole. */
  readonly maxPages: number;
  /** Stops early when the caller has seen enough. */
  readonly until?: () => boolean;
}

const fullPage = 100;

/** A server that sends no `Link` headers is asked for the following page while pages are full. */
function followingPage(url: string): string {
  const next = new URL(url);
  next.searchParams.set("page", String(Number(next.searchParams.get("page") ?? "1") + 1));
  return next.href;
}

/** Reads a REST list page by page (ask for `per_page: 100`), handing each page to `take`, which answers its length. */
export async function eachPage<P>(github: GitHub, as: As, first: BuiltRequest, schema: ZodType<P>, take: (page: P) => number, options: PageOptions): Promise<void> {
  let request = first;
  for (let page = 1; ; page += 1) {
    const answer = await github.rest(as, request, schema);
    const length = take(answer.data);
    if (options.until?.() === true) return;
    const numbered = !answer.linked && length >= fullPage && !request.url.includes("cursor=");
    const next = answer.next ?? (numbered ? followingPage(request.url) : null);
    if (next === null) return;
    if (page >= options.maxPages) throw new GitHubError("incomplete", `the list at ${new URL(first.url).pathname} is longer than ${options.maxPages} pages`);
    request = { ...first, url: next };
  }
}

/** All items of a plain list. */
export async function everyPage<T>(github: GitHub, as: As, first: BuiltRequest, schema: ZodType<readonly T[]>, maxPages: number): Promise<readonly T[]> {
  const all: T[] = [];
  await eachPage(github, as, first, schema, (page) => {
    all.push(...page);
    return page.length;
  }, { maxPages });
  return all;
}
