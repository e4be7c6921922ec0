import { z } from "zod";
import { finishFinding } from "../collect.ts";
import type { Finding } from "../finding.ts";
import { lineOf } from "../json.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import { personSchema, reasonAndComment, suppressedBy, text } from "./person.ts";

/**
 * GET /repos/{owner}/{repo}/secret-scanning/alerts. The schema names what may come in and zod drops the rest: `secret`
 * (sent unless `hide_secret` was asked) never gets past this border.
 */
export const secretScanningAlertSchema = z.object({
  number: z.number().int(),
  html_url: text,
  state: text,
  resolution: text,
  resolution_comment: text,
  resolved_by: personSchema,
  secret_type: text,
  secret_type_display_name: text,
  validity: text,
  first_location_detected: z
    .object({
      path: text,
      start_line: z.number().nullish(),
      end_line: z.number().nullish(),
      commit_sha: text,
    })
    .nullish(),
});
export type SecretScanningAlert = z.infer<typeof secretScanningAlertSchema>;

/** An alert as a finding: critical while open, whatever its validity; suppressed once resolved. */
export function fromSecretScanningAlert(alert: SecretScanningAlert): Finding {
  const place = alert.first_location_detected;
  return finishFinding(
    {
      kind: "secret",
      rule: alert.secret_type ?? "unknown",
      rating: rate({ kind: "secret" }),
      title: `Leaked ${alert.secret_type_display_name ?? alert.secret_type ?? "secret"}`,
      path:
        place?.path === null || place?.path === undefined ? undefined : repositoryPath(place.path),
      startLine: lineOf(place?.start_line),
      endLine: lineOf(place?.end_line),
      toolFingerprint: `secret-scanning#${alert.number}`,
      suppression:
        alert.state === "resolved"
          ? {
              kind: "dismissed",
              accepted: true,
              by: suppressedBy(alert.resolved_by),
              justification: reasonAndComment(alert.resolution, alert.resolution_comment),
            }
          : undefined,
      url: alert.html_url ?? undefined,
    },
    "secret-scanning",
    "secret-scanning",
    new Map(),
  );
}
