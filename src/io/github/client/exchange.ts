import { networkCode } from "#core/render/unreachable.ts";
import { GitHubError } from "./github-error.ts";
import { NoAnswer } from "../read/layer.ts";
import { send, TooLarge, TooLate, type Answer } from "./send.ts";

/** What Octokit hands to its `request.fetch`. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export const redirects: readonly number[] = [301, 302, 307, 308];
export const maxHops = 3;

/** What breaks on the way is no answer; its words may hold the request and are dropped. */
async function sendOnce(url: string, init: FetchInit, until: number): Promise<Answer> {
  try {
    return await send(url, {
      method: init.method,
      headers: init.headers,
      body: init.body,
      timeoutMs: Math.max(1, until - performance.now()),
    });
  } catch (error) {
    if (error instanceof TooLarge)
      throw new GitHubError("incomplete", "the answer is larger than 64 MiB");
    throw new NoAnswer(error instanceof TooLate, networkCode(error));
  }
}

/**
 * Octokit's `request.fetch` over Node's plain client. Redirects (GitHub answers 301 for a renamed repository) are
 * repeated as they were, on the same host only: the token goes nowhere else.
 */
export function fetchWithin(timeoutMs: number) {
  return async (address: string, init: FetchInit): Promise<Answer> => {
    const until = performance.now() + timeoutMs;
    let url = address;
    for (let hop = 0; hop <= maxHops; hop += 1) {
      const answer = await sendOnce(url, init, until);
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
  };
}
