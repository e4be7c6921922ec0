import { sameEnvironment } from "#core/deployments/environment.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { checkRunKey } from "#core/model/effect.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { letGoContent } from "#core/render/check-run.ts";
import { environmentCheckName } from "#core/render/environment-check.ts";
import type { Deps } from "#flow/deps.ts";
import type { Exclusive } from "#flow/jobs/exclusive.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import { sendEffect } from "#flow/publish/send-effect.ts";
import { closeRequest } from "./protection-rule.ts";
import { waitingIn } from "./waiting-deployments.ts";

/**
 * Closes a request that nobody waits for any more: its run was cancelled or ran out, or the job was started past the
 * gate. The commit's check run would say "waits" for ever, so it is ended, unless another deployment of the commit
 * waits there and it speaks of that one.
 */
export async function letGo(
  deps: Deps,
  exclusive: Exclusive,
  request: {
    readonly lease: Lease;
    readonly subject: DeploymentSubject;
    readonly repository: RepositoryRecord;
  },
): Promise<void> {
  const { lease, subject, repository } = request;
  const name = environmentCheckName(subject.environment);
  const key = checkRunKey(repository.id, subject.sha, name);
  const waitsBeside = (row: DeploymentRow): boolean =>
    row.sha === subject.sha &&
    sameEnvironment(row.environment, subject.environment) &&
    row.deploymentId !== subject.deploymentId;
  await exclusive(key, async () => {
    const shown = await deps.store.outbox.row(key);
    if (shown?.effect.kind !== "check_run" || shown.effect.content.status === "completed") return;
    if ((await waitingIn(deps, repository.id)).some(waitsBeside)) return;
    const content = letGoContent(shown.effect.content);
    const effect = { ...shown.effect, content };
    await sendEffect(deps, lease, repository, effect, { hash: contentHash(content) });
  });
  // Last: a process that dies before finds it open and does this again.
  await closeRequest(deps, subject, null);
}
