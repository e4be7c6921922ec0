/** Who set a deployment status, as GitHub writes it. */
export interface StatusAuthor {
  readonly creator: { readonly login: string; readonly type?: string | null | undefined } | null;
  /** The App that acted, be it in a person's name. */
  readonly via: { readonly slug?: string | null | undefined } | null;
}

const slug = "github-actions";

/** Whether GitHub Actions itself set it, which tells how the job went. Everybody with write access may set any status by the API. */
export const isByActions = ({ creator, via }: StatusAuthor): boolean =>
  via?.slug === slug ||
  (creator !== null && creator.type === "Bot" && creator.login === `${slug}[bot]`);
