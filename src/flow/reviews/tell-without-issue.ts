import { GatehouseError } from "#core/model/errors.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { withoutIssueWords } from "#core/render/review.ts";
import type { Deps } from "#flow/deps.ts";
import { sendEffect } from "#flow/publish/send-effect.ts";

/** A review that is owed and for which there is no issue. */
export interface ReviewWithoutIssue {
  readonly key: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** What the issue says, or would; null: not known any more. */
  readonly body: string | null;
}

/** Says once, on the pull request, how the review of an override is done for which there is no issue. */
export async function tellWithoutIssue(
  deps: Deps,
  lease: Lease,
  repository: RepositoryRecord,
  { key, detail, body }: ReviewWithoutIssue,
): Promise<void> {
  const { override, pullRequest } = detail;
  if (typeof override !== "string" || typeof pullRequest !== "number" || pullRequest === 0) return;
  try {
    await sendEffect(deps, lease, repository, {
      kind: "comment",
      key: `review-without-issue:${repository.id}:${key}`,
      repository: repository.id,
      issue: pullRequest,
      body: withoutIssueWords(override, body),
      marker: `<!-- gatehouse:review-without-issue:${key} -->`,
    });
  } catch (error) {
    // The refusal of the next override says it, too.
    if (!(error instanceof GatehouseError) || !["unsupported", "not_found"].includes(error.code))
      throw error;
  }
}
