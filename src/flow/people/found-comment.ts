import type { CommentSince } from "#core/facts/labels-added.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { inOurTime } from "#flow/in-our-time.ts";
import { commandJob } from "#flow/jobs/command-job.ts";
import { contentHash } from "#flow/publish/content-hash.ts";

/** Whether GitHub's author association is that of the repository's own people. */
export const isKnownHere = (association: string): boolean =>
  ["OWNER", "MEMBER", "COLLABORATOR"].includes(association);

/** The job for a comment found on the timeline, as if it were delivered now; one that was carried out is not repeated. */
export const foundComment = (
  deps: Pick<Deps, "clock" | "github">,
  repository: RepositoryRecord,
  number: number,
  comment: CommentSince,
  seenHead: string,
): WorkItem =>
  commandJob.item(
    {
      key: `comment:${repository.id}:${comment.id}`,
      repository: repository.id,
      number,
      actor: comment.by,
      isKnownHere: isKnownHere(comment.association),
      isAuthor: false,
      isAddressed: false,
      at: comment.at,
      heardAt: inOurTime(deps, comment.at),
      seenHead,
      from: { kind: "comment", id: comment.id, bodyHash: contentHash(comment.body) },
    },
    deps.clock.now(),
  );
