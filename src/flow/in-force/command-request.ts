import { z } from "zod";
import type { CommentSince } from "#core/facts/labels-added.ts";
import { priorities, type WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { contentHash } from "#flow/publish/content-hash.ts";
import { inOurTime } from "#flow/intake/in-our-time.ts";
import type { Deps } from "#flow/deps.ts";

const person = z.object({
  id: z.number(),
  login: z.string(),
  type: z.enum(["User", "Bot", "Organization", "Mannequin"]),
});

export const commandRequestSchema = z.object({
  /** Names the comment or the press: what is delivered again is carried out once. */
  key: z.string(),
  repository: z.number(),
  number: z.number().nullable(),
  actor: person,
  /** GitHub counts them among the people of the repository; false also for members who keep that private. */
  isKnownHere: z.boolean(),
  isAuthor: z.boolean(),
  /** Whether a command in it is addressed to us; bare ones count only where the policy says so. */
  isAddressed: z.boolean(),
  /** By GitHub's clock: compared with what GitHub says of the comment. */
  at: z.number(),
  /** In our time: what it did counts from then. */
  heardAt: z.number(),
  seenHead: z.string().nullable(),
  from: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("comment"), id: z.number(), bodyHash: z.string() }),
    /** The body of a submitted review: the same, but for a reaction, which GitHub has none for. */
    z.object({ kind: z.literal("review"), id: z.number(), bodyHash: z.string() }),
    z.object({
      kind: z.literal("button"),
      check: z.string(),
      identifier: z.string(),
      sha: z.string(),
      /** Of whose deployment the check run speaks; null: of a pull request. */
      environment: z.string().nullable(),
    }),
  ]),
});

/** Something that somebody said or pressed, as work in the queue. A payload is a hint: what it names is read again. */
export type CommandRequest = z.infer<typeof commandRequestSchema>;

/** GitHub's words for people of the repository. */
export const isKnownHere = (association: string): boolean =>
  ["OWNER", "MEMBER", "COLLABORATOR"].includes(association);

export const commandItem = (request: CommandRequest, now: number): WorkItem => ({
  key: request.key,
  kind: "command",
  payload: request,
  priority: priorities.command,
  runAt: now,
  share: String(request.repository),
});

/** A comment that was found on the timeline, as if it were delivered now: what was carried out is not again. */
export const foundComment = (
  deps: Pick<Deps, "clock" | "github">,
  repository: RepositoryRecord,
  number: number,
  comment: CommentSince,
  seenHead: string,
): WorkItem =>
  commandItem(
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
