import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Inbox } from "#core/ports/inbox.ts";
import type { Clock, Log, Meter } from "#core/ports/system.ts";
import { createBodyRoom, type BodyRoom } from "./body-room.ts";
import { createSignatureCheck } from "./signature.ts";
import { createWrongSecretNotice } from "./wrong-secret.ts";

/** GitHub sends no payload above 25 MB (docs.github.com, Webhook events and payloads). */
export const maximumDeliveryBytes = 25 * 1024 * 1024;

/** For all bodies together, read and not yet stored: what a small machine can spare. */
const room = {
  mostBytes: maximumDeliveryBytes,
  mostHeld: 48 * 1024 * 1024,
  mostReaders: 256,
  withinMs: 10_000,
} as const;

export interface WebhookEndpoint {
  readonly secrets: readonly string[];
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  /** Whether too much waits already for a delivery of this event to be taken. */
  readonly isTooMuch: (event: string) => boolean;
  /** Called after a delivery was stored, so that it is routed at once. */
  readonly onStored: () => void;
  /** Memory for bodies; left out: as in production. */
  readonly room?: BodyRoom;
}

/** For proxies that stand between: GitHub itself sends nothing again unasked. */
const retryAfterSeconds = 30;

/** Time for an early answer to reach a sender that is still sending. */
const lingerMs = 500;

interface Answer {
  readonly status: number;
  readonly text: string;
}

const answers = {
  stored: { status: 202, text: "stored" },
  duplicate: { status: 200, text: "already here" },
  notSigned: {
    status: 401,
    text: "The signature is missing or wrong: the webhook secret here and on the App's settings page differ.",
  },
  tooLarge: { status: 413, text: "The body is larger than 25 MiB." },
  malformed: {
    status: 400,
    text: "The body is not a JSON object, or the headers X-GitHub-Event and X-GitHub-Delivery are missing.",
  },
  tooFine: { status: 400, text: "The body comes in chunks of too few bytes." },
  tooSlow: { status: 408, text: "The body did not arrive within ten seconds." },
  busy: { status: 503, text: "Too many large deliveries at once; deliver again later." },
  tooMany: { status: 503, text: "Too many deliveries wait; this one is asked for again later." },
  notStored: { status: 503, text: "The delivery could not be stored; deliver again later." },
} as const satisfies Record<string, Answer>;

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}

/** The JSON text of a delivery: the body itself, or the `payload` field of a form (both are GitHub content types). */
function jsonText(body: Buffer, contentType: string | undefined): string | null {
  const text = body.toString("utf8");
  const json = contentType?.startsWith("application/x-www-form-urlencoded")
    ? new URLSearchParams(text).get("payload")
    : text;
  if (json === null) return null;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? json : null;
  } catch {
    return null;
  }
}

/**
 * The endpoint for GitHub's webhooks: size cap, signature, durable row, answer; nothing is judged here.
 * 202 stored · 200 duplicate · 400 not a delivery, or in crumbs · 401 not signed · 408 too slow · 413 too large · 503 not stored, or not taken for now.
 */
export function createWebhookEndpoint(
  door: WebhookEndpoint,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const bodies = door.room ?? createBodyRoom(room);
  const isSigned = createSignatureCheck(door.secrets);
  const noticeWrongSecret = createWrongSecretNotice(door.clock, door.log);

  async function take(request: IncomingMessage): Promise<Answer> {
    const { body, leave } = await bodies.read(request);
    try {
      if (body.kind === "too_large") return answers.tooLarge;
      if (body.kind === "too_slow") return answers.tooSlow;
      if (body.kind === "too_fine") return answers.tooFine;
      if (body.kind === "crowded_out") return answers.busy;
      if (body.kind === "aborted") return answers.malformed;
      // Nothing can be signed and is no delivery either: that is told to the person who did sign it.
      const signature = header(request, "x-hub-signature-256");
      if (body.bytes.length === 0 && signature !== undefined) return answers.malformed;
      if (!(await isSigned(body.bytes, signature))) {
        noticeWrongSecret(request);
        return answers.notSigned;
      }
      const event = header(request, "x-github-event");
      const guid = header(request, "x-github-delivery");
      const json = jsonText(body.bytes, header(request, "content-type"));
      // Names and ids come from headers that the signature does not cover: only their shape is believed.
      if (
        json === null ||
        event === undefined ||
        guid === undefined ||
        !/^[a-z][a-z0-9_]{0,63}$/.test(event) ||
        !/^[\w-]{1,128}$/.test(guid)
      )
        return answers.malformed;
      if (door.isTooMuch(event)) return answers.tooMany;
      const bodyHash = createHash("sha256").update(body.bytes).digest("hex");
      const outcome = await door.inbox.put({
        guid,
        event,
        bodyHash,
        body: json,
        receivedAt: door.clock.now(),
      });
      door.onStored();
      return outcome === "stored" ? answers.stored : answers.duplicate;
    } catch (error) {
      door.log.error({ err: error }, "a delivery could not be stored");
      return answers.notStored;
    } finally {
      leave();
    }
  }

  return async (request, response) => {
    const from = performance.now();
    const answer = await take(request);
    response.writeHead(answer.status, {
      "content-type": "text/plain; charset=utf-8",
      // What was refused unread must not be taken for the next request on this connection.
      ...(request.complete ? {} : { connection: "close" }),
      ...(answer.status === 503 ? { "retry-after": String(retryAfterSeconds) } : {}),
    });
    response.end(`${answer.text}\n`);
    // Who is still sending has had its answer: nothing more of it is read.
    if (!request.complete) setTimeout(() => request.socket.destroy(), lingerMs).unref();
    door.meter.count("deliveries_total", { status: String(answer.status) });
    door.meter.observe("delivery_ack_seconds", (performance.now() - from) / 1000);
  };
}
