import { firstLookKey } from "#core/record/first-look-key.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";

/** When the gate first looked at the repository; where nobody noted it, that is now. */
export async function firstLookOf(
  { records }: Pick<Store, "records">,
  repository: RepositoryRecord,
  now: number,
): Promise<number> {
  const key = firstLookKey(repository.id);
  const noted = await records.getValue(key);
  return Number(noted ?? (await records.changeValue(key, (before) => before ?? String(now))));
}
