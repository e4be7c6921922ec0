import { GitHubError } from "./github-error.ts";
import type { BuiltRequest } from "./requests.ts";
import { send, TooLarge, TooLate, type Answer } from "./send.ts";

/** One HTTP exchange, read to its end. */
export type Exchanged = Answer;

/** Nothing came back: a time-out or a broken connection. What was sent may have arrived. */
export class NoAnswer extends Error {
  readonly timedOut: boolean;
  constructor(timedOut: boolean) {
    super(timedOut ? "no answer in time" : "the connection broke");
    this.name = "NoAnswer";
    this.timedOut = timedOut;
  }
}

export interface ExchangeOptions {
  readonly timeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
}

export const redirects: readonly number[] = [301, 302, 307, 308];
export const maxHops = 3;

export function headersOf(
  request: BuiltRequest,
  extra: Readonly<Record<string, string>>,
): Record<string, string> {
  const plain = Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
  return { ...Object.fromEntries(plain), ...extra };
}

/** What breaks on the way is no answer; its words may hold the request and are dropped. */
async function sendOnce(
  url: string,
  request: BuiltRequest,
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
  until: number,
): Promise<Answer> {
  try {
    return await send(url, {
      method: request.method,
      headers,
      body,
      timeoutMs: Math.max(1, until - performance.now()),
    });
  } catch (error) {
    if (error instanceof TooLarge)
      throw new GitHubError("incomplete", "the answer is larger than 64 MiB");
    throw new NoAnswer(error instanceof TooLate);
  }
}

/**
 * Sends one request. Redirects (GitHub answers 301 for a renamed repository) are repeated as they were, on the same
 * host only: the token goes nowhere else.
 */
export async function exchange(
  request: BuiltRequest,
  options: ExchangeOptions,
): Promise<Exchanged> {
  const until = performance.now() + options.timeoutMs;
  const headers = headersOf(request, options.headers);
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  let url = request.url;
  for (let hop = 0; hop <= maxHops; hop += 1) {
    const answer = await sendOnce(url, request, headers, body, until);
    const location = answer.headers.get("location");
    if (!redirects.includes(answer.status) || location === null) return answer;
    const target = new URL(location, url);
    if (target.origin !== new URL(url).origin)
      throw new GitHubError(
        "invalid",
        "GitHub redirected to another host, which is not followed with a token",
        { status: answer.status },
      );
    url = target.href;
  }
  throw new GitHubError("invalid", "GitHub redirected in a circle");
}
