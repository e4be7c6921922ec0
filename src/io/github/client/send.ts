import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from "node:http";
import https from "node:https";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { agentFor } from "../../system/proxies.ts";

/** One answer, read to its end: as much of fetch's `Response` as Octokit reads. */
export interface Answer {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  /** The body as it came. */
  readonly body: string;
  readonly text: () => Promise<string>;
}

export interface Sending {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** For everything: connecting, sending, and the answer's last byte. */
  readonly timeoutMs: number;
}

/** The host did not answer within the time that was given. */
export class TooLate extends Error {
  override readonly name = "TooLate";
}

/** A proxy asks for authentication. */
export class ProxyRefused extends Error {
  override readonly name = "ProxyRefused";
  readonly code = "EPROXY";
}

/** The answer has more bytes than any of GitHub's; it is not kept. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
}

const mostBytes = 64 * 1024 * 1024;

const unzipped = promisify(gunzip);

/**
 * Sends one request over a kept connection and reads the whole answer; no redirect is followed. Throws `TooLate`,
 * `TooLarge`, or whatever broke. Node's plain client: `fetch` costs four times the processor for what is done here.
 */
export function send(url: string, sending: Sending): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = open(url, sending);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      request.destroy();
    }, sending.timeoutMs);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(isLate ? new TooLate() : error);
    };
    request.on("error", fail);
    request.on("response", (response) => {
      // GitHub never answers 407; a proxy on the way does.
      if (response.statusCode === 407) {
        request.destroy();
        fail(new ProxyRefused());
        return;
      }
      collect(response)
        .then(async (bytes) => {
          clearTimeout(timer);
          const body = await textOf(response, bytes);
          resolve({
            status: response.statusCode ?? 0,
            url,
            headers: headersOf(response),
            body,
            text: () => Promise.resolve(body),
          });
        })
        .catch((error: unknown) => {
          request.destroy();
          fail(error instanceof Error ? error : new Error("the answer broke"));
        });
    });
    request.end(sending.body);
  });
}

function open(url: string, { method, headers, body }: Sending): ClientRequest {
  const options: RequestOptions = {
    method,
    agent: agentFor(url),
    headers: {
      "accept-encoding": "gzip",
      ...headers,
      ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
    },
  };
  return url.startsWith("https:") ? https.request(url, options) : http.request(url, options);
}

function collect(response: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > mostBytes) reject(new TooLarge());
      else chunks.push(chunk);
    });
    response.on("end", () => resolve(Buffer.concat(chunks, size)));
    // A connection that closes in the middle says so here, and never as an end.
    response.on("error", reject);
  });
}

/** Compressed text may be a bomb: it is unpacked up to the same cap. */
async function textOf(response: IncomingMessage, bytes: Buffer): Promise<string> {
  if (response.headers["content-encoding"] !== "gzip" || bytes.length === 0)
    return bytes.toString("utf8");
  try {
    return (await unzipped(bytes, { maxOutputLength: mostBytes })).toString("utf8");
  } catch (error) {
    if (error instanceof RangeError) throw new TooLarge();
    throw error;
  }
}

function headersOf({ headers }: IncomingMessage): Headers {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) all.set(name, Array.isArray(value) ? value.join(", ") : value);
  return all;
}
