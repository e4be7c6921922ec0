import { z } from "zod";
import type { Records } from "#core/ports/records.ts";
import { personSchema } from "#flow/jobs/person-schema.ts";

/** Names of small values that the flows about people keep. */

/** The stored value for a person who added an override's label and owes a reason, which is their next comment. */
export const reasonAwaited = (repository: number, number: number, actor: number): string =>
  `reason:${repository}:${number}:${actor}`;

/** The reason for this label is not awaited any more; one for another label, put on meanwhile, still is. */
export async function awaitNoReason(
  records: Pick<Records, "changeValue">,
  repository: number,
  number: number,
  actor: number,
  label: string,
): Promise<void> {
  await records.changeValue(reasonAwaited(repository, number, actor), (awaited) =>
    awaited?.toLowerCase() === label.toLowerCase() ? "" : null,
  );
}

/** What is known of a label that asks for an override. */
export const labelRequestKey = (repository: number, number: number, label: string): string =>
  `label-wish:${repository}:${number}:${label.toLowerCase()}`;

/** `<sha> <epoch ms>`: the head that GitHub showed when the label was put on last. */
export const labelHead = (repository: number, number: number, label: string): string =>
  `label-head:${repository}:${number}:${label.toLowerCase()}`;

/** `<sha> <epoch ms> <epoch ms>`: when a head came, and when its pull request was opened where that was told, by GitHub's clock. */
export const headTime = (repository: number, number: number): string =>
  `head-at:${repository}:${number}`;

/** The number of the pull request on which a waiting deployment of this commit is spoken of. */
export const conversationKey = (repository: number, sha: string): string =>
  `spoken-on:${repository}:${sha}`;

/** The claim that a command was carried out, so that a repeated delivery does nothing. */
export const carriedOut = (key: string): string => `said:${key}`;

const labelRequestSchema = z.object({
  /** When it was added, by GitHub's clock. */
  addedAt: z.number(),
  sha: z.string(),
  by: personSchema,
  state: z.enum(["awaits reason", "asked", "refused"]),
});
export type LabelRequest = z.infer<typeof labelRequestSchema>;

export const readLabelRequest = (text: string | null): LabelRequest | null =>
  text === null || text === "" ? null : labelRequestSchema.parse(JSON.parse(text));

export function readHeadTime(
  text: string | null,
): { readonly sha: string; readonly at: number; readonly openedAt: number | null } | null {
  const [sha, at, openedAt] = (text ?? "").split(" ");
  if (sha === undefined || sha === "" || at === undefined) return null;
  return { sha, at: Number(at), openedAt: openedAt === undefined ? null : Number(openedAt) };
}
