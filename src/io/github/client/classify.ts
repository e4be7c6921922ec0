import { z } from "zod";
import { GitHubError } from "./github-error.ts";
import { headerOf, type Headers } from "../read/layer.ts";
import type { ServerTime } from "./server-time.ts";

const messageShape = z.object({ message: z.string() });

/** What GitHub says for itself in the body of a refusal. */
export const messageOf = (data: unknown): string =>
  messageShape.safeParse(data).data?.message ?? "";

/** A limit behind a 403 or 429: for how long, and whether it is the hour's quota of one API or a secondary limit. */
export interface LimitHit {
  /** Epoch ms, this machine's clock; null: GitHub named no time. */
  readonly until: number | null;
  readonly primary: boolean;
}

/** docs.github.com: `retry-after` first, then `x-ratelimit-remaining: 0` with its reset, else a minute and more. */
export function limitOf(
  status: number,
  headers: Headers,
  data: unknown,
  time: ServerTime,
): LimitHit | null {
  if (status !== 403 && status !== 429) return null;
  const after = headerOf(headers, "retry-after");
  const reset = Number(headerOf(headers, "x-ratelimit-reset"));
  const drained = headerOf(headers, "x-ratelimit-remaining") === "0";
  if (after !== null) {
    const seconds = Number(after);
    const until = Number.isFinite(seconds)
      ? time.toLocal(time.now() + seconds * 1000)
      : time.toLocal(Date.parse(after));
    return { until: Number.isNaN(until) ? null : until, primary: drained };
  }
  // The reset is a whole second: one more is waited, so that the first request is not a moment early.
  if (drained && reset > 0) return { until: time.toLocal((reset + 1) * 1000), primary: true };
  if (status === 429 || /rate limit|abuse detection/i.test(messageOf(data)))
    return { until: null, primary: false };
  return null;
}

/** The error for an answer that is neither a success nor a limit. */
export function errorFor(status: number, where: string, data: unknown): GitHubError {
  const said = messageOf(data);
  const message = `${where}: ${status}${said === "" ? "" : ` ${said}`}`;
  // An App that does not exist (any more), or has no key: GitHub says so with a 404, and means who asks.
  if (/^Integration (?:not found|must generate a public key)/i.test(said))
    return new GitHubError("unauthorized", message, { status });
  if (status === 401) return new GitHubError("unauthorized", message, { status });
  if (status === 403 && /suspended/i.test(said))
    return new GitHubError("gone", message, { status });
  if (status === 403 || status === 451) return new GitHubError("forbidden", message, { status });
  if (status === 404 || status === 410) return new GitHubError("not_found", message, { status });
  if (status >= 500 || status === 408) return new GitHubError("unavailable", message, { status });
  return new GitHubError("invalid", message, { status });
}
