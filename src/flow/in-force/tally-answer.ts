import { z } from "zod";

/** How the author of an approval is told whether it counted, stored with the act. */
export const tallyAnswerSchema = z.object({
  /** The comment that gets the reaction; null: it has one already, or can have none. */
  comment: z.number().nullable(),
  number: z.number().nullable(),
  word: z.string(),
  rest: z.string(),
  /** Whether the answer must be a comment, because no reaction is possible. */
  inWords: z.boolean(),
});
export type TallyAnswer = z.infer<typeof tallyAnswerSchema>;
