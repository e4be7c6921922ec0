import { setTimeout as delay } from "node:timers/promises";
import { Octokit } from "@octokit/core";
import type { ZodType } from "zod";
import type { Clock, Log, Meter } from "../../core/ports.ts";
import { createAppJwt } from "./app-jwt.ts";
import { noteCall } from "./call-tally.ts";
import { createBreaker } from "./breaker.ts";
import { errorFor, limitOf } from "./classify.ts";
import { createEtagCache } from "./etag-cache.ts";
import { exchange, NoAnswer } from "./exchange.ts";
import type { Exchanged } from "./exchange.ts";
import { exchangeFile } from "./exchange-file.ts";
import type { FileLimits } from "./exchange-file.ts";
import { GitHubError } from "./github-error.ts";
import { checked, namesLimit, readGraphQL } from "./graphql-answer.ts";
import { costOf, createLimiter } from "./limiter.ts";
import type { Cost, Limiter } from "./limiter.ts";
import { nextOf } from "./link.ts";
import { asApp } from "./requests.ts";
import type {
  As,
  BuiltRequest,
  Endpoint,
  GraphQLCall,
  RestAnswer,
  RestOptions,
} from "./requests.ts";
import type { AnswerHeaders } from "./send.ts";
import { createServerTime } from "./server-time.ts";
import { fetchStored } from "./stored-file.ts";
import { createTokens } from "./tokens.ts";

export interface GitHubOptions {
  readonly appId: number;
  readonly privateKey: string;
  /** REST root: https://api.github.com, or https://<host>/api/v3. */
  readonly baseUrl: string;
  readonly graphqlUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  /** Whether to keep within GitHub's published secondary limits; its refusals are obeyed either way. */
  readonly limits: "github" | "off";
  readonly timeoutMs: number;
  /** Longest wait for a limit inside a request, ms; longer ones are thrown as "rate_limited" with `retryAt`. */
  readonly patienceMs?: number;
  readonly sleep?: (ms: number) => Promise<void>;
  /** 0 to 1: spreads retries. */
  readonly random?: () => number;
  readonly cacheBytes?: number;
}

/** The one way to GitHub. Every method throws `GitHubError`. */
export interface GitHub {
  readonly appId: number;
  readonly baseUrl: string;
  /** Builds a request from a documented route; nothing is sent. */
  readonly endpoint: Endpoint;
  readonly rest: <T>(
    as: As,
    request: BuiltRequest,
    schema: ZodType<T>,
    options?: RestOptions,
  ) => Promise<RestAnswer<T>>;
  readonly graphql: <T>(as: As, call: GraphQLCall<T>) => Promise<T>;
  /** A file behind a redirect (artifact archives): the token stays with GitHub; larger than allowed is "incomplete", slower is "unavailable". */
  readonly file: (as: As, request: BuiltRequest, limits: FileLimits) => Promise<Uint8Array>;
  /** A file at an address that stood in one of GitHub's answers: asked without a token, of GitHub's hosts only. */
  readonly stored: (address: string, maxBytes: number) => Promise<Uint8Array>;
  /** An instant of this machine's clock as GitHub would name it, as far as its answers told. */
  readonly toServerTime: (instant: number) => number;
  /** Suspended, removed, or its permissions changed: tokens are thrown away. */
  readonly forgetInstallation: (installationId: number) => void;
}

const repeatable = ["GET", "HEAD", "PUT", "DELETE"];
const mostRetries = 2;
const secondaryPause = 60_000;
const longestPause = 15 * 60_000;

