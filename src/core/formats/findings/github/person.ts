import { z } from "zod";
import type { SuppressedBy } from "../finding.ts";

/** A user inside GitHub's answers; only what decides is kept. */
export const personSchema = z.object({ id: z.number().int(), login: z.string() }).nullish();

export function suppressedBy(person: z.infer<typeof personSchema>): SuppressedBy | undefined {
  return person === null || person === undefined
    ? undefined
    : { login: person.login, id: person.id };
}

/** "won't fix: we will replace it", of a reason and a comment that may both be missing. */
export function reasonAndComment(
  reason: string | null | undefined,
  comment: string | null | undefined,
): string | undefined {
  const parts = [reason, comment].filter(
    (part) => part !== null && part !== undefined && part !== "",
  );
  return parts.length === 0 ? undefined : parts.join(": ");
}

/** Words of GitHub that may be absent or null. */
export const text = z.string().nullish();
