/**
 * Who issues the tokens of jobs (docs.github.com, OpenID Connect reference): github.com has a service of its own,
 * a tenant of ghe.com one beside it, and a GitHub Enterprise Server issues them itself.
 */
export function issuerOf(webUrl: string): string {
  const { host, hostname, origin } = new URL(webUrl);
  if (hostname === "github.com") return "https://token.actions.githubusercontent.com";
  if (hostname.endsWith(".ghe.com")) return `https://token.actions.${host}`;
  return `${origin}/_services/token`;
}
