/** Who set a deployment status, as GitHub writes it. */
export interface StatusAuthor {
  readonly creator: { readonly login: string; readonly type?: string | null | undefined } | null;
  /** The App that acted, also where it acted on behalf of a person. */
  readonly via: { readonly slug?: string | null | undefined } | null;
}

const slug = "github-actions";

/**
 * Whether GitHub Actions itself set the status, so that it is the outcome of the job. Anybody with write access can
 * set a status through the API.
 */
export const isByActions = ({ creator, via }: StatusAuthor): boolean =>
  via?.slug === slug ||
  (creator !== null && creator.type === "Bot" && creator.login === `${slug}[bot]`);
