import { GatehouseError } from "#core/model/errors.ts";

/**
 * Exchanges the code of GitHub's manifest flow for the new App's credentials
 * (REST API, Create a GitHub App from a manifest; the code is good for one hour and once).
 */
export async function convertManifest(apiUrl: string, code: string): Promise<unknown> {
  const answer = await fetch(`${apiUrl}/app-manifests/${encodeURIComponent(code)}/conversions`, {
    method: "POST",
    headers: { accept: "application/vnd.github+json", "user-agent": "gatehouse" },
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok)
    throw new GatehouseError("invalid", `GitHub answered ${answer.status} to the manifest's code`);
  return answer.json();
}
