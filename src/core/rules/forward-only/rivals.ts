import { asClaimed, lastSuccess } from "#core/deployments/history.ts";
import { newestSuccess } from "#core/deployments/newest-success.ts";
import { isOnItsWay } from "#core/deployments/on-its-way.ts";
import { ranThere } from "#core/deployments/proof.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";

/** Each is a question to GitHub: the newest first, and the others only where none of those is newer. */
export const firstRivals = 20;
export const mostRivals = 100;

/** Deployments of other commits that are on their way to the same place, newest first, a commit once. One asked for earlier may be of the newer commit. */
export function rivalsOf(
  rows: readonly DeploymentRow[],
  subject: DeploymentSubject,
  now: number,
): readonly DeploymentRow[] {
  const seen = new Set<string>();
  const known = new Set(rows.map(({ deploymentId }) => deploymentId));
  return rows.filter((row) => {
    if (row.deploymentId === subject.deploymentId || row.sha === subject.sha) return false;
    // What went out on a yes tells itself how far it is.
    if (row.question?.usedBy !== undefined && known.has(row.question.usedBy)) return false;
    if (!isOnItsWay(row, now) || seen.has(row.sha)) return false;
    seen.add(row.sha);
    return true;
  });
}

/**
 * What is proven to run there: the newest that ran, and where a failure was said of that, the newest of which none was,
 * too. Anybody may call a deployment a failure, so that takes nothing from its having run; and where it is true, what
 * ran before it runs still.
 */
export function runningThere(
  rows: readonly DeploymentRow[],
  except: number,
): readonly DeploymentRow[] {
  const ran = newestSuccess(rows.filter((row) => row.deploymentId !== except && ranThere(row)));
  const unfailed = lastSuccess(rows, except);
  return [ran, unfailed].filter(
    (row, index, both): row is DeploymentRow => row !== null && both.indexOf(row) === index,
  );
}

/** A success after what is proven to run there, which this gate did not let through: somebody may have put it there all the same. */
export function lastUnproven(
  rows: readonly DeploymentRow[],
  except: number,
  proven: DeploymentRow | null,
): DeploymentRow | null {
  const since = proven?.succeededAt ?? 0;
  return newestSuccess(
    rows
      .map(asClaimed)
      .filter(
        (row) =>
          row.deploymentId !== except &&
          row.provesNothing === true &&
          (row.succeededAt ?? 0) > since,
      ),
  );
}
