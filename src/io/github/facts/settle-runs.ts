import { z } from "zod";
import { isOnItsWay } from "#core/deployments/on-its-way.ts";
import { withoutStatus, withStatus } from "#core/deployments/history.ts";
import { heardAt } from "#core/events/local-instant.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";
import type { Clock } from "#core/ports/system.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository } from "../client/requests.ts";
import { readStatuses } from "../read/deployments.ts";
import { instant } from "./instant.ts";

const run = z.object({
  status: z.string().nullish(),
  conclusion: z.string().nullish(),
  updated_at: instant,
  head_repository: z.object({ id: z.number() }).nullish(),
});

/** Each costs a question. */
const mostAsked = 20;
/** The status of a job that succeeded comes with its end; where it never came, the run says so after this long. */
const statusComesWithinMs = 60 * 60_000;

/**
 * Those of the deployments that are on their way and whose run is over get the end that GitHub knows, and where it knows
 * none, that they have ended: a cancelled job may leave no status, and whatever waits for it would wait until GitHub gave
 * up on it. The same goes for what a fork's run asks: it is held as a stranger's whatever becomes of the others.
 * `rows`: newest first, of which the first twenty are asked about. Answers whether any did.
 */
export async function settleRuns(
  github: GitHub,
  repository: RepositoryRecord,
  { store, clock }: { readonly store: Pick<Store, "deployments">; readonly clock: Clock },
  rows: readonly DeploymentRow[],
): Promise<boolean> {
  const now = clock.now();
  const ours = (said: number): number =>
    heardAt(said, { now, ahead: github.toServerTime(0) }, Number.POSITIVE_INFINITY);
  const going = rows
    .filter((row) => row.runId !== null && row.question === undefined && isOnItsWay(row, now))
    .slice(0, mostAsked);
  const settled = await Promise.all(
    going.map(async (one) => {
      const request = github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}", {
        owner: repository.owner,
        repo: repository.name,
        run_id: one.runId ?? 0,
      });
      const answer = await orAbsent(github.rest(asRepository(repository), request, run));
      if (answer === null) return false;
      if (answer.data.head_repository?.id !== repository.id && one.gateAnswer !== "approved") {
        await store.deployments.change(one, (before) =>
          before === null || before.gateAnswer === "approved" ? null : withoutStatus(before),
        );
        return true;
      }
      if (answer.data.status !== "completed") return false;
      const statuses = await readStatuses(github, repository, one.deploymentId);
      const { conclusion, updated_at: endedAt } = answer.data;
      const isOver = conclusion !== "success" || now - ours(endedAt) > statusComesWithinMs;
      await store.deployments.change(one, (before) => {
        if (before === null) return null;
        const told = statuses.reduce(
          (so, status) => withStatus(so, { ...status, at: ours(status.at) }),
          before,
        );
        return isOver && isOnItsWay(told, now) ? withoutStatus(told) : told;
      });
      return true;
    }),
  );
  return settled.includes(true);
}
