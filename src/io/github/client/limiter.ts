import type { Clock } from "#core/ports/system.ts";
import { GitHubError } from "./github-error.ts";
import { newer, type Quota, reserved, withheldFor } from "./quota.ts";
import type { Urgency } from "./urgency.ts";
import { createWindow } from "./window.ts";

/** What a request costs by GitHub's published secondary limits. */
export interface Cost {
  readonly lane: "rest" | "graphql";
  readonly points: number;
  /** Creates something people are notified of. */
  readonly content: boolean;
  /** What is less urgent leaves a share of each limit to what is more. */
  readonly urgency: Urgency;
}

/** One installation's (or the App's own) way through to GitHub. */
export interface Limiter {
  /** Waits for room, briefly; throws "rate_limited" when it would take long. Call the answer when the request is over. */
  readonly admit: (cost: Cost) => Promise<() => void>;
  /** GitHub said to stay away until then; others flow on. `lane` null: from everything. */
  readonly pause: (until: number, lane: Cost["lane"] | null) => void;
  /** What an answer said is left of the hour's quota. */
  readonly note: (lane: Cost["lane"], said: Quota) => void;
}

export interface LimiterOptions {
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  readonly limits: "github" | "off";
  /** Waits up to this long happen inside, longer ones are the queue's. */
  readonly patienceMs: number;
  /** The hour's quota is so far used up that work of this urgency waits until then; told once an hour. */
  readonly onWithheld?: ((lane: Cost["lane"], urgency: Urgency, quota: Quota) => void) | undefined;
}

const minute = 60_000;
/** docs.github.com, "About secondary rate limits". */
export const published = {
  concurrent: 100,
  restPoints: 900,
  graphqlPoints: 2_000,
  contentPerMinute: 80,
  contentPerHour: 500,
} as const;

export function createLimiter(options: LimiterOptions): Limiter {
  const { clock, sleep } = options;
  const on = options.limits === "github";
  const points = {
    rest: createWindow(published.restPoints, minute),
    graphql: createWindow(published.graphqlPoints, minute),
  };
  const content = [
    createWindow(published.contentPerMinute, minute),
    createWindow(published.contentPerHour, 60 * minute),
  ];
  const limitOf = { rest: published.restPoints, graphql: published.graphqlPoints };
  const pausedUntil = { rest: 0, graphql: 0 };
  const quotas: { rest?: Quota; graphql?: Quota } = {};
  /** Hours for which it was reported already, by their end. */
  const told = new Map<string, number>();
  const waiting = { first: [] as (() => void)[], others: [] as (() => void)[] };
  let running = 0;

  const withheld = ({ lane, urgency }: Cost, now: number): number => {
    const quota = quotas[lane];
    const ms = withheldFor(quota, urgency, now);
    if (ms === 0 || quota === undefined) return 0;
    const key = `${lane} ${urgency}`;
    if ((told.get(key) ?? 0) < quota.resetAt - 1_000) {
      told.set(key, quota.resetAt);
      options.onWithheld?.(lane, urgency, quota);
    }
    return ms;
  };

  const wait = (cost: Cost): number => {
    const now = clock.now();
    const paused = Math.max(pausedUntil[cost.lane] - now, withheld(cost, now));
    if (paused > 0) return paused;
    if (!on) return 0;
    // The reserved share counts as spent.
    const kept = Math.floor(limitOf[cost.lane] * reserved[cost.urgency]);
    const waits = [
      points[cost.lane].waitFor(cost.points + kept, now),
      ...(cost.content ? content.map((window) => window.waitFor(1, now)) : []),
    ];
    return Math.max(...waits);
  };

  // A free slot is handed to the first waiting request, urgent ones before others, so that no new request takes it.
  const release = (): void => {
    const next = waiting.first.shift() ?? waiting.others.shift();
    if (next === undefined) running -= 1;
    else next();
  };

  return {
    admit: async (cost) => {
      // Bounded: an expected wait is at most the patience, and each turn is at least a millisecond nearer to it.
      const from = clock.now();
      for (;;) {
        const ms = wait(cost);
        if (ms <= 0) break;
        if (clock.now() - from + ms > options.patienceMs) {
          throw new GitHubError("rate_limited", "GitHub's limits leave no room for now", {
            retryAt: clock.now() + ms,
          });
        }
        await sleep(ms);
      }
      if (on) {
        points[cost.lane].spend(cost.points, clock.now());
        if (cost.content) for (const window of content) window.spend(1, clock.now());
      }
      if (on && running >= published.concurrent)
        await new Promise<void>((resolve) =>
          waiting[cost.urgency === "first" ? "first" : "others"].push(resolve),
        );
      else running += 1;
      let released = false;
      return () => {
        if (released) return;
        released = true;
        release();
      };
    },
    note: (lane, said) => {
      quotas[lane] = newer(quotas[lane], said);
    },
    pause: (until, lane) => {
      if (lane !== "graphql") pausedUntil.rest = Math.max(pausedUntil.rest, until);
      if (lane !== "rest") pausedUntil.graphql = Math.max(pausedUntil.graphql, until);
    },
  };
}

const createsContent = /\/repos\/[^/]+\/[^/]+\/issues(?:\/\d+\/comments)?$/;

/** A read is 1 point, a write 5; a GraphQL query is a read although it is a POST. */
export function costOf(
  method: string,
  url: string,
  lane: Cost["lane"],
  mutates: boolean,
  urgency: Urgency,
): Cost {
  const content =
    lane === "rest" && method === "POST" && createsContent.test(url.split("?", 1)[0] ?? "");
  return { lane, points: mutates ? 5 : 1, content, urgency };
}