export function createGitHub(options: GitHubOptions): GitHub {
  const { clock, meter, log, timeoutMs } = options;
  const sleep = options.sleep ?? ((ms: number) => delay(ms));
  const random = options.random ?? Math.random;
  const patienceMs = options.patienceMs ?? 3_000;
  const { endpoint } = new Octokit({ baseUrl: options.baseUrl, userAgent: "gatehouse" }).request;
  const time = createServerTime(clock);
  const jwt = createAppJwt(options.appId, options.privateKey, time);
  const breaker = createBreaker(clock);
  const cache = createEtagCache(options.cacheBytes ?? 24 * 1024 * 1024);
  const limiters = new Map<string, Limiter>();
  const refusals = new Map<string, number>();

  const laneOf = (as: As): string => (as.kind === "app" ? "app" : String(as.installationId));
  const limiterOf = (as: As): Limiter => {
    const key = laneOf(as);
    const limiter =
      limiters.get(key) ?? createLimiter({ clock, sleep, limits: options.limits, patienceMs });
    limiters.set(key, limiter);
    return limiter;
  };

  /** Sends once, with the time kept, the breaker told and the exchange measured. */
  const once = async <E extends Exchanged>(
    as: As,
    cost: Cost,
    method: string,
    send: (authorization: string) => Promise<E>,
  ): Promise<{ readonly answer: E; readonly token: string | null }> => {
    const token = as.kind === "app" ? null : await tokens.get(as);
    const release = await limiterOf(as).admit(cost);
    const from = performance.now();
    try {
      breaker.pass();
    } catch (error) {
      release();
      throw error;
    }
    // Tokens are the house's own doing, and live for an hour.
    if (as.kind === "installation") noteCall();
    try {
      const answer = await send(token === null ? `Bearer ${jwt()}` : `token ${token}`);
      time.observe(answer.headers.get("date"));
      breaker.answered();
      meter.count("github_requests_total", {
        api: cost.lane,
        method,
        status: String(answer.status),
      });
      const left = answer.headers.get("x-ratelimit-remaining");
      if (left !== null && as.kind === "installation")
        meter.observe("github_rate_remaining", Number(left), {
          installation: laneOf(as),
          api: cost.lane,
        });
      return { answer, token };
    } catch (error) {
      if (error instanceof NoAnswer) {
        breaker.silent();
        meter.count("github_requests_total", {
          api: cost.lane,
          method,
          status: error.timedOut ? "timeout" : "broken",
        });
      } else {
        breaker.answered();
      }
      throw error;
    } finally {
      release();
      meter.observe("github_request_seconds", (performance.now() - from) / 1000, {
        api: cost.lane,
      });
    }
  };

  /** GitHub named a limit: this installation stays away, and the caller waits or gets "rate_limited". */
  const obeyLimit = async (
    as: As,
    lane: Cost["lane"],
    hit: { readonly until: number | null; readonly primary: boolean },
    where: string,
    attempt: number,
  ): Promise<void> => {
    const key = laneOf(as);
    const times = (refusals.get(key) ?? 0) + 1;
    refusals.set(key, times);
    const until =
      hit.until ?? clock.now() + Math.min(secondaryPause * 2 ** (times - 1), longestPause);
    limiterOf(as).pause(until, hit.primary ? lane : null);
    meter.count("github_rate_limited_total", {
      api: lane,
      limit: hit.primary ? "primary" : "secondary",
    });
    log.warn(
      {
        installation: as.kind === "app" ? null : as.installationId,
        api: lane,
        waitMs: until - clock.now(),
      },
      "GitHub asked us to wait",
    );
    if (until - clock.now() > patienceMs || attempt >= mostRetries)
      throw new GitHubError("rate_limited", `${where}: GitHub's limit was reached`, {
        retryAt: until,
      });
    await sleep(Math.max(1, until - clock.now()));
  };

  /** One request to its answer: limits obeyed, lagging tokens refreshed, silence and 5xx tried again where that does no harm. */
  const carry = async <E extends Exchanged>(
    as: As,
    cost: Cost,
    request: BuiltRequest,
    safe: boolean,
    send: (authorization: string) => Promise<E>,
  ): Promise<E> => {
    const where = `${request.method} ${new URL(request.url).pathname}`;
    let troubles = 0;
    let limits = 0;
    let unauthorized = 0;
    const backOff = async (): Promise<void> => {
      troubles += 1;
      meter.count("github_retries_total", { api: cost.lane });
      await sleep(Math.round(200 * 2 ** troubles * (0.5 + random())));
    };
    for (;;) {
      let exchanged: { readonly answer: E; readonly token: string | null };
      try {
        exchanged = await once(as, cost, request.method, send);
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        if (!safe || troubles >= mostRetries || breaker.isOpen())
          throw new GitHubError("unavailable", `${where}: ${error.message}`);
        await backOff();
        continue;
      }
      const { answer, token } = exchanged;
      const { status, headers, text } = answer;
      const hit =
        limitOf(status, headers, text, time) ??
        (status === 200 && cost.lane === "graphql" && namesLimit(text)
          ? drainedGraphQL(headers)
          : null);
      if (hit !== null) {
        await obeyLimit(as, cost.lane, hit, where, limits);
        limits += 1;
        continue;
      }
      if (status === 401 && unauthorized < 2) {
        // The answer's Date has just corrected our clock, or the token is too fresh for all of GitHub to know it.
        unauthorized += 1;
        if (unauthorized === 1 && as.kind === "installation" && token !== null)
          tokens.refuse(as, token);
        else await sleep(Math.round(500 * (0.5 + random())));
        continue;
      }
      if (status >= 500 && safe && troubles < mostRetries) {
        await backOff();
        continue;
      }
      if (status < 400) refusals.delete(laneOf(as));
      if (status < 300 || status === 304) return answer;
      const error = errorFor(status, where, text);
      if (error.code === "gone" && as.kind === "installation") tokens.forget(as.installationId);
      throw error;
    }
  };

  const drainedGraphQL = (
    headers: AnswerHeaders,
  ): { readonly until: number | null; readonly primary: boolean } => {
    const reset = Number(headers.get("x-ratelimit-reset"));
    return { until: reset > 0 ? time.toLocal((reset + 1) * 1000) : null, primary: true };
  };

  const jsonOf = (text: string, where: string): unknown => {
    if (text === "") return undefined;
    try {
      return JSON.parse(text);
    } catch {
      throw new GitHubError("unavailable", `${where}: the answer is not JSON`);
    }
  };

  const rest = async <T>(
    as: As,
    request: BuiltRequest,
    schema: ZodType<T>,
    restOptions: RestOptions = {},
  ): Promise<RestAnswer<T>> => {
    const { method, url } = request;
    const where = `${method} ${new URL(url).pathname}`;
    // Installation and repository stand in the key: an answer for one tenant is never given to another (threat T45).
    const cacheKey =
      method === "GET" && as.kind === "installation"
        ? `${as.installationId}:${as.repositoryId ?? "*"}:${url}:${String(request.headers["accept"])}`
        : null;
    const cached = cacheKey === null ? undefined : cache.get(cacheKey);
    const safe = restOptions.idempotent ?? repeatable.includes(method);
    const condition: Record<string, string> =
      cached === undefined ? {} : { "if-none-match": cached.etag };
    const answer = await carry(
      as,
      costOf(method, url, "rest", method !== "GET" && method !== "HEAD"),
      request,
      safe,
      (authorization) => exchange(request, { timeoutMs, headers: { authorization, ...condition } }),
    );
    if (answer.status === 304 && cached !== undefined) {
      return {
        status: 200,
        data: checked(schema, cached.json, where),
        next: nextOf(cached.link, options.baseUrl),
        linked: cached.link !== null,
      };
    }
    const json = jsonOf(answer.text, where);
    const link = answer.headers.get("link");
    const etag = answer.headers.get("etag");
    if (cacheKey !== null && etag !== null && answer.status === 200)
      cache.put(cacheKey, { etag, json, link, bytes: answer.text.length });
    return {
      status: answer.status,
      data: checked(schema, json, where),
      next: nextOf(link, options.baseUrl),
      linked: link !== null,
    };
  };

  const graphql = async <T>(as: As, call: GraphQLCall<T>): Promise<T> => {
    const mutates = /^\s*mutation\b/.test(call.query);
    const request: BuiltRequest = {
      method: "POST",
      url: options.graphqlUrl,
      headers: {
        accept: "application/vnd.github+json",
        "content-type": "application/json; charset=utf-8",
        "user-agent": "gatehouse",
      },
      body: { query: call.query, variables: call.variables },
    };
    const answer = await carry(
      as,
      costOf("POST", request.url, "graphql", mutates),
      request,
      !mutates,
      (authorization) => exchange(request, { timeoutMs, headers: { authorization } }),
    );
    return readGraphQL(
      jsonOf(answer.text, "GraphQL"),
      call.schema,
      call.optional ?? [],
      call.partial ?? false,
    );
  };

  const file = async (as: As, request: BuiltRequest, limits: FileLimits): Promise<Uint8Array> => {
    const answer = await carry(
      as,
      costOf("GET", request.url, "rest", false),
      request,
      true,
      (authorization) => exchangeFile(request, { timeoutMs, limits, headers: { authorization } }),
    );
    return answer.bytes;
  };

  const tokens = createTokens({
    endpoint,
    time,
    // Minting a token twice does no harm.
    send: async (request) => {
      const answer = await carry(
        asApp,
        { lane: "rest", points: 1, content: false },
        request,
        true,
        (authorization) => exchange(request, { timeoutMs, headers: { authorization } }),
      );
      return jsonOf(answer.text, "the token request");
    },
  });

  return {
    appId: options.appId,
    baseUrl: options.baseUrl,
    endpoint,
    rest,
    graphql,
    file,
    stored: (address, maxBytes) =>
      fetchStored(address, { apiUrl: options.baseUrl, timeoutMs, maxBytes }),
    toServerTime: (instant) => instant + (time.now() - clock.now()),
    forgetInstallation: tokens.forget,
  };
}
