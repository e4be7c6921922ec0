import { z } from "zod";
import type { ReportingFact } from "#core/facts/reporting.ts";
import type { Records } from "#core/ports/records.ts";
import { numberOf, type CommitSource } from "./subject-source.ts";

type OnBase = NonNullable<ReportingFact["firstOnBase"]>;

/** When what should report on a commit was first asked about, as a change to this base, and what the base had then. */
export interface FirstLook {
  readonly askedFirstAt: number;
  /** Left out where only the instant was kept. */
  readonly firstOnBase?: OnBase | undefined;
}

/** `onBase`: what is to be kept where this is the first time. */
export type FirstAsked = (source: CommitSource, onBase: OnBase) => Promise<FirstLook>;

const kept = z.union([
  z.number().transform((askedFirstAt): FirstLook => ({ askedFirstAt })),
  z.object({
    askedFirstAt: z.number(),
    firstOnBase: z.array(
      z.object({ path: z.string(), on: z.custom<OnBase[number]["on"]>(isTriggers) }),
    ),
  }),
]);

/** It was written by this process or an older one: its form alone is looked at. */
function isTriggers(value: unknown): boolean {
  return value === "unreadable" || (typeof value === "object" && value !== null);
}

const lookOf = (text: string): FirstLook => kept.parse(JSON.parse(text));

/** Kept, for a webhook that tells of a head may be lost, and a commit may be older than its place in a pull request. */
export function createFirstAsked(
  records: Pick<Records, "getValue" | "changeValue">,
  clock: { readonly now: () => number },
): FirstAsked {
  return async (source, onBase) => {
    const [base, sha] = await Promise.all([source.base(), source.sha()]);
    const key = `checks-asked:${source.repository.id}:${numberOf(source) ?? ""}:${sha}:${base}`;
    const before = await records.getValue(key);
    if (before !== null) return lookOf(before);
    const now = { askedFirstAt: clock.now(), firstOnBase: onBase };
    await records.changeValue(key, (text) => (text === null ? JSON.stringify(now) : null));
    return lookOf((await records.getValue(key)) ?? JSON.stringify(now));
  };
}
