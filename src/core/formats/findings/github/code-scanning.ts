import { z } from "zod";
import { finishFinding } from "../collect.ts";
import type { Finding } from "../finding.ts";
import { lineOf } from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import { kindOf, toolId } from "../tool-name.ts";
import { personSchema, reasonAndComment, suppressedBy, text } from "./person.ts";

/** GET /repos/{owner}/{repo}/code-scanning/alerts, as far as it decides. Hostile: texts come from an uploaded report. */
export const codeScanningAlertSchema = z.object({
  number: z.number().int(),
  html_url: text,
  state: text,
  dismissed_by: personSchema,
  dismissed_reason: text,
  dismissed_comment: text,
  rule: z.object({
    id: text,
    name: text,
    severity: text,
    security_severity_level: text,
    description: text,
    tags: z.array(z.string()).nullish(),
  }),
  tool: z.object({ name: text, version: text }),
  most_recent_instance: z
    .object({
      state: text,
      commit_sha: text,
      message: z.object({ text }).nullish(),
      location: z
        .object({ path: text, start_line: z.number().nullish(), end_line: z.number().nullish() })
        .nullish(),
    })
    .nullish(),
});
export type CodeScanningAlert = z.infer<typeof codeScanningAlertSchema>;

/** An alert as a finding; null when it is fixed. A state GitHub does not document counts as open. */
export function fromCodeScanningAlert(alert: CodeScanningAlert): Finding | null {
  const instance = alert.most_recent_instance;
  if (alert.state === "fixed" || instance?.state === "fixed") return null;
  const toolName = alert.tool.name ?? null;
  const kind = kindOf(toolName, [alert.rule.name ?? "", ...(alert.rule.tags ?? [])]);
  const path = instance?.location?.path ?? undefined;
  const dismissed = alert.state === "dismissed" || instance?.state === "dismissed";
  return finishFinding(
    {
      kind,
      rule: alert.rule.id ?? alert.rule.name ?? "unknown",
      rating: rate({ kind, word: alert.rule.security_severity_level, level: alert.rule.severity }),
      title: alert.rule.description ?? alert.rule.name ?? alert.rule.id ?? "",
      message: instance?.message?.text ?? undefined,
      path: path === undefined ? undefined : repositoryPath(path),
      startLine: lineOf(instance?.location?.start_line),
      endLine: lineOf(instance?.location?.end_line),
      // The number is the repository's: the same alert has the same one on every branch.
      toolFingerprint: `code-scanning#${alert.number}`,
      suppression: dismissed
        ? {
            kind: "dismissed",
            accepted: true,
            by: suppressedBy(alert.dismissed_by),
            justification: reasonAndComment(alert.dismissed_reason, alert.dismissed_comment),
          }
        : undefined,
      url: alert.html_url ?? undefined,
    },
    toolId(toolName),
    "code-scanning",
    new Map(),
  );
}

/** GET /repos/{owner}/{repo}/code-scanning/analyses. */
export const codeScanningAnalysisSchema = z.object({
  id: z.number().nullish(),
  results_count: z.number().nullish(),
  /** `.github/workflows/codeql.yml:analyze`: the workflow and the job that uploaded it. */
  analysis_key: text,
  commit_sha: z.string(),
  ref: text,
  category: text,
  error: text,
  tool: z.object({ name: text, version: text }),
});
export type CodeScanningAnalysis = z.infer<typeof codeScanningAnalysisSchema>;

export interface ScannedTools {
  /** Canonical names of tools with an analysis of exactly this commit that GitHub processed without error, and the workflow files that uploaded any of theirs. */
  readonly scanned: readonly { readonly tool: string; readonly workflows: readonly string[] }[];
  /** Tools that only have failed analyses of it, with what GitHub says. */
  readonly failed: readonly { readonly tool: string; readonly error: string }[];
}

/** Threat T25: which tools scanned exactly these commits (a head, and the merge commit GitHub tests it as). No alert is not a scan. */
export function toolsThatScanned(
  analyses: readonly CodeScanningAnalysis[],
  commits: readonly string[],
): ScannedTools {
  const ofCommit = analyses.filter((analysis) => commits.includes(analysis.commit_sha));
  const scanned = new Set(
    ofCommit
      .filter((analysis) => (analysis.error ?? "") === "")
      .map((analysis) => toolId(analysis.tool.name)),
  );
  const failed = ofCommit.flatMap((analysis) => {
    const tool = toolId(analysis.tool.name);
    return scanned.has(tool) ? [] : [{ tool, error: (analysis.error ?? "").slice(0, 300) }];
  });
  return {
    scanned: [...scanned].map((tool) => ({
      tool,
      workflows: [
        ...new Set(
          ofCommit.flatMap((analysis) =>
            toolId(analysis.tool.name) === tool ? workflowsOf(analysis) : [],
          ),
        ),
      ].sort(),
    })),
    failed,
  };
}

/** GitHub's own set-up of CodeQL has no file, and an upload from elsewhere no workflow. */
const workflowsOf = (analysis: CodeScanningAnalysis): readonly string[] => {
  const path = uploaderOf(analysis);
  return path === undefined || isGitHubs(path) ? [] : [path];
};

/** The workflow that uploaded an analysis: a file, or one of GitHub's own; undefined: it came from elsewhere. */
export const uploaderOf = ({ analysis_key: key }: CodeScanningAnalysis): string | undefined =>
  /^(\.github\/workflows\/[^/:]+\.ya?ml|dynamic\/github-code-scanning\/[^:]+)(?::|$)/u.exec(
    key ?? "",
  )?.[1];

/** Nobody can change what GitHub sets up itself. */
export const isGitHubs = (workflow: string): boolean => workflow.startsWith("dynamic/");
