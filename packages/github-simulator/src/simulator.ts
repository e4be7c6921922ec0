import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { act, blob, state, storedBundle } from "./backstage.ts";
import { executeGraphql } from "./graphql/execute.ts";
import { schema } from "./graphql/schema.ts";
import { createHttpServer, type Exchange } from "./http/server.ts";
import type { ActiveFault, Fault } from "./http/faults.ts";
import { createRouter } from "./http/router.ts";
import { routes } from "./rest/index.ts";
import { actions } from "./scenario/index.ts";
import { tick } from "./scenario/gates.ts";
import { pump, settled, type Delivery, type DeliveryFault } from "./webhooks/outbox.ts";
import { createWorld } from "./world/create.ts";
import { defaultEvents, defaultPermissions } from "./world/grants.ts";
import type { World } from "./world/world.ts";

export interface SimulatorOptions {
  readonly appId: number;
  readonly appSlug?: string;
  /** Verifies App JWTs; without it any RS256 signature is taken. */
  readonly publicKeyPem?: string;
  readonly port?: number;
  readonly host?: string;
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
  /** Added to every API call. */
  readonly latencyMs?: number;
  readonly tokenLifetimeMs?: number;
  /** Permissions and events of the App and of new installations. */
  readonly permissions?: Readonly<Record<string, string>>;
  readonly events?: readonly string[];
  /** Epoch milliseconds; `advance` adds to it. */
  readonly now?: () => number;
  /** Seeds lost and reordered deliveries. */
  readonly seed?: number;
  readonly onExchange?: (exchange: Exchange) => void;
}

type Bound = {
  readonly [Name in keyof typeof actions]: (typeof actions)[Name] extends (
    world: World,
    input: infer Input,
  ) => infer Result
    ? (input: Input) => Result
    : never;
};

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly at: number;
  readonly body?: unknown;
  readonly isToken: boolean;
}

/** Control over a running simulated GitHub: its address, its clock, its faults, what was called. */
export interface Control {
  readonly url: string;
  readonly world: World;
  readonly calls: readonly Call[];
  readonly deliveries: readonly Delivery[];
  resetCalls(): void;
  stop(): Promise<void>;
  fault(fault: Fault): void;
  clearFaults(): void;
  deliveryFault(fault: DeliveryFault): void;
  clearDeliveryFaults(): void;
  setLatency(ms: number): void;
  /** Sets the primary rate limit, or takes it away (`null`). */
  quota(input: { limit: number | null; remaining?: number; resetInMs?: number }): void;
  webhook(input: { url?: string | null; secret?: string; concurrency?: number }): void;
  /** Stops sending webhooks; what happens meanwhile is sent on `releaseWebhooks`. */
  holdWebhooks(): void;
  /** Sends what was held, in order or shuffled. */
  releaseWebhooks(input?: { order?: "kept" | "reversed" | "shuffled" }): void;
  now(): number;
  advance(ms: number): number;
  /** Resolves when every webhook has been attempted. */
  settled(): Promise<void>;
}

export type Simulator = Control & Bound;

function bind(world: World): Bound {
  const bound = Object.entries(actions).map(([name, action]) => [
    name,
    (input: never) => action(world, input),
  ]);
  return Object.fromEntries(bound) as Bound;
}

