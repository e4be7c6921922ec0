import { z } from "zod";
import type { PullRequestRow } from "#core/ports/pull-request.ts";

/** `stack` of a pull request: null outside of a stack, absent on servers that know none. */
export const stackShape = z.object({ base: z.object({ ref: z.string() }) }).nullish();

/** The branch for whose rules GitHub holds a pull request, and its own where that is another. */
export function basesOf(
  own: string,
  stack: z.infer<typeof stackShape>,
): Pick<PullRequestRow, "baseRef" | "directBaseRef"> {
  const base = stack?.base.ref ?? own;
  return base === own ? { baseRef: own } : { baseRef: base, directBaseRef: own };
}
