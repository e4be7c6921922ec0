import { checkRunKey } from "#core/model/effect.ts";
import type { GatehouseError } from "#core/model/errors.ts";
import type { Subject } from "#core/model/subject.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { checkRunContent } from "#core/render/check-run.ts";
import { renderUnread } from "#core/render/unread.ts";
import type { Deps } from "#flow/deps.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import { sendEffect } from "#flow/publish/send-effect.ts";
import { checkName } from "./check-name.ts";

/**
 * Shows on a commit of which nothing could be read yet that Gatehouse waits for GitHub: a required check that never
 * appears tells nobody why. Only where nothing is said on the commit so far; the head is the one that a delivery named.
 */
export async function sayUnread(
  deps: Deps,
  lease: Lease,
  subject: Subject,
  repository: RepositoryRecord,
  error: GatehouseError,
): Promise<void> {
  const sha = await headOf(deps, subject, repository);
  if (sha === null) return;
  const key = checkRunKey(repository.id, sha, checkName);
  if ((await deps.store.outbox.row(key)) !== null) return;
  const content = checkRunContent(
    "wait",
    renderUnread(error.message),
    `unread:${repository.id}:${sha.slice(0, 12)}`,
  );
  await sendEffect(
    deps,
    lease,
    repository,
    {
      kind: "check_run",
      key,
      repository: repository.id,
      sha,
      name: checkName,
      content,
      guard: null,
    },
    { hash: contentHash(content) },
  );
}

async function headOf(
  { store }: Deps,
  subject: Subject,
  repository: RepositoryRecord,
): Promise<string | null> {
  if (subject.kind === "merge_group") return subject.headSha;
  if (subject.kind === "deployment") return null;
  const row = await store.records.pullRequest(repository.id, subject.number);
  return row?.state === "open" ? row.headSha : null;
}
