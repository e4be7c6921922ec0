import { open } from "node:fs/promises";
import { GatehouseError } from "#core/model/errors.ts";
import type { AuditAnchor } from "#core/ports/audit.ts";
import { whyUnwritable } from "./env-file.ts";

/** Where the audit log's head is noted. */
export type AnchorPlace =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "http"; readonly url: string; readonly token: string | null };

const timeoutMs = 10_000;

/** On the disk when it answers: a note that a crash takes along notes nothing. */
async function append(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, "a", 0o600);
    try {
      await file.appendFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new GatehouseError(
      "unavailable",
      `${path} cannot be appended to: ${whyUnwritable(cause)}`,
      {
        cause,
      },
    );
  }
}

async function post(url: string, token: string | null, body: string): Promise<void> {
  const { host } = new URL(url);
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body,
    // The token is for this host.
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw new GatehouseError("unavailable", `${host} did not answer`, { cause });
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new GatehouseError("unavailable", `${host} answered ${answer.status}`);
}

/** A line, or a request, of JSON for each head. `check` throws where nothing could be noted, as far as that can be told before. */
export function createAuditAnchor(
  place: AnchorPlace,
): AuditAnchor & { readonly check: () => Promise<void> } {
  return {
    note: ({ seq, hash, at }) => {
      const body = JSON.stringify({ time: new Date(at).toISOString(), seq, hash });
      return place.kind === "file"
        ? append(place.path, `${body}\n`)
        : post(place.url, place.token, body);
    },
    check: () => (place.kind === "file" ? append(place.path, "") : Promise.resolve()),
  };
}
