import type { Clock, Log, Meter } from "#core/ports/system.ts";
import { limitOf, type LimitHit } from "../client/classify.ts";
import { GitHubError } from "../client/github-error.ts";
import { namesLimit } from "../client/graphql-answer.ts";
import {
  type Answer,
  answerIn,
  type Asked,
  headerOf,
  type Layer,
  requestOptions,
} from "./layer.ts";
import { costOf, createLimiter, type Limiter, type LimiterOptions } from "../client/limiter.ts";
import { installationOf, type As } from "../client/requests.ts";
import type { ServerTime } from "../client/server-time.ts";
import { urgencyNow } from "../client/urgency.ts";

export interface LimitOptions {
  readonly clock: Clock;
  readonly time: ServerTime;
  readonly log: Log;
  readonly meter: Meter;
  readonly limits: "github" | "off";
  readonly patienceMs: number;
  readonly sleep: (ms: number) => Promise<void>;
}

const isCount = (value: number | undefined): value is number =>
  value !== undefined && Number.isSafeInteger(value) && value >= 0;

const mostRefusals = 2;
const secondaryPause = 60_000;
const longestPause = 15 * 60_000;

/**
 * GitHub's limits: kept to beforehand, one limiter for each installation and one for the App, and obeyed where GitHub
 * names one. A refusal was not carried out, so a write is tried again too. A wait longer than `patienceMs` is thrown as
 * "rate_limited" with `retryAt`.
 */
export function withinLimits(options: LimitOptions): Layer {
  const { clock, time, log, meter, sleep, patienceMs } = options;
  const limiters = new Map<string, Limiter>();
  const refusals = new Map<string, number>();
  const laneOf = (as: As): string => installationOf(as) ?? "app";
  const limiterOf = (as: As): Limiter => {
    const limiter = limiters.get(laneOf(as)) ?? createLimiter({ ...options, onWithheld: tell(as) });
    limiters.set(laneOf(as), limiter);
    return limiter;
  };
  const tell =
    (as: As): LimiterOptions["onWithheld"] =>
    (api, urgency, { limit, remaining, resetAt }) => {
      meter.count("github_withheld_total", { api, urgency });
      log.warn(
        {
          ...{ installation: installationOf(as), api, limit, remaining },
          until: new Date(resetAt).toISOString(),
        },
        urgency === "routine"
          ? "three quarters of the hour's quota are used: sweeps wait for the next, all else goes on"
          : "nine tenths of the hour's quota are used: only deployments and what people ask for go on",
      );
    };

  /** Only the quotas that our requests draw from: searches, for one, have their own. */
  const noteQuota = (as: As, lane: "rest" | "graphql", { headers }: Answer): void => {
    const resource = headerOf(headers, "x-ratelimit-resource") ?? "";
    if (!["", lane === "rest" ? "core" : "graphql"].includes(resource)) return;
    const [limit, remaining, reset] = ["limit", "remaining", "reset"].map((name) =>
      Number(headerOf(headers, `x-ratelimit-${name}`) ?? Number.NaN),
    );
    if (!isCount(limit) || !isCount(remaining) || !isCount(reset) || limit === 0) return;
    limiterOf(as).note(lane, { limit, remaining, resetAt: time.toLocal((reset + 1) * 1_000) });
  };

  /** This installation stays away; the caller waits here, or is told when to come back. */
  const obey = async (asked: Asked, hit: LimitHit, times: number): Promise<void> => {
    const { as, lane: api } = requestOptions(asked);
    const refused = (refusals.get(laneOf(as)) ?? 0) + 1;
    refusals.set(laneOf(as), refused);
    const until =
      hit.until ?? clock.now() + Math.min(secondaryPause * 2 ** (refused - 1), longestPause);
    limiterOf(as).pause(until, hit.primary ? api : null);
    meter.count("github_rate_limited_total", { api, limit: hit.primary ? "primary" : "secondary" });
    const waitMs = until - clock.now();
    log.warn({ installation: installationOf(as), api, waitMs }, "GitHub asked us to wait");
    if (waitMs > patienceMs || times >= mostRefusals)
      throw new GitHubError("rate_limited", `${asked.method}: GitHub's limit was reached`, {
        retryAt: until,
      });
    await sleep(Math.max(1, waitMs));
  };

  const limitIn = ({ status, headers, data }: Answer, asked: Asked): LimitHit | null => {
    if (status >= 400) return limitOf(status, headers, data, time);
    if (requestOptions(asked).lane !== "graphql" || !namesLimit(data)) return null;
    const reset = Number(headerOf(headers, "x-ratelimit-reset"));
    return { until: reset > 0 ? time.toLocal((reset + 1) * 1000) : null, primary: true };
  };

  return async (send, asked) => {
    const { as, lane, writes } = requestOptions(asked);
    for (let times = 0; ; times += 1) {
      const release = await limiterOf(as).admit(
        costOf(asked.method, asked.url, lane, writes, urgencyNow()),
      );
      let hit: LimitHit | null;
      try {
        const answer = await send(asked);
        noteQuota(as, lane, answer);
        hit = limitIn(answer, asked);
        if (hit === null) {
          refusals.delete(laneOf(as));
          return answer;
        }
      } catch (error) {
        const answer = answerIn(error);
        if (answer !== undefined) noteQuota(as, lane, answer);
        hit = answer === undefined ? null : limitIn(answer, asked);
        if (hit === null) throw error;
      } finally {
        release();
      }
      await obey(asked, hit, times);
    }
  };
}
