import type { Meter } from "#core/ports/system.ts";
import type { Breaker } from "../client/breaker.ts";
import { GitHubError } from "../client/github-error.ts";
import { answerIn, NoAnswer, requestOptions, unwrapped, type Layer } from "./layer.ts";

export interface RetryOptions {
  readonly breaker: Breaker;
  readonly meter: Meter;
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 to 1: spreads retries. */
  readonly random: () => number;
}

const mostRetries = 2;

/** Silence and 5xx are tried again where that does no harm: Octokit's retry plugin repeats writes that may have been done. */
export function withRetries({ breaker, meter, sleep, random }: RetryOptions): Layer {
  return async (send, asked) => {
    const { lane, idempotent } = requestOptions(asked);
    for (let retries = 0; ; retries += 1) {
      try {
        return await send(asked);
      } catch (error) {
        const answer = answerIn(error);
        const reason = unwrapped(error);
        const isSilence = reason instanceof NoAnswer;
        const mayHelp = isSilence ? !breaker.isOpen() : (answer?.status ?? 0) >= 500;
        if (!mayHelp || !idempotent || retries >= mostRetries) {
          if (isSilence)
            throw new GitHubError(
              "unavailable",
              `${asked.method} ${asked.url}: ${reason.message}`,
              {
                network: reason.network ?? undefined,
              },
            );
          throw error;
        }
        meter.count("github_retries_total", { api: lane });
        await sleep(Math.round(200 * 2 ** (retries + 1) * (0.5 + random())));
      }
    }
  };
}
