import { createHmac } from "node:crypto";
import { Readable } from "node:stream";
import { createWebhookEndpoint } from "../../../src/web/webhook-endpoint.ts";
import { promise, textOf, type FuzzTarget } from "../target.ts";

const secret = "a secret that only GitHub knows";
const stored: { readonly event: string; readonly guid: string; readonly body: string }[] = [];
let failure: unknown;

const endpoint = createWebhookEndpoint({
  isTooMuch: () => false,
  secrets: [secret],
  inbox: {
    put: (delivery: (typeof stored)[number]) => {
      stored.push(delivery);
      return Promise.resolve("stored");
    },
  } as never,
  clock: { now: () => 0 },
  log: {
    info: () => undefined,
    warn: () => undefined,
    error: ({ err }: { readonly err?: unknown }) => {
      failure = err;
    },
  },
  meter: { count: () => undefined, observe: () => undefined, gauge: () => undefined } as never,
  onStored: () => undefined,
});

const headers = {
  "content-type": "application/json",
  "x-github-event": "push",
  "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
};

/** Sends the body with a right signature over it, unless the headers bring one of their own; answers the status. */
async function send(body: Buffer, sent: Readonly<Record<string, unknown>>): Promise<number> {
  const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  const request = Object.assign(Readable.from(body.length === 0 ? [] : [body]), {
    headers: { "x-hub-signature-256": signature, ...sent },
    socket: { remoteAddress: "192.0.2.9", destroy: () => undefined },
    complete: true,
  });
  let status = 0;
  const response = { writeHead: (code: number) => (status = code), end: () => undefined };
  await endpoint(request as never, response as never);
  return status;
}

/** Node hands on headers as texts. */
const textsIn = (sent: object): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(sent).filter(([, value]) => typeof value === "string"));

/** Requests to the webhook endpoint: headers, which no signature covers, and bytes for a body. */
export const target: FuzzTarget = {
  name: "delivery",
  corpus: [
    { headers, body: '{"ref":"refs/heads/main"}' },
    {
      headers: { ...headers, "content-type": "application/x-www-form-urlencoded" },
      body: "payload=%7B%22a%22%3A1%7D",
    },
    { headers: { ...headers, "content-length": "99999999999" }, body: "{}" },
    { headers: { ...headers, "x-hub-signature-256": `sha256=${"0".repeat(64)}` }, body: "[]" },
  ].map((request) => JSON.stringify(request)),
  read: async (input) => {
    let sent: { readonly headers?: object; readonly body?: unknown } | null;
    try {
      sent = JSON.parse(textOf(input)) as typeof sent;
    } catch {
      sent = null;
    }
    stored.length = 0;
    failure = undefined;
    const isRequest = typeof sent?.headers === "object" && sent.headers !== null;
    const body =
      isRequest && typeof sent?.body === "string" ? Buffer.from(sent.body) : Buffer.from(input);
    const status = await send(body, isRequest ? textsIn(sent?.headers ?? {}) : headers);
    if (failure !== undefined) throw failure;
    promise(
      [200, 202, 400, 401, 413].includes(status),
      `the answer is one of its own, not ${status}`,
    );
    promise(
      (status === 202) === (stored.length === 1),
      "what is taken is stored, and nothing else",
    );
    for (const { event, guid, body: text } of stored) {
      promise(
        /^[a-z][a-z0-9_]*$/.test(event) && /^[\w-]+$/.test(guid),
        "names have the shape of names",
      );
      const value: unknown = JSON.parse(text);
      promise(
        typeof value === "object" && value !== null && !Array.isArray(value),
        "a body is an object",
      );
    }
  },
};
