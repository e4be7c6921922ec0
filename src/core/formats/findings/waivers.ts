import { z } from "zod";
import { globProblem, matchesPath } from "../glob.ts";
import type { Finding } from "./finding.ts";
import { isSamePackage, readPackage } from "./package-name.ts";

/** Epoch ms of the first instant after a calendar date in UTC; null when the calendar has no such day. */
export function endOfDay(date: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const start = Date.UTC(year, month - 1, day);
  return new Date(start).toISOString().startsWith(date) ? start + 86_400_000 : null;
}

/** The first of some instants; undefined of none. */
export function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

const words = (what: string, max: number) =>
  z.string().trim().min(1, `${what} must say something`).max(max);

/**
 * A dated, owned acceptance of one finding. `finding` is a CVE or GHSA id, a rule, or a finding's
 * id; `package` a package URL or name, with or without version; `until` the last day on which it holds, in UTC.
 */
export const waiverSchema = z.strictObject({
  finding: words("finding", 300).meta({
    description: "The finding: a CVE or GHSA id, a scanner's rule, or the finding's own id.",
    examples: ["CVE-2026-12345", "GHSA-jf85-cpcp-j695"],
  }),
  package: words("package", 500)
    .refine(
      (text) => readPackage(text) !== null,
      "package must be a package URL such as pkg:npm/lodash@4.17.20, or a package name",
    )
    .optional()
    .meta({
      description: "Only in this package: its URL or name, with or without a version.",
      examples: ["pkg:npm/lodash@4.17.20", "lodash"],
    }),
  until: z
    .string()
    .refine(
      (date) => endOfDay(date) !== null,
      "until must be a real date such as 2027-01-31: the last day on which the waiver holds (UTC)",
    )
    .meta({ description: "The last day on which it holds, in UTC.", examples: ["2027-01-31"] }),
  owner: words("owner", 100).meta({
    description: "Who answers for it: a login or a team.",
    examples: ["octocat", "acme/security"],
  }),
  reason: words("reason", 1_000).meta({
    description: "Why it may stand until then.",
    examples: ["The vulnerable function is never called."],
  }),
  path: words("path", 500)
    .superRefine((glob, context) => {
      const problem = globProblem(glob, "path");
      if (problem !== null) context.addIssue({ code: "custom", message: problem });
    })
    .optional()
    .meta({ description: "Only in files of this glob.", examples: ["tools/**"] }),
});
export type Waiver = z.infer<typeof waiverSchema>;

/** Valid through the end of its `until` day in UTC; a date that does not exist is never valid. */
export function isInForce(waiver: Pick<Waiver, "until">, now: number): boolean {
  const end = endOfDay(waiver.until);
  return end !== null && now < end;
}

/** Whether a waiver speaks of this finding, whatever its date: every part it names must match. */
export function isAbout(
  waiver: Waiver,
  finding: Pick<Finding, "id" | "rule" | "aliases" | "package" | "path">,
): boolean {
  const wanted = waiver.finding.toLowerCase();
  if (![finding.id, finding.rule, ...finding.aliases].some((name) => name.toLowerCase() === wanted))
    return false;
  if (
    waiver.package !== undefined &&
    (finding.package === undefined || !isSamePackage(waiver.package, finding.package))
  )
    return false;
  if (
    waiver.path !== undefined &&
    (finding.path === undefined || !matchesPath(waiver.path, finding.path))
  )
    return false;
  return true;
}

export interface WaivedFinding {
  readonly finding: Finding;
  readonly waiver: Waiver;
}

export interface WaiversApplied {
  /** What still counts. */
  readonly counting: readonly Finding[];
  /** Every finding that a waiver in force takes out, with that waiver. */
  readonly waived: readonly WaivedFinding[];
  /** Findings that count because their only waivers have run out. */
  readonly expired: readonly WaivedFinding[];
  /** Waivers that met no finding: candidates for removal from the policy. */
  readonly unused: readonly Waiver[];
  /** The first instant (epoch ms) at which a finding that is waived counts again. */
  readonly endsAt: number | undefined;
}

/** Applies the waivers of a policy at `now` (epoch ms). Expired ones count for nothing and are listed. */
export function applyWaivers(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  now: number,
): WaiversApplied {
  const counting: Finding[] = [];
  const waived: WaivedFinding[] = [];
  const expired: WaivedFinding[] = [];
  const used = new Set<Waiver>();
  const ends: number[] = [];
  for (const finding of findings) {
    const about = waivers.filter((waiver) => isAbout(waiver, finding));
    for (const waiver of about) used.add(waiver);
    const last = about.toSorted((a, b) => b.until.localeCompare(a.until))[0];
    if (last !== undefined && isInForce(last, now)) {
      waived.push({ finding, waiver: last });
      ends.push(endOfDay(last.until) ?? now);
      continue;
    }
    counting.push(finding);
    if (last !== undefined) expired.push({ finding, waiver: last });
  }
  return {
    counting,
    waived,
    expired,
    unused: waivers.filter((waiver) => !used.has(waiver)),
    endsAt: earliest(ends),
  };
}

/** One waived or no longer waived finding in words: "CVE-… in lodash: accepted by octocat until 2027-01-31 (UTC): not reachable". */
export function describeWaiver({ finding, waiver }: WaivedFinding, now: number): string {
  const what = `${finding.aliases[0] ?? finding.rule}${finding.package === undefined ? "" : ` in ${finding.package}`}`;
  return isInForce(waiver, now)
    ? `${what}: accepted by ${waiver.owner} through ${waiver.until} (UTC): ${waiver.reason}`
    : `${what}: the waiver of ${waiver.owner} ended on ${waiver.until} (UTC) and counts for nothing`;
}
