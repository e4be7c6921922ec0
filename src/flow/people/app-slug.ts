import type { Deps } from "#flow/deps.ts";

const key = "app:slug";

/** The App's name in mentions, as it was read last; costs no call. */
export async function knownSlug(deps: Deps): Promise<string> {
  return (await deps.store.records.getValue(key)) ?? "gatehouse";
}

/** Asks for it anew: an App may be renamed. */
export async function refreshSlug(deps: Deps): Promise<void> {
  const slug = await deps.github.appSlug();
  if (slug !== (await knownSlug(deps))) await deps.store.records.setValue(key, slug);
}