async function listen(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

function shuffle<T>(list: T[], random: () => number): void {
  for (let at = list.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    const [a, b] = [list[at], list[other]];
    if (a !== undefined && b !== undefined) [list[at], list[other]] = [b, a];
  }
}

function createControl(
  world: World,
  server: Server,
  calls: Call[],
  faults: ActiveFault[],
  timing: { latencyMs: number; offsetMs: number },
): Control {
  const { outbox } = world;
  return {
    url: world.origin,
    world,
    calls,
    deliveries: outbox.log,
    resetCalls: () => void calls.splice(0),
    stop: () =>
      new Promise((resolve) => {
        outbox.paused = true;
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    fault: (fault) => void faults.push({ fault, left: fault.times ?? Infinity }),
    clearFaults: () => void faults.splice(0),
    deliveryFault: (fault) => void outbox.faults.push({ fault, left: fault.times ?? Infinity }),
    clearDeliveryFaults: () => void outbox.faults.splice(0),
    setLatency: (ms) => void (timing.latencyMs = ms),
    quota: ({ limit, remaining, resetInMs }) => {
      world.quota.limit = limit;
      world.quota.remaining = remaining ?? limit ?? 0;
      world.quota.resetAt = world.now() + (resetInMs ?? 3_600_000);
    },
    webhook: ({ url, secret, concurrency }) => {
      if (url !== undefined) outbox.url = url;
      outbox.secret = secret ?? outbox.secret;
      outbox.concurrency = concurrency ?? outbox.concurrency;
    },
    holdWebhooks: () => void (outbox.paused = true),
    releaseWebhooks: (input) => {
      if (input?.order === "reversed") outbox.queue.reverse();
      if (input?.order === "shuffled") shuffle(outbox.queue, outbox.random);
      outbox.paused = false;
      pump(outbox);
    },
    now: world.now,
    advance: (ms) => {
      timing.offsetMs += ms;
      tick(world);
      return world.now();
    },
    settled: () => settled(outbox),
  };
}

async function start(options: SimulatorOptions): Promise<Simulator> {
  // Built before anybody calls: the first query should not be the slow one.
  schema();
  const timing = { latencyMs: options.latencyMs ?? 0, offsetMs: 0 };
  const clock = options.now ?? ((): number => Date.now());
  const world = createWorld({
    appId: options.appId,
    appSlug: options.appSlug ?? "gatehouse",
    permissions: options.permissions ?? defaultPermissions,
    events: options.events ?? defaultEvents,
    publicKeyPem: options.publicKeyPem ?? null,
    webhookUrl: options.webhookUrl ?? null,
    webhookSecret: options.webhookSecret ?? "",
    tokenLifetimeMs: options.tokenLifetimeMs ?? 3_600_000,
    now: () => clock() + timing.offsetMs,
    seed: options.seed ?? 1,
  });
  const calls: Call[] = [];
  const faults: ActiveFault[] = [];
  const bound = bind(world);
  const controls: { control: Control | null } = { control: null };
  const server = createHttpServer({
    world,
    router: createRouter(routes),
    faults,
    latencyMs: () => timing.latencyMs,
    graphql: executeGraphql,
    record: (exchange) => {
      const { method, path, status, at, requestBody, isToken } = exchange;
      calls.push({
        method,
        path,
        status,
        at,
        isToken,
        ...(requestBody === undefined ? {} : { body: requestBody }),
      });
      options.onExchange?.(exchange);
    },
    backstage: async (method, url, body) => {
      if (url.pathname.startsWith("/_blobs/")) return blob(world, url);
      if (url.pathname.startsWith("/bundles/")) return storedBundle(world, url);
      if (!url.pathname.startsWith("/_simulator/")) return null;
      const name = url.pathname.slice("/_simulator/".length);
      if (method === "GET" && name === "state") return { status: 200, body: state(world) };
      if (method === "GET" && name === "calls") return { status: 200, body: calls };
      return act({ ...controlActions(controls.control), ...bound }, name, body);
    },
  });
  world.origin = await listen(server, options.port ?? 0, options.host ?? "127.0.0.1");
  const control = createControl(world, server, calls, faults, timing);
  controls.control = control;
  return Object.assign(control, bound);
}

/** The part of the control that is of use over HTTP. */
function controlActions(control: Control | null): Record<string, (input: never) => unknown> {
  if (control === null) return {};
  return {
    fault: (input: Fault) => control.fault(input),
    clearFaults: () => control.clearFaults(),
    deliveryFault: (input: DeliveryFault) => control.deliveryFault(input),
    clearDeliveryFaults: () => control.clearDeliveryFaults(),
    quota: (input: Parameters<Control["quota"]>[0]) => control.quota(input),
    webhook: (input: Parameters<Control["webhook"]>[0]) => control.webhook(input),
    holdWebhooks: () => control.holdWebhooks(),
    releaseWebhooks: (input: Parameters<Control["releaseWebhooks"]>[0]) =>
      control.releaseWebhooks(input),
    latency: (input: { ms: number }) => control.setLatency(input.ms),
    advance: (input: { ms: number }) => ({ now: control.advance(input.ms) }),
    resetCalls: () => control.resetCalls(),
    settled: () => control.settled(),
  };
}

/** Starts a simulated GitHub on a port of its own. */
export const Simulator = { start } as const;
