import { z } from "zod";
import {
  findingKinds,
  findingSources,
  severityRank,
  type Finding,
  type FindingSource,
  type Severity,
} from "#core/formats/findings/finding.ts";
import { name } from "../kit/params.ts";
import { severities } from "../kit/severities.ts";

const severityOrNone = z.enum([...severities, "none"]);
export type SeverityOrNone = z.output<typeof severityOrNone>;

export const findingsParams = z.strictObject({
  block: severityOrNone
    .default("critical")
    .describe("Findings of this severity or a graver one block."),
  ticket: severityOrNone
    .default("none")
    .describe(
      "Findings of this severity or a graver one get a ticket once they are on the default branch.",
    ),
  kinds: z
    .array(z.enum(findingKinds))
    .min(1)
    .optional()
    .describe("Kinds that count; all by default."),
  tools: z.array(name).min(1).max(50).optional().describe("Tools that count; all by default."),
  new_only: z.boolean().default(false).describe("Only findings that the base does not have."),
  unrated: z
    .enum(severities)
    .default("medium")
    .describe("The severity assumed where none is given."),
  require_scan: z
    .union([z.enum(["any", "none"]), z.array(name).min(1).max(50)])
    .default("any")
    .describe("Scans of the exact commit that must exist."),
  from: z
    .array(z.enum(findingSources))
    .min(1)
    .optional()
    .describe("Sources that are read; all by default. A source named here must have scanned."),
  trusted: z
    .boolean()
    .default(false)
    .describe(
      "Reports in artifacts prove a scan only where the pull request leaves their workflow file as it is.",
    ),
});
export type FindingsParams = z.output<typeof findingsParams>;

/** Sources to read. GitHub compares dependencies between two commits: a deployment has one. */
export function sourcesOf(
  { from }: FindingsParams,
  isDeployment: boolean,
): readonly FindingSource[] {
  const asked =
    from === undefined ? findingSources : findingSources.filter((source) => from.includes(source));
  return isDeployment && asked.some((source) => source !== "dependency-review")
    ? asked.filter((source) => source !== "dependency-review")
    : asked;
}

/** The severity that counts: an unrated finding has the one the policy assumes. */
export const effectiveSeverity = (
  finding: Pick<Finding, "severity">,
  { unrated }: Pick<FindingsParams, "unrated">,
): Exclude<Severity, "unrated"> => (finding.severity === "unrated" ? unrated : finding.severity);

/** Whether a severity is at or above a threshold; nothing is above `none`. */
export function isAtLeast(severity: Severity, threshold: SeverityOrNone): boolean {
  return threshold !== "none" && severityRank(severity) <= severityRank(threshold);
}

export function requiredFindings(asked: FindingsParams): string {
  const what = [
    ...(asked.kinds === undefined ? [] : [asked.kinds.join(" or ")]),
    ...(asked.tools === undefined ? [] : [`of ${asked.tools.join(", ")}`]),
  ].join(" ");
  const finding = `${asked.new_only ? "new " : ""}finding${what === "" ? "" : ` (${what})`}`;
  const scan =
    asked.require_scan === "none"
      ? []
      : [
          asked.require_scan === "any"
            ? "a scan of this commit"
            : `scans by ${asked.require_scan.join(", ")}`,
        ];
  const limit =
    asked.block === "none"
      ? []
      : [
          `no ${finding} of severity ${asked.block}${asked.block === "critical" ? "" : " or above"}`,
        ];
  return [...limit, ...scan].join(", ") || "findings are shown";
}
