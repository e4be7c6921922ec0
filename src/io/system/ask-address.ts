import { networkCode, unreachable } from "#core/render/unreachable.ts";

const withinMs = 5_000;
const mostCharacters = 1_000;

/** What an address answers to a GET, whatever its status; a sentence where nothing answers. Redirects are not followed. */
export async function askAddress(
  url: string,
): Promise<{ readonly text: string } | { readonly trouble: string }> {
  try {
    const answer = await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.timeout(withinMs),
      headers: { "user-agent": "gatehouse" },
    });
    return { text: (await answer.text()).slice(0, mostCharacters) };
  } catch (error) {
    return { trouble: unreachable(new URL(url).host, networkCode(error)) };
  }
}
