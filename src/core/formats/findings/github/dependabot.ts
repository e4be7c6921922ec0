import { z } from "zod";
import { finishFinding } from "../collect.ts";
import type { Finding, Suppression } from "../finding.ts";
import { writePackage } from "../package-name.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import { personSchema, reasonAndComment, suppressedBy, text } from "./person.ts";

const packageSchema = z.object({ ecosystem: text, name: text }).nullish();

/** GET /repos/{owner}/{repo}/dependabot/alerts, as far as it decides. */
export const dependabotAlertSchema = z.object({
  number: z.number().int(),
  html_url: text,
  state: text,
  dismissed_by: personSchema,
  dismissed_reason: text,
  dismissed_comment: text,
  dependency: z.object({ package: packageSchema, manifest_path: text, scope: text }).nullish(),
  security_advisory: z.object({
    ghsa_id: text,
    cve_id: text,
    summary: text,
    severity: text,
    cvss: z.object({ score: z.number().nullish() }).nullish(),
    cvss_severities: z
      .object({ cvss_v4: z.object({ score: z.number().nullish() }).nullish() })
      .nullish(),
  }),
  security_vulnerability: z
    .object({ package: packageSchema, severity: text, vulnerable_version_range: text })
    .nullish(),
});
export type DependabotAlert = z.infer<typeof dependabotAlertSchema>;

function suppressionOf(alert: DependabotAlert): Suppression | undefined {
  const justification = reasonAndComment(alert.dismissed_reason, alert.dismissed_comment);
  // Auto-triage rules are set by the repository's or organisation's administrators: no person of the pull request.
  if (alert.state === "auto_dismissed")
    return {
      kind: "external",
      accepted: true,
      justification: justification ?? "an auto-triage rule",
    };
  return alert.state === "dismissed"
    ? { kind: "dismissed", accepted: true, by: suppressedBy(alert.dismissed_by), justification }
    : undefined;
}

/** An alert as a finding; null when it is fixed. A state GitHub does not document counts as open. */
export function fromDependabotAlert(alert: DependabotAlert): Finding | null {
  if (alert.state === "fixed") return null;
  const advisory = alert.security_advisory;
  const named = alert.dependency?.package ?? alert.security_vulnerability?.package;
  const name = named?.name ?? "unknown package";
  const manifest = alert.dependency?.manifest_path ?? undefined;
  return finishFinding(
    {
      kind: "dependency",
      rule: advisory.ghsa_id ?? advisory.cve_id ?? `dependabot#${alert.number}`,
      rating: rate({
        kind: "dependency",
        word: alert.security_vulnerability?.severity ?? advisory.severity,
      }),
      title: `${advisory.summary ?? "Vulnerability"} in ${name}`,
      message:
        alert.security_vulnerability?.vulnerable_version_range === undefined
          ? undefined
          : `Vulnerable versions: ${alert.security_vulnerability.vulnerable_version_range ?? "unknown"}`,
      // Alerts name the range, not the installed version: a waiver that names a version cannot match one.
      package: writePackage(named?.ecosystem ?? undefined, name),
      path: manifest === undefined ? undefined : repositoryPath(manifest),
      suppression: suppressionOf(alert),
      cvss: advisory.cvss_severities?.cvss_v4?.score || advisory.cvss?.score || undefined,
      aliases: [advisory.cve_id, advisory.ghsa_id].filter((id) => id !== null && id !== undefined),
      url: alert.html_url ?? undefined,
    },
    "dependabot",
    "dependabot",
    new Map(),
  );
}
