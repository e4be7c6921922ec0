import { createHmac, randomUUID } from "node:crypto";
import { post } from "./post.ts";

/** One attempt to hand a webhook to the App, as `GET /app/hook/deliveries` tells it. */
export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  /** Exactly what was, or will be, sent. */
  readonly body: string;
  /** The body, parsed anew each time: thousands of deliveries are kept, and as text they are small. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly redelivery: boolean;
  deliveredAt: number;
  durationMs: number;
  statusCode: number;
  status: string;
  requestHeaders: Readonly<Record<string, string>>;
  responseHeaders: Readonly<Record<string, string>>;
  responseBody: string;
  attempted: boolean;
}

/** What goes wrong between GitHub and the App. Each applies to deliveries made after it was set. */
export interface DeliveryFault {
  /** Only deliveries of this event. */
  readonly event?: string;
  /** Only deliveries of this action. */
  readonly action?: string;
  /** Attempted and lost on the way: logged as failed (status 502 unless given). */
  readonly drop?: number | true;
  readonly dropStatus?: number;
  /** Never sent, and not in the log either. */
  readonly suppress?: boolean;
  /** Sent this many times more, with the same GUID. */
  readonly duplicate?: number;
  /** Waits before sending. */
  readonly delayMs?: number;
  /** How many deliveries it touches; without: all. */
  readonly times?: number;
}

interface ActiveFault {
  readonly fault: DeliveryFault;
  left: number;
}

/** Queue, faults and log of webhook deliveries. */
export interface Outbox {
  readonly log: Delivery[];
  readonly faults: ActiveFault[];
  url: string | null;
  secret: string;
  concurrency: number;
  paused: boolean;
  readonly queue: Delivery[];
  active: number;
  readonly waiters: (() => void)[];
  readonly enterpriseHost: string | null;
  readonly random: () => number;
  readonly hookId: number;
}

const timeoutMs = 10_000;
const keptDeliveries = 20_000;

export function createOutbox(input: {
  url: string | null;
  secret: string;
  hookId: number;
  seed: number;
}): Outbox {
  let state = input.seed >>> 0;
  // A small generator of our own, so that a scenario with lost deliveries loses the same ones each time.
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    log: [],
    faults: [],
    url: input.url,
    secret: input.secret,
    concurrency: 1,
    paused: false,
    queue: [],
    active: 0,
    waiters: [],
    enterpriseHost: null,
    random,
    hookId: input.hookId,
  };
}

function claim(outbox: Outbox, delivery: Delivery): DeliveryFault | null {
  const found = outbox.faults.find(
    ({ fault, left }) =>
      left > 0 &&
      (fault.event === undefined || fault.event === delivery.event) &&
      (fault.action === undefined || fault.action === delivery.action) &&
      (typeof fault.drop !== "number" || outbox.random() < fault.drop),
  );
  if (found === undefined) return null;
  found.left--;
  return found.fault;
}

function record(outbox: Outbox, delivery: Delivery): void {
  outbox.log.push(delivery);
  if (outbox.log.length > keptDeliveries) outbox.log.splice(0, outbox.log.length - keptDeliveries);
}

export interface NewDelivery {
  readonly id: number;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly now: number;
  readonly guid?: string;
  readonly nextId: () => number;
}

function build(input: Omit<NewDelivery, "payload">, body: string, redelivery: boolean): Delivery {
  return {
    body,
    get payload(): Readonly<Record<string, unknown>> {
      return JSON.parse(body) as Readonly<Record<string, unknown>>;
    },
    id: input.id,
    guid: input.guid ?? randomUUID(),
    event: input.event,
    action: input.action,
    installationId: input.installationId,
    repositoryId: input.repositoryId,
    redelivery,
    deliveredAt: input.now,
    durationMs: 0,
    statusCode: 0,
    status: "pending",
    requestHeaders: {},
    responseHeaders: {},
    responseBody: "",
    attempted: false,
  };
}

