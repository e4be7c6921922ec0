import { maxHops, redirects, type FetchInit } from "./exchange.ts";
import { GitHubError } from "./github-error.ts";
import { NoAnswer } from "../read/layer.ts";

/** What a file may cost. A large one on a slow line takes longer than any answer; one that stands still does not. */
export interface FileLimits {
  readonly maxBytes: number;
  /** Longest silence while the content comes, ms. */
  readonly idleMs: number;
  /** For everything together, ms: a drip that never stands still ends as well. */
  readonly totalMs: number;
}

/** A file in `body`, or what GitHub says instead of one as text: as much of fetch's `Response` as Octokit reads. */
export interface FileAnswer {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly text: () => Promise<string>;
}

/**
 * Octokit's `request.fetch` for a file that GitHub hands out by redirect to a storage host, or itself. Until an answer
 * begins it has the time of any request, `timeoutMs`; after that `limits` hold. The token is sent to GitHub only; the
 * address of the storage host is itself a secret and is never shown.
 */
export function fetchFileWithin(timeoutMs: number, limits: FileLimits) {
  return async (address: string, { headers }: FetchInit): Promise<FileAnswer> => {
    const patience = createPatience(limits.totalMs);
    try {
      let url = address;
      for (let hop = 0; hop <= maxHops; hop += 1) {
        const isHome = new URL(url).origin === new URL(address).origin;
        patience.atMost(timeoutMs);
        const { signal } = patience;
        const response = await begin(
          url,
          { method: "GET", headers: isHome ? headers : {}, signal, redirect: "manual" },
          isHome,
        );
        if (response === null) return storageTrouble(address, "did not answer");
        const location = response.headers.get("location");
        if (redirects.includes(response.status) && location !== null) {
          await textOf(response);
          url = new URL(location, url).href;
        } else if (response.status === 200)
          return await contentOf(address, response, limits, patience);
        else if (isHome)
          return said(address, response.status, response.headers, await textOf(response));
        else {
          await response.body?.cancel();
          return storageTrouble(address, `answered ${response.status}`);
        }
      }
      throw new GitHubError("invalid", "GitHub redirected in a circle");
    } finally {
      patience.end();
    }
  };
}

const said = (url: string, status: number, headers: Headers, text: string): FileAnswer => ({
  status,
  url,
  headers,
  body: new Uint8Array(),
  text: () => Promise.resolve(text),
});

/**
 * The storage host's refusals are not GitHub's: an address that ran out (it is good for a minute) must not look like a
 * permission that the App lacks. They are told as a bad gateway, so that GitHub is asked for a new address.
 */
const badGateway = (url: string, message: string): FileAnswer =>
  said(url, 502, new Headers({ "content-type": "application/json" }), JSON.stringify({ message }));

const storageTrouble = (url: string, what: string): FileAnswer =>
  badGateway(url, `the file's storage host ${what}`);

interface Patience {
  readonly signal: AbortSignal;
  /** The next answer, or the next piece of one, has so long to come. */
  readonly atMost: (ms: number) => void;
  readonly end: () => void;
}

function createPatience(totalMs: number): Patience {
  const controller = new AbortController();
  const giveUp = (): void => controller.abort(new DOMException("too slow", "TimeoutError"));
  const whole = setTimeout(giveUp, totalMs);
  let silence: NodeJS.Timeout | undefined;
  return {
    signal: controller.signal,
    atMost: (ms) => {
      clearTimeout(silence);
      silence = setTimeout(giveUp, ms);
    },
    end: () => {
      clearTimeout(whole);
      clearTimeout(silence);
    },
  };
}

const isTimeOut = (error: unknown): boolean =>
  error instanceof Error && error.name === "TimeoutError";

/** What fetch throws may hold the request and is dropped. null: a storage host that refuses connections, which says nothing of GitHub. */
async function begin(url: string, init: RequestInit, isHome: boolean): Promise<Response | null> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (isHome) throw new NoAnswer(isTimeOut(error));
    if (isTimeOut(error))
      throw new GitHubError("unavailable", "the file's storage host did not answer in time");
    return null;
  }
}

async function textOf(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw new NoAnswer(isTimeOut(error));
  }
}

/** The content, never more than allowed in memory. One that breaks off is fetched again; one that stands still is not waited for twice. */
async function contentOf(
  url: string,
  response: Response,
  { maxBytes, idleMs }: FileLimits,
  patience: Patience,
): Promise<FileAnswer> {
  const tooLarge = (): GitHubError =>
    new GitHubError("incomplete", `the file is larger than ${maxBytes} bytes`);
  if (Number(response.headers.get("content-length")) > maxBytes) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    patience.atMost(idleMs);
    for await (const chunk of response.body ?? []) {
      patience.atMost(idleMs);
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof GitHubError) throw error;
    if (isTimeOut(error)) throw new GitHubError("unavailable", "the file came too slowly");
    return badGateway(url, "the file broke off while it was read");
  }
  const { headers } = response;
  return {
    status: 200,
    url,
    headers,
    body: Buffer.concat(chunks, size),
    text: () => Promise.resolve(""),
  };
}
