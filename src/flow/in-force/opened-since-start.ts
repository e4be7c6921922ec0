import type { Deps } from "#flow/deps.ts";
import { headTime, readHeadTime } from "./people-values.ts";

/**
 * Whether the pull request was opened after this process had its records: a backup is put back while none runs, so that
 * nothing was said there that they do not know of. false also where nobody told when it was opened.
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
  // Of two clocks that are apart the later reading of the start is taken.
  return openedAt !== null && openedAt > startedAt + Math.max(0, github.clockAhead());
}
