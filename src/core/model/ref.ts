/** A branch's or tag's bare name, as GitHub writes the ref of a deployment; `refs/pull/…` stays what it is. */
export const bareRef = (ref: string): string => ref.replace(/^refs\/(?:heads|tags)\//, "");
