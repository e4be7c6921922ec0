import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Whether any of the secrets made this X-Hub-Signature-256 over exactly these bytes
 * (docs.github.com, Validating webhook deliveries). The older SHA-1 header is never looked at.
 */
export function isSigned(
  body: Buffer,
  header: string | undefined,
  secrets: readonly string[],
): boolean {
  if (header === undefined || !/^sha256=[0-9a-f]{64}$/.test(header)) return false;
  const given = Buffer.from(header.slice("sha256=".length), "hex");
  // Every secret is tried, so that timing does not tell which of two is the current one.
  return secrets
    .map((secret) => timingSafeEqual(createHmac("sha256", secret).update(body).digest(), given))
    .includes(true);
}
