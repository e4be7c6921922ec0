import type { SignedIn } from "#flow/sign-in/sign-in.ts";
import type { Viewer } from "#flow/pages/viewer.ts";

/** What a page finds in its context: where the request came from and who asks. */
export interface PageEnv {
  readonly Bindings: { readonly remote: string };
  readonly Variables: {
    /** Root of links. */
    origin: string;
    signedIn: SignedIn | null;
    viewer: Viewer | null;
    /** Where else than to us a form of this page may lead. */
    formAction?: string;
  };
}
