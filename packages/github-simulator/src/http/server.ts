import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { authorize, identify } from "./auth.ts";
import type { Call, Caller } from "./call.ts";
import {
  answersItself,
  claimFault,
  drop,
  withPartialFailure,
  type ActiveFault,
  type Fault,
} from "./faults.ts";
import { readObject } from "./json.ts";
import { oidcReply } from "./oidc.ts";
import { Refusal, type Reply } from "./reply.ts";
import { find, type Router } from "./router.ts";
import { tick } from "../scenario/gates.ts";
import { spend } from "./quota.ts";
import type { World } from "../world/world.ts";

/** One call of the API as it went over the wire. `path` has no `/api/v3` prefix, `url` does. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly path: string;
  readonly requestBody: unknown;
  readonly status: number;
  readonly responseBody: unknown;
  readonly at: number;
  /** Calls that only fetch a token or describe the App; they are not counted as work. */
  readonly isToken: boolean;
  /** Answered by a staged fault: says nothing about GitHub's shapes. */
  readonly isFault: boolean;
}

export interface ServerContext {
  readonly world: World;
  readonly router: Router;
  readonly faults: ActiveFault[];
  readonly latencyMs: () => number;
  readonly record: (exchange: Exchange) => void;
  /** Answers GraphQL; handed in so that HTTP knows nothing of schemas. */
  readonly graphql: (call: Call) => Promise<Reply>;
  /** `/_simulator/*`, `/_blobs/*`, `/bundles/*`: not part of GitHub, never counted, never faulted. `null`: not such a path. */
  readonly backstage: (method: string, url: URL, body: string) => Promise<Reply | null>;
}

/** GitHub takes no larger request. */
const maxBody = 26_214_400;

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > maxBody) throw new Refusal(413, "Payload too large");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** `/api/v3/x` and `/x` are one path, as are `/api/graphql` and `/graphql`. */
export function plainPath(pathname: string): string {
  if (pathname === "/api/graphql" || pathname === "/graphql") return "/graphql";
  return pathname.startsWith("/api/v3/") ? pathname.slice("/api/v3".length) : pathname;
}

async function answer(
  context: ServerContext,
  request: IncomingMessage,
  url: URL,
  path: string,
  body: string,
): Promise<Reply> {
  const { world } = context;
  const method = request.method ?? "GET";
  try {
    tick(world);
    const issued = oidcReply(world, url, request.headers.authorization);
    if (issued !== null) return issued;
    const parsed = readObject(body);
    if (parsed === null) throw new Refusal(400, "Problems parsing JSON");
    const caller: Caller = identify(world, request.headers.authorization);
    const base = {
      world,
      method,
      path,
      url,
      query: url.searchParams,
      body: parsed,
      caller,
      accept: request.headers.accept ?? "",
    };
    const limited = spend(world, caller, path);
    if (limited !== null) return limited;
    if (path === "/graphql") return await context.graphql({ ...base, params: {} });
    const found = find(context.router, method, path);
    if (found === null) throw new Refusal(404, "Not Found");
    const call: Call = { ...base, params: found.params };
    authorize(call, found.route);
    return found.route.handle(call);
  } catch (error) {
    if (error instanceof Refusal) return error.toReply();
    // A fault of the simulator itself: say so, so that nobody takes it for GitHub's.
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { status: 500, body: { message: `simulator: ${message}` } };
  }
}

function conditional(request: IncomingMessage, reply: Reply): Reply {
  if (request.method !== "GET" || reply.status !== 200) return reply;
  const etag = `W/"${createHash("sha256")
    .update(reply.raw ?? JSON.stringify(reply.body))
    .digest("hex")}"`;
  const headers = { ...reply.headers, etag };
  const asked = request.headers["if-none-match"];
  return asked?.split(/,\s*/).some((one) => one.replace(/^W\//, "") === etag.slice(2)) === true
    ? { status: 304, headers }
    : { ...reply, headers };
}

function send(context: ServerContext, response: ServerResponse, reply: Reply, path: string): void {
  const { world } = context;
  const raw =
    reply.raw ?? (reply.body === undefined ? null : Buffer.from(JSON.stringify(reply.body)));
  const quota =
    world.quota.limit === null
      ? {}
      : {
          "x-ratelimit-limit": String(world.quota.limit),
          "x-ratelimit-remaining": String(world.quota.remaining),
          "x-ratelimit-used": String(world.quota.limit - world.quota.remaining),
          "x-ratelimit-reset": String(Math.ceil(world.quota.resetAt / 1000)),
          "x-ratelimit-resource": path === "/graphql" ? "graphql" : "core",
        };
  response.writeHead(reply.status, {
    // Clients correct their own clocks by this, so it is the scenario's time.
    date: new Date(world.now()).toUTCString(),
    "x-github-media-type": "github.v3; format=json",
    "x-github-request-id": "SIMULATOR",
    ...quota,
    ...(raw === null
      ? {}
      : {
          "content-type": "application/json; charset=utf-8",
          "content-length": String(raw.length),
        }),
    ...reply.headers,
  });
  response.end(raw);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function faultReply(fault: Fault): Reply {
  const status = fault.status ?? 200;
  const body = fault.body ?? {
    message: `simulated ${status}`,
    documentation_url: "https://docs.github.com/rest",
  };
  // A text is sent as it is: what stands between GitHub and us answers in HTML.
  if (typeof body === "string")
    return {
      status,
      raw: Buffer.from(body, "utf8"),
      headers: { "content-type": "text/html; charset=utf-8", ...fault.headers },
    };
  return { status, body, headers: fault.headers ?? {} };
}

async function handle(
  context: ServerContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", context.world.origin);
  const path = plainPath(url.pathname);
  const method = request.method ?? "GET";
  let body: string;
  try {
    body = await readBody(request);
  } catch (error) {
    send(context, response, error instanceof Refusal ? error.toReply() : { status: 400 }, path);
    return;
  }
  const backstage = await context.backstage(method, url, body);
  if (backstage !== null) return send(context, response, backstage, path);
  const fault = claimFault(context.faults, method, path, body);
  const wait = context.latencyMs() + (fault?.delayMs ?? 0);
  if (wait > 0) await pause(wait);
  if (fault?.hang === true) return;
  const isFault = fault !== null && answersItself(fault);
  let reply = isFault
    ? faultReply(fault)
    : conditional(request, await answer(context, request, url, path, body));
  if (fault?.partialGraphql !== undefined)
    reply = { ...reply, body: withPartialFailure(reply.body, fault.partialGraphql) };
  if (fault?.headers !== undefined && !isFault)
    reply = { ...reply, headers: { ...reply.headers, ...fault.headers } };
  context.record({
    method,
    url: url.pathname + url.search,
    path,
    requestBody: body === "" ? undefined : (readObject(body) ?? body),
    status: reply.status,
    responseBody: reply.raw === undefined ? reply.body : undefined,
    at: context.world.now(),
    isToken:
      path.endsWith("/access_tokens") ||
      path.startsWith("/_services/token") ||
      path === "/app" ||
      path.startsWith("/app/installations") ||
      path.endsWith("/installation"),
    isFault,
  });
  if (fault?.loseAnswer === true) return drop(response);
  send(context, response, reply, path);
}

export function createHttpServer(context: ServerContext): Server {
  const server = createServer((request, response) => {
    handle(context, request, response).catch((error: unknown) => {
      if (response.headersSent) return drop(response);
      send(
        context,
        response,
        { status: 500, body: { message: `simulator: ${String(error)}` } },
        "",
      );
    });
  });
  server.keepAliveTimeout = 60_000;
  return server;
}
