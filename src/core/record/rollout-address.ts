import { urlPart } from "#core/text/url-part.ts";

/** The address of the page of a commit's rollout, below our root. */
export const rolloutPath = (
  { owner, name }: { readonly owner: string; readonly name: string },
  sha: string,
): string => `/${urlPart(owner)}/${urlPart(name)}/rollouts/${urlPart(sha)}`;