/** Puts a webhook on its way; faults decide whether and how often it is sent. */
export function enqueue(outbox: Outbox, input: NewDelivery): void {
  const delivery = build(input, JSON.stringify(input.payload), false);
  const fault = claim(outbox, delivery);
  if (fault?.suppress === true) return;
  record(outbox, delivery);
  if (fault?.drop !== undefined) {
    delivery.statusCode = fault.dropStatus ?? 502;
    delivery.status = delivery.statusCode === 0 ? "failed to connect to host" : "Bad Gateway";
    delivery.attempted = true;
    return;
  }
  const later = (): void => {
    outbox.queue.push(delivery);
    for (let copy = 0; copy < (fault?.duplicate ?? 0); copy++) {
      const again = build(
        { ...input, id: input.nextId(), guid: delivery.guid },
        delivery.body,
        true,
      );
      record(outbox, again);
      outbox.queue.push(again);
    }
    pump(outbox);
  };
  if (fault?.delayMs === undefined) return later();
  outbox.active++;
  setTimeout(() => {
    outbox.active--;
    later();
  }, fault.delayMs).unref();
}

/** Sends a logged delivery once more, with its GUID, as `POST …/attempts` does. */
export function redeliver(outbox: Outbox, original: Delivery, id: number, now: number): void {
  const { event, action, installationId, repositoryId, guid } = original;
  const again = build(
    { event, action, installationId, repositoryId, guid, id, now, nextId: () => id },
    original.body,
    true,
  );
  record(outbox, again);
  outbox.queue.push(again);
  pump(outbox);
}

function settle(outbox: Outbox): void {
  if (outbox.active > 0 || (outbox.queue.length > 0 && !outbox.paused)) return;
  for (const done of outbox.waiters.splice(0)) done();
}

/** Starts sending until the queue is empty or as many are under way as allowed. */
export function pump(outbox: Outbox): void {
  while (!outbox.paused && outbox.active < outbox.concurrency) {
    const delivery = outbox.queue.shift();
    if (delivery === undefined) break;
    outbox.active++;
    void send(outbox, delivery).finally(() => {
      outbox.active--;
      pump(outbox);
      settle(outbox);
    });
  }
  settle(outbox);
}

async function send(outbox: Outbox, delivery: Delivery): Promise<void> {
  const { body } = delivery;
  const headers = {
    "content-type": "application/json",
    accept: "*/*",
    "user-agent": "GitHub-Hookshot/simulator",
    "x-github-delivery": delivery.guid,
    "x-github-event": delivery.event,
    "x-github-hook-id": String(outbox.hookId),
    "x-github-hook-installation-target-id": String(outbox.hookId),
    "x-github-hook-installation-target-type": "integration",
    "x-hub-signature": `sha1=${createHmac("sha1", outbox.secret).update(body).digest("hex")}`,
    "x-hub-signature-256": `sha256=${createHmac("sha256", outbox.secret).update(body).digest("hex")}`,
  };
  delivery.requestHeaders = headers;
  const started = performance.now();
  if (outbox.url === null) {
    delivery.status = "no webhook URL is set";
  } else {
    try {
      const answer = await post(outbox.url, headers, body, timeoutMs);
      delivery.statusCode = answer.status;
      delivery.status =
        answer.status >= 200 && answer.status < 300
          ? "OK"
          : `Invalid HTTP Response: ${answer.status}`;
      delivery.responseHeaders = answer.headers;
      delivery.responseBody = answer.body;
    } catch (error) {
      delivery.status =
        error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError")
          ? "timed out"
          : "failed to connect to host";
    }
  }
  delivery.durationMs = performance.now() - started;
  delivery.attempted = true;
}

/** Resolves when nothing is queued or under way any more (a paused queue counts as empty). */
export function settled(outbox: Outbox): Promise<void> {
  return new Promise((resolve) => {
    outbox.waiters.push(resolve);
    settle(outbox);
  });
}
