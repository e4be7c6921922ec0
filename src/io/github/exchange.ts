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

const redirects = [301, 302, 307, 308];
const maxHops = 3;

function headersOf(request: BuiltRequest, extra: Readonly<Record<string, string>>): Record<string, string> {
  const plain = Object.entries(request.headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : []));
  return { ...Object.fromEntries(plain), ...extra };
}

/** Only fetch itself throws anything here; what it throws names the cause, which may hold the request: it is dropped. */
async function fetchOnce(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    throw new NoAnswer(error instanceof Error && error.name === "TimeoutError");
  }
}

async function textOf(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw new NoAnswer(error instanceof Error && error.name === "TimeoutError");
  }
}

/** What breaks on the way is no answer; its words may hold the request and are dropped. */
async function sendOnce(url: string, request: BuiltRequest, headers: Readonly<Record<string, string>>, body: string | undefined, until: number): Promise<Answer> {
  try {
    return await send(url, { method: request.method, headers, body, timeoutMs: Math.max(1, until - performance.now()) });
  } catch (error) {
    if (error instanceof TooLarge) throw new GitHubError("incomplete", "the answer is larger than 64 MiB");
    throw new NoAnswer(error instanceof TooLate);
  }
}

/**
 * Sends one request. Redirects (GitHub answers 301 for a renamed repository) are repeated as they were, on the same
 * host only: the token goes nowhere else.
 */
export async function exchange(request: BuiltRequest, options: ExchangeOptions): Promise<Exchanged> {
  const until = performance.now() + options.timeoutMs;
  const headers = headersOf(request, options.headers);
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  let url = request.url;
  for (let hop = 0; hop <= maxHops; hop += 1) {
    const answer = await sendOnce(url, request, headers, body, until);
    const location = answer.headers.get("location");
    if (!redirects.includes(answer.status) || location === null) return answer;
    const target = new URL(location, url);
    if (target.origin !== new URL(url).origin) throw new GitHubError("invalid", "GitHub redirected to another host, which is not followed with a token", { status: answer.status });
    url = target.href;
  }
  throw new GitHubError("invalid", "GitHub redirected in a circle");
}

/**
 * Fetches a file that GitHub hands out by redirect to a storage host. The token is sent to GitHub only; the address of
 * the storage host is itself a secret and is never shown.
 */
export async function exchangeFile(request: BuiltRequest, options: ExchangeOptions & { readonly maxBytes: number }): Promise<Exchanged & { readonly bytes: Uint8Array }> {
  const signal = AbortSignal.timeout(options.timeoutMs);
  let url = request.url;
  for (let hop = 0; hop <= maxHops; hop += 1) {
    const home = new URL(url).origin === new URL(request.url).origin;
    const headers = home ? headersOf(request, options.headers) : {};
    const response = await fetchFrom(home, url, { method: "GET", headers, signal, redirect: "manual" });
    const location = response.headers.get("location");
    if (redirects.includes(response.status) && location !== null) {
      await textOf(response);
      url = new URL(location, url).href;
      continue;
    }
    if (response.status !== 200) return { status: response.status, headers: response.headers, text: home ? await textOf(response) : "", bytes: new Uint8Array() };
    return { status: 200, headers: response.headers, text: "", bytes: await cappedBytes(response, options.maxBytes) };
  }
  throw new GitHubError("invalid", "GitHub redirected in a circle");
}

/** The silence of a storage host says nothing about GitHub, which has just answered. */
async function fetchFrom(home: boolean, url: string, init: RequestInit): Promise<Response> {
  if (home) return fetchOnce(url, init);
  try {
    return await fetchOnce(url, init);
  } catch {
    throw new GitHubError("unavailable", "the file's storage host did not answer");
  }
}

async function cappedBytes(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > maxBytes) throw new GitHubError("incomplete", `the file is larger than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof GitHubError) throw error;
    throw new GitHubError("unavailable", "the file broke off while it was read");
  }
  return Buffer.concat(chunks);
}
