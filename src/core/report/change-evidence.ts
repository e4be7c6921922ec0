import { z } from "zod";
import type { Change } from "./change.ts";

const person = z.object({ login: z.string() });
const reviews = z.object({
  ok: z.literal(true),
  value: z.array(z.object({ by: person.nullable(), state: z.string() })),
});
const issues = z.object({ ok: z.literal(true), value: z.array(z.number()) });
const coverage = z.object({
  ok: z.literal(true),
  value: z.object({ kind: z.literal("figures"), project: z.object({ percent: z.number() }) }),
});
const scan = z.object({
  ok: z.literal(true),
  evidence: z.array(z.object({ label: z.string(), url: z.string().optional() })),
});

const scanFacts = /^(findings_(?!base|tickets)|licenses_added|attestations)/;

const isCoverage = (key: string): boolean => /^coverage_report(:|$)/.test(key);

/** Whether a fact is what a scanner says. `key`: of the need, as records name it. */
export const isScan = (key: string): boolean => scanFacts.test(key);

/** Whether a change is told by it. */
export const isOfChange = (key: string): boolean =>
  key === "reviews" || key === "linked_issues" || isCoverage(key) || isScan(key);

/** What scanners said, by address or name; null: not a scan that was read. */
export const scanOf = (fact: unknown): readonly string[] | null =>
  scan.safeParse(fact).data?.evidence.map(({ url, label }) => url ?? label) ?? null;

/** Whose last word on it is an approval: a comment takes nothing back. */
function approvers(fact: unknown): readonly string[] | null {
  const read = reviews.safeParse(fact).data;
  if (read === undefined) return null;
  const words = new Map<string, string>();
  for (const { by, state } of read.value)
    if (by !== null && state !== "commented" && state !== "pending") words.set(by.login, state);
  return [...words].filter(([, state]) => state === "approved").map(([login]) => login);
}

/** What the facts of a pull request's last decision tell of it, by need key; null: no rule read it. */
export function evidenceOf(
  facts: ReadonlyMap<string, unknown>,
): Pick<Change, "approvedBy" | "tickets" | "scans" | "coverage"> {
  const scans = [...facts].flatMap(([key, fact]) => {
    const read = isScan(key) ? scanOf(fact) : null;
    return read === null ? [] : [read];
  });
  const covered = [...facts].find(([key]) => isCoverage(key))?.[1];
  return {
    approvedBy: approvers(facts.get("reviews")),
    tickets: issues.safeParse(facts.get("linked_issues")).data?.value.map((n) => `#${n}`) ?? null,
    scans: scans.length === 0 ? null : [...new Set(scans.flat())],
    coverage: coverage.safeParse(covered).data?.value.project.percent ?? null,
  };
}
