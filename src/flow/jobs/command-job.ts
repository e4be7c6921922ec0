import { z } from "zod";
import { priorities } from "#core/ports/queue.ts";
import { defineJob } from "./define-job.ts";
import { personSchema } from "./person-schema.ts";

const commandRequestSchema = z.object({
  /** Names the comment or the press: what is delivered again is carried out once. */
  key: z.string(),
  repository: z.number(),
  number: z.number().nullable(),
  actor: personSchema,
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
    /** A form of our own pages, filled in by somebody who is signed in. */
    z.object({
      kind: z.literal("page"),
      command: z.enum(["freeze", "unfreeze"]),
      rest: z.string(),
    }),
  ]),
});

/** A comment, review or button press that may hold commands. A payload is a hint: what it names is read again. */
export type CommandRequest = z.infer<typeof commandRequestSchema>;

/** The handler checks the repository itself: a request is noted as carried out also where nothing could be done. */
export const commandJob = defineJob({
  kind: "command",
  schema: commandRequestSchema,
  guard: "none",
  priority: priorities.command,
  key: ({ key }) => key,
  share: ({ repository }) => String(repository),
});
