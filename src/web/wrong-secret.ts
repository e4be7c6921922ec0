import type { IncomingMessage } from "node:http";
import type { Clock, Log } from "#core/ports/system.ts";

const sayAgainMs = 10 * 60_000;

/** Whether somebody meant to sign this, or GitHub sent it: a stranger's request without a signature is no news. */
function isMeant(request: IncomingMessage): boolean {
  const signature = request.headers["x-hub-signature-256"];
  const agent = request.headers["user-agent"] ?? "";
  return (
    (typeof signature === "string" && /^sha256=[0-9a-f]{64}$/.test(signature)) ||
    agent.startsWith("GitHub-Hookshot/")
  );
}

/** Deliveries that nobody's secret signed, told in one line every ten minutes at most; /metrics counts each. */
export function createWrongSecretNotice(
  clock: Clock,
  log: Log,
): (request: IncomingMessage) => void {
  let saidAt = Number.NEGATIVE_INFINITY;
  let since = 0;
  return (request) => {
    if (!isMeant(request)) return;
    since += 1;
    const now = clock.now();
    if (now - saidAt < sayAgainMs && now >= saidAt) return;
    log.warn(
      { refused: since, signed: request.headers["x-hub-signature-256"] !== undefined },
      "deliveries are refused: they are not signed with WEBHOOK_SECRET. Set WEBHOOK_SECRET to the webhook secret of the App's settings page (or that one to this), and restart; GitHub is then asked for what was refused",
    );
    saidAt = now;
    since = 0;
  };
}
