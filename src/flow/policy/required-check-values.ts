import { z } from "zod";
import type { Records } from "#core/ports/records.ts";
import { requiredCheckKey, type RequiredCheckState } from "#core/required-check/state.ts";

const requiredCheckSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("pinned") }),
  z.object({ kind: z.literal("unpinned") }),
  z.object({ kind: z.literal("foreign"), app: z.number() }),
  z.object({ kind: z.literal("missing"), like: z.string().nullable() }),
]) satisfies z.ZodType<RequiredCheckState>;

/** null: nobody has looked yet, or it cannot be told. Costs no call. */
export async function readRequiredCheck(
  records: Records,
  repository: number,
  branch: string,
): Promise<RequiredCheckState | null> {
  const text = (await records.getValue(requiredCheckKey(repository, branch))) ?? "";
  return text === "" ? null : requiredCheckSchema.parse(JSON.parse(text));
}

export const saveRequiredCheck = (
  records: Records,
  repository: number,
  branch: string,
  resolved: RequiredCheckState,
): Promise<void> =>
  records.setValue(requiredCheckKey(repository, branch), JSON.stringify(resolved));
