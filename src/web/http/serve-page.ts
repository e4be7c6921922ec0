import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { createBodyRoom, discard } from "../body-room.ts";
import { isInPieces } from "./in-pieces.ts";

/** Anything that answers a request as the web platform has it. */
export interface PageSource {
  readonly fetch: (
    request: Request,
    env: { readonly remote: string },
  ) => Response | Promise<Response>;
}

/** Forms are small; anybody who sends more fills in no form of ours. */
const forms = createBodyRoom({
  mostBytes: 64 * 1024,
  mostHeld: 4 * 1024 * 1024,
  mostReaders: 64,
  withinMs: 10_000,
});

/** Live updates, and what is too long to be held whole. */
const goesOn = ({ headers }: Response): boolean =>
  headers.get("content-type")?.startsWith("text/event-stream") === true || isInPieces(headers);

function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    if (typeof value === "string") headers.set(name, value);
  return headers;
}

/** The methods that a page or the API may be asked with; the web platform makes no request of some others. */
const methods: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "OPTIONS"]);

/** Whether a Host names a host and a port, and nothing besides: no credentials, no part of a path. */
function isHost(text: string): boolean {
  if (!URL.canParse(`http://${text}`)) return false;
  const { username, password, pathname, search, hash } = new URL(`http://${text}`);
  return (
    `${username}${password}${search}${hash}` === "" && pathname === "/" && !/[/?#@]/.test(text)
  );
}

/** Answers with a page. A body is read from POST only; an answer that goes on (live updates) is streamed. */
export async function servePage(
  pages: PageSource,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method ?? "GET";
  const isPost = method === "POST";
  if (!isPost) discard(request);
  const read = isPost ? await forms.read(request) : null;
  try {
    if (read !== null && read.body.kind !== "body") {
      response.writeHead(read.body.kind === "too_large" ? 413 : 400, {
        "content-type": "text/plain; charset=utf-8",
        connection: "close",
      });
      response.end("The form did not arrive whole.\n");
      return;
    }
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const host = request.headers.host ?? "localhost";
    const path = request.url ?? "/";
    const address = `http://${host}${path.startsWith("/") ? path : `/${path}`}`;
    if (!methods.has(method)) {
      response.writeHead(405, {
        "content-type": "text/plain; charset=utf-8",
        allow: [...methods].join(", "),
      });
      response.end("Nothing here answers this method.\n");
      return;
    }
    if (!isHost(host) || !URL.canParse(address)) {
      response.writeHead(400, { "content-type": "text/plain; charset=utf-8" });
      response.end("The address is malformed.\n");
      return;
    }
    const answer = await pages.fetch(
      new Request(address, {
        method,
        headers: headersOf(request),
        signal: gone.signal,
        ...(read?.body.kind === "body" ? { body: new Uint8Array(read.body.bytes) } : {}),
      }),
      { remote: request.socket.remoteAddress ?? "" },
    );
    const cookies = answer.headers.getSetCookie();
    response.writeHead(answer.status, {
      ...Object.fromEntries([...answer.headers].filter(([name]) => name !== "set-cookie")),
      ...(cookies.length === 0 ? {} : { "set-cookie": cookies }),
    });
    if (answer.body === null || method === "HEAD") {
      response.end();
      return;
    }
    if (goesOn(answer)) {
      await pipeline(Readable.fromWeb(answer.body as ReadableStream<Uint8Array>), response).catch(
        () => undefined,
      );
      return;
    }
    response.end(Buffer.from(await answer.arrayBuffer()));
  } finally {
    read?.leave();
  }
}
