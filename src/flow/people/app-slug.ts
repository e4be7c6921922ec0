import type { House } from "#flow/deps.ts";

const key = "app:slug";

/** The App's name in mentions, as it was read last; costs no call. */
export async function knownSlug(house: House): Promise<string> {
  return (await house.store.records.getValue(key)) ?? "gatehouse";
}

/** Asks for it anew: an App may be renamed. */
export async function refreshSlug(house: House): Promise<void> {
  const slug = await house.github.appSlug();
  if (slug !== (await knownSlug(house))) await house.store.records.setValue(key, slug);
}
