import { answerIn, requestOptions, type Layer } from "./layer.ts";
import type { Tokens } from "../client/tokens.ts";

const mostTries = 2;

/**
 * Signs each request in the name that it goes out in. A 401 is tried twice: the first may be a token that GitHub took
 * back, or a clock that the answer's `Date` has just corrected; the second a token too fresh for all of GitHub to know.
 */
export function authorized(
  tokens: Tokens,
  options: { readonly sleep: (ms: number) => Promise<void>; readonly random: () => number },
): Layer {
  return async (send, asked) => {
    const { as } = requestOptions(asked);
    for (let refused = 0; ; refused += 1) {
      const token = await tokens.get(as);
      const authorization = `${as.kind === "app" ? "Bearer" : "token"} ${token}`;
      try {
        return await send({ ...asked, headers: { ...asked.headers, authorization } });
      } catch (error) {
        if (answerIn(error)?.status !== 401 || refused >= mostTries) throw error;
        if (refused === 0 && as.kind === "installation") tokens.refuse(as, token);
        else await options.sleep(Math.round(500 * (0.5 + options.random())));
      }
    }
  };
}
