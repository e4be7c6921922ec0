import { z } from "zod";
import type { KnownBefore } from "#core/decide/running.ts";
import { subjectKey } from "#core/model/subject.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { Store } from "#core/ports/store.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";

const kept = z.object({
  known: z.record(z.string(), z.array(z.string())),
  /** Since when it would not be let through (epoch ms); null: nothing stands against it. */
  since: z.number().nullable(),
});

/** What was seen of a commit that runs, at the last look. */
export interface RunningRecord {
  readonly known: KnownBefore;
  readonly since: number | null;
}

const keyOf = (row: DeploymentRow): string => `running:${subjectKey(subjectOf(row))}`;

export async function readRunning(
  { records }: Pick<Store, "records">,
  row: DeploymentRow,
): Promise<RunningRecord> {
  const text = await records.getValue(keyOf(row));
  return text === null ? { known: {}, since: null } : kept.parse(JSON.parse(text));
}

export const keepRunning = (
  { records }: Pick<Store, "records">,
  row: DeploymentRow,
  record: RunningRecord,
): Promise<void> => records.setValue(keyOf(row), JSON.stringify(record));
