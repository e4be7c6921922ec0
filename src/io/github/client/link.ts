/** The next page of a `Link` header; only on our own GitHub, because the token goes along. */
export function nextOf(link: string | undefined, baseUrl: string): string | null {
  const match = /<([^>]+)>;[^,]*\brel="next"/.exec(link ?? "");
  const url = match?.[1];
  if (url === undefined || !URL.canParse(url)) return null;
  return new URL(url).origin === new URL(baseUrl).origin ? url : null;
}
