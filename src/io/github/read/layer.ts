import { RequestError } from "@octokit/request-error";
import type { Octokit } from "@octokit/rest";
import type { As } from "../client/requests.ts";

/** A request as Octokit hands it to a hook: its route and parameters, not yet put together. */
export type Asked = Required<Octokit["request"]["endpoint"]["DEFAULTS"]>;

/** An answer as Octokit hands it on; header names in lower case. */
export interface Answer {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly data: unknown;
}
export type Headers = Readonly<Record<string, string | number | undefined>>;

export type Send = (asked: Asked) => Answer | Promise<Answer>;

/** One concern of every request, for Octokit's `hook.wrap`: around those that stand nearer to the wire. */
export type Layer = (send: Send, asked: Asked) => Promise<Answer>;

/** What the layers need to know of a request beside what Octokit does; it travels in Octokit's `request` options. */
export interface RequestOptions {
  /** In whose name it goes out. */
  readonly as: As;
  readonly lane: "rest" | "graphql";
  /** Changes something at GitHub. */
  readonly writes: boolean;
  /** Doing it twice does no harm. */
  readonly idempotent: boolean;
  /** Awaited directly before each try goes out. */
  readonly before?: (() => Promise<void>) | undefined;
}

export function requestOptions(asked: Asked): RequestOptions {
  const { as, lane, writes, idempotent, before }: RequestOptions = asked.request["notes"];
  return { as, lane, writes, idempotent, before };
}

/** Last before the wire, so that no wait for room comes after it: whether what is sent may be sent still. */
export const unlessStopped: Layer = async (send, asked) => {
  await requestOptions(asked).before?.();
  return send(asked);
};

/** Nothing came back: a time-out or a broken connection. What was sent may have arrived. */
export class NoAnswer extends Error {
  readonly timedOut: boolean;
  /** The system's code for it, such as ENOTFOUND; null: it tells none. */
  readonly network: string | null;
  constructor(timedOut: boolean, network: string | null = null) {
    super(timedOut ? "no answer in time" : "the connection broke");
    this.name = "NoAnswer";
    this.timedOut = timedOut;
    this.network = timedOut ? "ETIMEDOUT" : network;
  }
}

/** The answer behind an error that Octokit throws for any status of 300 or more; undefined: there was none. */
export function answerIn(error: unknown): Answer | undefined {
  if (!(error instanceof RequestError)) return undefined;
  const { response } = error;
  return response === undefined
    ? undefined
    : { status: error.status, url: response.url, headers: response.headers, data: response.data };
}

/** Octokit wraps what a `fetch` throws; ours throws errors of our own, which are wanted as they were. */
export const unwrapped = (error: unknown): unknown =>
  error instanceof RequestError && error.response === undefined ? error.cause : error;

export const headerOf = (headers: Headers, name: string): string | null => {
  const value = headers[name];
  return value === undefined ? null : String(value);
};
