import { newestSuccess } from "#core/deployments/newest-success.ts";
import { isOnItsWay } from "#core/deployments/on-its-way.ts";
import { hasFailed } from "#core/deployments/proof.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";

/** Each is a question to GitHub. */
export const mostRivals = 20;

/** Deployments of other commits that are on their way to the same place, newest first, a commit once. One asked for earlier may be of the newer commit. */
export function rivalsOf(
  rows: readonly DeploymentRow[],
  subject: DeploymentSubject,
  now: number,
): readonly DeploymentRow[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    if (row.deploymentId === subject.deploymentId || row.sha === subject.sha) return false;
    if (!isOnItsWay(row, now) || seen.has(row.sha)) return false;
    seen.add(row.sha);
    return true;
  });
}

/** A success after what is proven to run there, which this gate did not let through: somebody may have put it there all the same. */
export function lastUnproven(
  rows: readonly DeploymentRow[],
  except: number,
  proven: DeploymentRow | null,
): DeploymentRow | null {
  const since = proven?.succeededAt ?? 0;
  return newestSuccess(
    rows.filter(
      (row) =>
        row.deploymentId !== except &&
        row.provesNothing === true &&
        !hasFailed(row) &&
        (row.succeededAt ?? 0) > since,
    ),
  );
}
