import type { WorkloadClaims } from "#core/outside/claims.ts";

/** `refused`: not signed by the issuer, not for us, or not now; `because` is for our log and for nobody else. */
export type VerifiedToken =
  | { readonly kind: "claims"; readonly claims: WorkloadClaims }
  | { readonly kind: "refused"; readonly because: string }
  /** The issuer's keys cannot be read: nobody can tell. */
  | { readonly kind: "unavailable"; readonly because: string };

/** Tokens that GitHub gives the jobs of workflows (OpenID Connect). */
export interface WorkloadTokens {
  readonly verify: (token: string) => Promise<VerifiedToken>;
}
