import { createHmac, randomUUID } from "node:crypto";

/** What GitHub would POST, and what the sender may forge. */
export interface Sent {
  readonly url: string;
  readonly secret: string;
  readonly event: string;
  readonly payload: unknown;
  readonly guid?: string;
  readonly signature?: string | null;
  readonly contentType?: string;
  readonly body?: string;
}

export function sign(secret: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/** Sends one delivery and answers with its status. */
export async function send(sent: Sent): Promise<number> {
  const body = sent.body ?? JSON.stringify(sent.payload);
  const signature = sent.signature === undefined ? sign(sent.secret, body) : sent.signature;
  const answer = await fetch(`${sent.url}/api/github/webhooks`, {
    method: "POST",
    headers: {
      "content-type": sent.contentType ?? "application/json",
      "x-github-event": sent.event,
      "x-github-delivery": sent.guid ?? randomUUID(),
      ...(signature === null ? {} : { "x-hub-signature-256": signature }),
    },
    body,
  });
  await answer.arrayBuffer();
  return answer.status;
}
