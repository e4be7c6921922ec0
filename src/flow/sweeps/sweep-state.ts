import { z } from "zod";
import type { Records } from "#core/ports/records.ts";

const keyOf = (installation: number): string => `sweep:activity:${installation}`;

const shape = z.object({
  /** What changed before this instant was named by an earlier sweep; null: there was none. */
  since: z.number().nullable(),
  /** What was seen last, by what it is of. */
  marks: z.record(z.string(), z.string()),
  /** Teams whose members rules asked for. */
  teams: z.array(z.string()),
  /** Repositories in which something happened, and when. */
  lively: z.record(z.string(), z.number()),
  /** Repositories of the owner that are not the installation's. */
  strangers: z.array(z.number()),
  turn: z.number(),
});

export type SweepState = z.infer<typeof shape>;

const nothingSeen: SweepState = {
  since: null,
  marks: {},
  teams: [],
  lively: {},
  strangers: [],
  turn: 0,
};

/** What the last sweep of an installation saw. Unreadable is as good as nothing: everything is looked at once more. */
export async function readSweepState(records: Records, installation: number): Promise<SweepState> {
  const stored = await records.getValue(keyOf(installation));
  if (stored === null) return nothingSeen;
  try {
    return shape.safeParse(JSON.parse(stored)).data ?? nothingSeen;
  } catch {
    return nothingSeen;
  }
}

export async function keepSweepState(
  records: Records,
  installation: number,
  state: SweepState,
): Promise<void> {
  await records.setValue(keyOf(installation), JSON.stringify(state));
}
