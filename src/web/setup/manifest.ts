import type { SetupAsked } from "./asked.ts";

/** GitHub takes no longer name of an App. */
const longestName = 34;

/** The App's manifest as GitHub's page takes it. `here`: where the person's browser is now. */
export function manifestOf(
  base: Readonly<Record<string, unknown>>,
  { organization, webhook, publicUrl }: SetupAsked,
  here: string,
  listensAt: string,
): Readonly<Record<string, unknown>> {
  const name = typeof base["name"] === "string" ? base["name"] : "Gatehouse";
  const root = publicUrl ?? listensAt;
  return {
    ...base,
    // Names of Apps are taken once for all of GitHub.
    name: (organization === null ? name : `${name} ${organization}`).slice(0, longestName).trim(),
    redirect_url: `${here}/setup/done`,
    // The person who installs it comes back to the list of what is still to be done.
    setup_url: `${root}/setup`,
    callback_urls: [...new Set([root, here])].map((address) => `${address}/login/callback`),
    hook_attributes: { url: webhook, active: true },
  };
}
