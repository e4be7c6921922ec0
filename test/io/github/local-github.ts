import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { generateKeyPairSync } from "node:crypto";
import { GatehouseError } from "#core/model/errors.ts";
import { createGitHub, type GitHub, type GitHubOptions } from "#io/github/client/client.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Log, Meter } from "#core/ports/system.ts";

/** A request as the scripted server saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

export interface Reply {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Close the connection without an answer. */
  readonly drop?: boolean;
  /** Never answer. */
  readonly hang?: boolean;
}

export interface LocalGitHub {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** Requests other than for tokens. */
  readonly calls: () => readonly Seen[];
  readonly close: () => Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? null : JSON.parse(text);
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply.drop === true) {
    response.destroy();
    return;
  }
  if (reply.hang === true) return;
  // The clock of a test is its own: only a scripted Date counts.
  response.sendDate = false;
  const text = reply.text ?? (reply.json === undefined ? "" : JSON.stringify(reply.json));
  response.writeHead(reply.status ?? 200, { "content-type": "application/json", ...reply.headers });
  response.end(text);
}

/** A server that answers as scripted; token requests are answered with `ghs_<n>` unless `answer` does. */
export async function serveGitHub(
  answer: (seen: Seen, nth: number) => Reply | undefined | Promise<Reply | undefined>,
): Promise<LocalGitHub> {
  const seen: Seen[] = [];
  let tokens = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? "/", "http://local");
      const one: Seen = {
        method: request.method ?? "",
        path: decodeURIComponent(url.pathname),
        query: url.searchParams,
        headers: request.headers as Seen["headers"],
        body: await bodyOf(request),
      };
      seen.push(one);
      const scripted = await answer(
        one,
        seen.filter((other) => other.path === one.path && other.method === one.method).length,
      );
      if (scripted !== undefined) return send(response, scripted);
      if (one.path.endsWith("/access_tokens")) {
        tokens += 1;
        return send(response, {
          status: 201,
          json: {
            token: `ghs_secret${tokens}`,
            expires_at: new Date(Date.now() + 3_600_000).toISOString(),
            permissions: {},
          },
        });
      }
      return send(response, { status: 404, json: { message: "Not Found" } });
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    calls: () => seen.filter((one) => !one.path.endsWith("/access_tokens")),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export const privateKey = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();

/** Everything logged, as text: to look for secrets. */
export function recordingLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (fields: unknown, message: string): void => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  return { lines, info: write, warn: write, error: write };
}

export const noMeter: Meter = { count: () => undefined, observe: () => undefined };

/** A clock that moves only when told, or by sleeping on it. */
export function handClock(start = Date.parse("2026-03-02T10:00:00Z")) {
  let now = start;
  const slept: number[] = [];
  return {
    now: () => now,
    slept,
    advance: (ms: number) => {
      now += ms;
    },
    sleep: async (ms: number) => {
      slept.push(ms);
      now += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** A client of the scripted server whose waits take no time. */
export const clientOf = (server: LocalGitHub, options: Partial<GitHubOptions> = {}): GitHub =>
  clientAt(server.url, options);

/** The same for any address. */
export function clientAt(baseUrl: string, options: Partial<GitHubOptions> = {}): GitHub {
  return createGitHub({
    appId: 7,
    privateKey,
    baseUrl,
    clock: { now: Date.now },
    log: recordingLog(),
    meter: noMeter,
    limits: "off",
    timeoutMs: 2_000,
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
    random: () => 0.5,
    ...options,
  });
}

export function aRepository(overrides: Partial<RepositoryRecord> = {}): RepositoryRecord {
  return {
    id: 100,
    installationId: 1,
    owner: "acme",
    ownerId: 10,
    ownerType: "Organization",
    name: "shop",
    private: false,
    archived: false,
    defaultBranch: "main",
    active: true,
    ...overrides,
  };
}

/** What a call that has to fail throws. */
export async function errorOf(promise: Promise<unknown>): Promise<GatehouseError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof GatehouseError) return error;
    throw error;
  }
  throw new Error("did not fail");
}
