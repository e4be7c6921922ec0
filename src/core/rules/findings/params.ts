import { z } from "zod";
import {
  findingKindMeanings,
  findingKinds,
  findingSources,
  severityRank,
  type Finding,
  type FindingSource,
  type Severity,
} from "#core/formats/findings/finding.ts";
import { name } from "../kit/params.ts";
import { meaningsOf, oneOf } from "#core/text/meanings.ts";
import { severities, severityMeanings } from "../kit/severities.ts";

const severityOrNone = z
  .enum([...severities, "none"])
  .meta(meaningsOf([...severities, "none"], { ...severityMeanings, none: "No finding at all." }));
export type SeverityOrNone = z.output<typeof severityOrNone>;

export const findingsParams = z
  .strictObject({
    block: severityOrNone
      .default("critical")
      .describe("Findings of this severity or a graver one block."),
    ticket: severityOrNone
      .default("none")
      .describe(
        "Findings of this severity or a graver one get a ticket once they are on the default branch.",
      ),
    kinds: z
      .array(oneOf(findingKinds, findingKindMeanings))
      .min(1)
      .optional()
      .describe("Kinds that count; all by default."),
    tools: z
      .array(name)
      .min(1)
      .max(50)
      .optional()
      .meta({ description: "Tools that count; all by default.", examples: [["CodeQL", "trivy"]] }),
    new_only: z.boolean().default(false).describe("Only findings that the base does not have."),
    unrated: oneOf(severities, severityMeanings)
      .default("medium")
      .describe("The severity assumed where none is given."),
    require_scan: z
      .union([
        oneOf(["any", "none"], {
          any: "Some scan of the exact commit.",
          none: "None: what is not known does not block.",
        }),
        z.array(name).min(1).max(50),
      ])
      .default("any")
      .meta({
        description: "Scans of the exact commit that must exist.",
        examples: ["any", ["CodeQL"]],
      }),
    from: z
      .array(
        oneOf(findingSources, {
          "code-scanning": "Alerts of GitHub's code scanning.",
          dependabot: "Dependabot alerts.",
          "dependency-review": "GitHub's comparison of the dependencies of head and base.",
          "secret-scanning": "Alerts of GitHub's secret scanning.",
          artifacts: "Reports that workflows upload: SARIF, or a scanner's own JSON.",
        }),
      )
      .min(1)
      .optional()
      .describe("Sources that are read; all by default. A source named here must have scanned."),
    trusted: z
      .boolean()
      .default(false)
      .describe(
        "Reports in artifacts, and analyses of code scanning, prove a scan only where the pull request leaves their workflow file as it is.",
      ),
  })
  .meta({ examples: [{ block: "high" }, { block: "critical", ticket: "high", new_only: true }] });
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
