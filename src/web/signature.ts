import { Webhooks } from "@octokit/webhooks";

/**
 * Tells whether any of the secrets made this X-Hub-Signature-256 over exactly these bytes (docs.github.com, Validating
 * webhook deliveries). The older SHA-1 header is never looked at.
 */
export function createSignatureCheck(
  secrets: readonly string[],
): (body: Buffer, header: string | undefined) => Promise<boolean> {
  const keys = secrets.map((secret) => new Webhooks({ secret }));
  return async (body, header) => {
    if (body.length === 0 || header === undefined || !/^sha256=[0-9a-f]{64}$/.test(header))
      return false;
    const text = body.toString("utf8");
    // Every secret is tried, so that timing does not tell which of two is the current one.
    return (await Promise.all(keys.map((key) => key.verify(text, header)))).includes(true);
  };
}
