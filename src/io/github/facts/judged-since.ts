import { firstAskedKey, firstLookKey, judgedFrom } from "#core/record/first-look-key.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";

/** When the gate first looked at the repository; where nobody noted it, that is now. */
async function firstLookOf(
  { records }: Pick<Store, "records">,
  repository: RepositoryRecord,
  now: number,
): Promise<number> {
  const key = firstLookKey(repository.id);
  const noted = await records.getValue(key);
  return Number(noted ?? (await records.changeValue(key, (before) => before ?? String(now))));
}

/**
 * Until when what ran in an environment is history: the gate judged nothing there before it was asked for the first time,
 * which may be long after it first looked at the repository. Kept once it is known: rows are forgotten in time.
 */
export async function judgedSince(
  store: Pick<Store, "records" | "deployments">,
  repository: RepositoryRecord,
  environment: string,
  now: number,
): Promise<number> {
  const firstLook = await firstLookOf(store, repository, now);
  const key = firstAskedKey(repository.id, environment);
  const noted = await store.records.getValue(key);
  if (noted !== null) return judgedFrom(firstLook, Number(noted));
  const asked = await store.deployments.firstAsked(repository.id, environment);
  if (asked === null) return firstLook;
  const kept = await store.records.changeValue(key, (before) =>
    before === null ? String(asked) : null,
  );
  return judgedFrom(firstLook, kept === null ? asked : Number(kept));
}
