import { z } from "zod";

/** A merged pull request as it is measured when it is merged. Instants are epoch ms; null: not observed. */
export interface Change {
  readonly number: number;
  /** The commit that it became on its base branch. */
  readonly sha: string;
  readonly baseRef: string;
  readonly mergedAt: number;
  /** When the first of its commits was pushed. */
  readonly committedAt: number | null;
  readonly author: string | null;
  readonly mergedBy: string | null;
  readonly approvedBy: readonly string[] | null;
  /** Issues that it closes. */
  readonly tickets: readonly string[] | null;
  /** Scans that its last decision read. */
  readonly scans: readonly string[] | null;
  /** Percent of the project's lines at its head. */
  readonly coverage: number | null;
}

const texts = z.array(z.string()).nullable();
const schema = z.object({
  number: z.number(),
  sha: z.string(),
  baseRef: z.string(),
  mergedAt: z.number(),
  committedAt: z.number().nullable(),
  author: z.string().nullable(),
  mergedBy: z.string().nullable(),
  approvedBy: texts,
  tickets: texts,
  scans: texts,
  coverage: z.number().nullable(),
}) satisfies z.ZodType<Change>;

/** A change as it was kept; null: of another version's shape. */
export const readChange = (detail: unknown): Change | null => schema.safeParse(detail).data ?? null;
