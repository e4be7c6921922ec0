import { z } from "zod";
import type { RequiredStanding } from "../core/required-check/standing.ts";
import { priorities, type Records, type WorkItem } from "../core/ports.ts";

/** Whether merges onto a branch wait for our check run, as it was seen last. */
const requiredCheck = (repository: number, branch: string): string =>
  `required-check:${repository}:${branch}`;

const standingSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("pinned") }),
  z.object({ kind: z.literal("unpinned") }),
  z.object({ kind: z.literal("foreign"), app: z.number() }),
  z.object({ kind: z.literal("missing"), like: z.string().nullable() }),
]) satisfies z.ZodType<RequiredStanding>;

/** null: nobody has looked yet, or it cannot be told. Costs no call. */
export async function requiredStanding(
  records: Records,
  repository: number,
  branch: string,
): Promise<RequiredStanding | null> {
  const text = (await records.getValue(requiredCheck(repository, branch))) ?? "";
  return text === "" ? null : standingSchema.parse(JSON.parse(text));
}

export const keepStanding = (
  records: Records,
  repository: number,
  branch: string,
  standing: RequiredStanding,
): Promise<void> => records.setValue(requiredCheck(repository, branch), JSON.stringify(standing));

export const requiredCheckItem = (repository: number, now: number): WorkItem => ({
  key: `required-check:${repository}`,
  kind: "required-check",
  payload: { repository },
  priority: priorities.sweep,
  runAt: now,
  share: String(repository),
});
