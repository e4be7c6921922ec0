import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock, Inbox, Log, Meter } from "../core/ports.ts";
import { readBody } from "./read-body.ts";
import { isSigned } from "./signature.ts";

/** GitHub sends no payload above 25 MB (docs.github.com, Webhook events and payloads). */
export const maximumDeliveryBytes = 25 * 1024 * 1024;

/** Bodies held in memory at once; beyond it a sender is told to come back, which GitHub records as a failed delivery. */
const maximumBytesInFlight = 64 * 1024 * 1024;

export interface WebhookDoor {
  readonly secrets: readonly string[];
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  /** Called after a delivery was stored, so that it is routed at once. */
  readonly onStored: () => void;
}

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
  busy: { status: 503, text: "Too many large deliveries at once; deliver again later." },
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
 * The door for GitHub's webhooks: cap, signature, durable row, answer; nothing is judged here.
 * 202 stored · 200 duplicate · 400 not a delivery · 401 not signed · 413 too large · 503 not stored.
 */
export function createWebhookDoor(
  door: WebhookDoor,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  let bytesInFlight = 0;

  async function take(request: IncomingMessage): Promise<Answer> {
    const announced = Number(request.headers["content-length"]) || 0;
    if (announced > maximumDeliveryBytes) return answers.tooLarge;
    if (bytesInFlight + announced > maximumBytesInFlight) return answers.busy;
    bytesInFlight += announced;
    try {
      const body = await readBody(request, maximumDeliveryBytes);
      if (body.kind === "too_large") return answers.tooLarge;
      if (body.kind === "aborted") return answers.malformed;
      if (!isSigned(body.bytes, header(request, "x-hub-signature-256"), door.secrets))
        return answers.notSigned;
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
      bytesInFlight -= announced;
    }
  }

  return async (request, response) => {
    const from = performance.now();
    const answer = await take(request);
    response.writeHead(answer.status, {
      "content-type": "text/plain; charset=utf-8",
      // What was refused unread must not be taken for the next request on this connection.
      ...(answer.status === 413 || answer.status === 503 ? { connection: "close" } : {}),
    });
    response.end(`${answer.text}\n`);
    door.meter.count("deliveries_total", { status: String(answer.status) });
    door.meter.observe("delivery_ack_seconds", (performance.now() - from) / 1000);
  };
}
