import type { Deps } from "#flow/deps.ts";
import { headTime, readHeadTime } from "./people-values.ts";

/**
 * Whether the pull request was opened after this process started. A backup is restored while no process runs, so
 * everything on such a pull request is in the records. false also if it is unknown when it was opened.
 */
export async function isOpenedSinceStart(
  {
    store,
    github,
    startedAt,
  }: Pick<Deps, "startedAt"> & {
    readonly store: { readonly records: Pick<Deps["store"]["records"], "getValue"> };
    readonly github: Pick<Deps["github"], "clockAhead">;
  },
  repository: number,
  number: number,
): Promise<boolean> {
  const openedAt =
    readHeadTime(await store.records.getValue(headTime(repository, number)))?.openedAt ?? null;
  // If GitHub's clock is ahead, the start is later by it.
  return openedAt !== null && openedAt > startedAt + Math.max(0, github.clockAhead());
}
