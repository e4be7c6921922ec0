import { z } from "zod";
import { requiredCheckKey, type RequiredStanding } from "#core/required-check/standing.ts";
import { priorities, type WorkItem } from "#core/ports/queue.ts";
import type { Records } from "#core/ports/records.ts";

const requiredCheckSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("pinned") }),
  z.object({ kind: z.literal("unpinned") }),
  z.object({ kind: z.literal("foreign"), app: z.number() }),
  z.object({ kind: z.literal("missing"), like: z.string().nullable() }),
]) satisfies z.ZodType<RequiredStanding>;

/** null: nobody has looked yet, or it cannot be told. Costs no call. */
export async function readRequiredCheck(
  records: Records,
  repository: number,
  branch: string,
): Promise<RequiredStanding | null> {
  const text = (await records.getValue(requiredCheckKey(repository, branch))) ?? "";
  return text === "" ? null : requiredCheckSchema.parse(JSON.parse(text));
}

export const saveRequiredCheck = (
  records: Records,
  repository: number,
  branch: string,
  resolved: RequiredStanding,
): Promise<void> =>
  records.setValue(requiredCheckKey(repository, branch), JSON.stringify(resolved));

export const requiredCheckItem = (repository: number, now: number): WorkItem => ({
  key: `required-check:${repository}`,
  kind: "required-check",
  payload: { repository },
  priority: priorities.sweep,
  runAt: now,
  share: String(repository),
});
