import { setTimeout as delay } from "node:timers/promises";
import { GraphqlResponseError } from "@octokit/graphql";
import { Octokit } from "@octokit/rest";
import type { ZodType } from "zod";
import type { ApiOutage } from "#core/model/outage.ts";
import type { Clock, Log, Meter } from "#core/ports/system.ts";
import { inOurWords, readJson } from "../read/answers.ts";
import { authorized } from "../read/authorized.ts";
import { createBreaker } from "./breaker.ts";
import { conditionally, rememberedHeader } from "../read/conditional.ts";
import { fetchFileWithin, type FileLimits } from "./exchange-file.ts";
import { fetchWithin } from "./exchange.ts";
import { checked, dataOf } from "./graphql-answer.ts";
import { type Layer, type RequestOptions, type Send, unlessStopped } from "../read/layer.ts";
import { withinLimits } from "../read/limits.ts";
import { nextOf } from "./link.ts";
import { createOutageWatch } from "./outage.ts";
import {
  type As,
  asApp,
  type BuiltRequest,
  type Endpoint,
  type GraphQLCall,
  type RestAnswer,
  type RestOptions,
} from "./requests.ts";
import { withRetries } from "../read/retries.ts";
import { createServerTime } from "./server-time.ts";
import { fetchStored } from "../read/stored-file.ts";
import { createTokens } from "./tokens.ts";
import { watching } from "../read/watch.ts";

export interface GitHubOptions {
  readonly appId: number;
  readonly privateKey: string;
  /** REST root: https://api.github.com, or https://<host>/api/v3. */
  readonly baseUrl: string;
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
  readonly outages: () => readonly ApiOutage[];
  /** Suspended, removed, or its permissions changed: tokens are thrown away. */
  readonly forgetInstallation: (installationId: number) => void;
}

const repeatable = ["GET", "HEAD", "PUT", "DELETE"];
const changing = (method: string): boolean => method !== "GET" && method !== "HEAD";
const quiet = (): void => undefined;

/**
 * Octokit with our own layers in place of its throttling and retry plugins, which send writes one a second for the
 * whole process and repeat writes that may have been done.
 */
export function createGitHub(options: GitHubOptions): GitHub {
  const { appId, privateKey, baseUrl, clock, log, meter, timeoutMs } = options;
  const sleep = options.sleep ?? ((ms: number) => delay(ms));
  const random = options.random ?? Math.random;
  const time = createServerTime(clock);
  const breaker = createBreaker(clock);
  const outage = createOutageWatch({ clock, log, meter });
  const octokit = new Octokit({
    baseUrl,
    userAgent: "gatehouse",
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    request: { fetch: fetchWithin(timeoutMs), parseSuccessResponseBody: false },
  });
  const appNotes: RequestOptions = { as: asApp, lane: "rest", writes: false, idempotent: true };
  // Making a token twice does no harm.
  const request = octokit.request.defaults({ request: { notes: appNotes } });
  const tokens = createTokens({ appId, privateKey, time, request });
  const limits = withinLimits({
    clock,
    time,
    log,
    meter,
    sleep,
    limits: options.limits,
    patienceMs: options.patienceMs ?? 3_000,
  });
  // From the wire outwards.
  const layers: readonly Layer[] = [
    watching({ breaker, outage, time, meter }),
    unlessStopped,
    conditionally(options.cacheBytes ?? 24 * 1024 * 1024),
    readJson,
    limits,
    authorized(tokens, { sleep, random }),
    withRetries({ breaker, meter, sleep, random }),
    inOurWords(tokens.forget),
  ];
  // One hook for all: of several, Octokit hands each the request as it was at first. Its own, for logging, is one.
  octokit.hook.wrap("request", (send, asked) =>
    layers.reduce<Send>(
      (inner, layer) => (one) => layer(inner, one),
      (one) => send(Object.assign(asked, one)),
    )({ ...asked }),
  );

  const ask = (built: BuiltRequest, notes: RequestOptions, more: object = {}) =>
    octokit.request({
      ...built,
      headers: { accept: String(built.headers["accept"]) },
      data: built.body,
      request: { ...more, notes },
    });

  return {
    appId,
    baseUrl,
    endpoint: octokit.request.endpoint,
    rest: async (as, built, schema, { idempotent, before } = {}) => {
      const { method } = built;
      const answer = await ask(built, {
        as,
        lane: "rest",
        writes: changing(method),
        idempotent: idempotent ?? repeatable.includes(method),
        before,
      });
      const { link } = answer.headers;
      return {
        status: answer.status,
        data: checked(schema, answer.data, `${method} ${new URL(built.url).pathname}`),
        next: nextOf(link, baseUrl),
        linked: link !== undefined,
        isRemembered: answer.headers[rememberedHeader] !== undefined,
        header: (name) => {
          const value = answer.headers[name];
          return value === undefined ? undefined : String(value);
        },
      };
    },
    graphql: async (as, call) => {
      const writes = /^\s*mutation\b/.test(call.query);
      const notes: RequestOptions = { as, lane: "graphql", writes, idempotent: !writes };
      try {
        const data = await octokit.graphql(call.query, { ...call.variables, request: { notes } });
        return checked(call.schema, data, "GraphQL");
      } catch (error) {
        if (!(error instanceof GraphqlResponseError)) throw error;
        return checked(call.schema, dataOf(error.response, call), "GraphQL");
      }
    },
    file: async (as, built, fileLimits) => {
      const notes: RequestOptions = { as, lane: "rest", writes: false, idempotent: true };
      const fetch = fetchFileWithin(timeoutMs, fileLimits);
      const answer: { readonly data: unknown } = await ask(built, notes, { fetch });
      return answer.data instanceof Uint8Array ? answer.data : new Uint8Array();
    },
    stored: (address, maxBytes) => fetchStored(address, { apiUrl: baseUrl, timeoutMs, maxBytes }),
    toServerTime: (instant) => instant + (time.now() - clock.now()),
    outages: outage.current,
    forgetInstallation: tokens.forget,
  };
}
