import { z } from "zod";
import { earliest, endOfDay, isInForce } from "../findings/waivers.ts";
import { globProblem, matchesName } from "../glob.ts";
import type { FailedCase } from "./junit.ts";

const words = (what: string, max: number) =>
  z.string().trim().min(1, `${what} must say something`).max(max);

/** A dated, owned acceptance of tests that fail. `test` is a case's name, or a glob; `until` the last day, in UTC. */
export const quarantineSchema = z.strictObject({
  test: words("test", 500)
    .superRefine((glob, context) => {
      const problem = globProblem(glob, "name");
      if (problem !== null) context.addIssue({ code: "custom", message: problem });
    })
    .meta({
      description: "The test's name, or its class and name, as the report has it; a glob of names.",
      examples: ["shop.CartTest.addsTwice", "shop.CartTest.*"],
    }),
  until: z
    .string()
    .refine(
      (date) => endOfDay(date) !== null,
      "until must be a real date such as 2027-01-31: the last day on which it holds (UTC)",
    )
    .meta({ description: "The last day on which it holds, in UTC.", examples: ["2027-01-31"] }),
  owner: words("owner", 100).meta({
    description: "Who answers for it: a login or a team.",
    examples: ["octocat"],
  }),
  reason: words("reason", 1_000).meta({
    description: "Why it may fail until then.",
    examples: ["Fails one time in ten since the move to the new queue."],
  }),
});
export type Quarantined = z.infer<typeof quarantineSchema>;

const isAbout = ({ test }: Quarantined, { id, name }: FailedCase): boolean =>
  id !== "" &&
  (test === id ||
    test === name ||
    matchesName(test, id) ||
    (name !== "" && matchesName(test, name)));

export interface QuarantineApplied {
  /** What still counts. */
  readonly counting: readonly FailedCase[];
  readonly accepted: readonly { readonly failed: FailedCase; readonly by: Quarantined }[];
  /** Entries that would have spoken of a case that counts, had they not run out. */
  readonly expired: readonly Quarantined[];
  /** The first instant (epoch ms) at which an entry that was used runs out. */
  readonly endsAt: number | undefined;
}

/** Applies the policy's quarantine at `now` (epoch ms). Expired entries count for nothing and are listed. */
export function applyQuarantine(
  failed: readonly FailedCase[],
  quarantine: readonly Quarantined[],
  now: number,
): QuarantineApplied {
  const counting: FailedCase[] = [];
  const accepted: { failed: FailedCase; by: Quarantined }[] = [];
  const expired = new Set<Quarantined>();
  const ends: number[] = [];
  for (const one of failed) {
    const about = quarantine.filter((entry) => isAbout(entry, one));
    const by = about
      .filter((entry) => isInForce(entry, now))
      .toSorted((a, b) => b.until.localeCompare(a.until))[0];
    if (by !== undefined) {
      accepted.push({ failed: one, by });
      ends.push(endOfDay(by.until) ?? 0);
      continue;
    }
    counting.push(one);
    for (const entry of about) expired.add(entry);
  }
  return {
    counting,
    accepted,
    expired: [...expired],
    endsAt: earliest(ends),
  };
}
