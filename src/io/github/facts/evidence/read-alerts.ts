import { z } from "zod";
import type { ScanSourceFact } from "#core/facts/findings.ts";
import {
  dependabotAlertSchema,
  fromDependabotAlert,
} from "#core/formats/findings/github/dependabot.ts";
import {
  fromSecretScanningAlert,
  secretScanningAlertSchema,
} from "#core/formats/findings/github/secret-scanning.ts";
import { everyPage } from "#io/github/client/pages.ts";
import { asRepository } from "#io/github/client/requests.ts";
import { dismissals, withInstant } from "./dismissed-at.ts";
import { type EvidenceContext, type Judged, placeKey } from "./evidence-cache.ts";
import { nothingKnown, unlessOff } from "./source-fact.ts";

const mostPages = 50;
const dependabotShape = withInstant(dependabotAlertSchema);
const secretShape = withInstant(secretScanningAlertSchema);

/** Dependabot's alerts, which are the default branch's; the same for every pull request, so they are read once a minute at most. */
export function readDependabot(
  context: EvidenceContext,
  { repository }: Judged,
): Promise<ScanSourceFact> {
  const { github, caches } = context;
  const key = `${placeKey(repository)}dependabot`;
  return caches.alerts.get(key, () =>
    unlessOff(context, key, "Dependabot", async () => {
      const list = (state: "open" | "dismissed") =>
        everyPage(
          github,
          asRepository(repository),
          github.endpoint("GET /repos/{owner}/{repo}/dependabot/alerts", {
            owner: repository.owner,
            repo: repository.name,
            state,
            per_page: 100,
          }),
          z.array(dependabotShape),
          mostPages,
        );
      const alerts = new Map(
        (await Promise.all([list("open"), list("dismissed")]))
          .flat()
          .map((alert) => [alert.number, alert]),
      );
      const told = [...alerts.values()].map((alert) => ({
        finding: fromDependabotAlert(alert),
        at: alert.dismissed_at,
      }));
      return {
        ...nothingKnown,
        findings: told.flatMap(({ finding }) => finding ?? []),
        dismissedAt: dismissals(told),
      };
    }),
  );
}

/** Secret scanning alerts, open and resolved; the secrets themselves are not asked for, and would not get past the schema. */
export function readSecretScanning(
  context: EvidenceContext,
  { repository }: Judged,
): Promise<ScanSourceFact> {
  const { caches } = context;
  const key = `${placeKey(repository)}secret-scanning`;
  return caches.alerts.get(key, () =>
    unlessOff(context, key, "secret scanning", async () => {
      const alerts = await secretAlerts(context, repository);
      const told = alerts.map((alert) => ({
        finding: fromSecretScanningAlert(alert),
        at: alert.resolved_at,
      }));
      return {
        ...nothingKnown,
        findings: told.map(({ finding }) => finding),
        dismissedAt: dismissals(told),
      };
    }),
  );
}

export function secretAlerts(
  { github }: Pick<EvidenceContext, "github">,
  repository: Judged["repository"],
): Promise<readonly z.infer<typeof secretShape>[]> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/secret-scanning/alerts", {
    owner: repository.owner,
    repo: repository.name,
    hide_secret: true,
    per_page: 100,
  });
  return everyPage(github, asRepository(repository), request, z.array(secretShape), mostPages);
}
