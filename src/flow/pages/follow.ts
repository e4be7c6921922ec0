import type { Records } from "#core/ports/records.ts";
import { repositoryPattern } from "./filter.ts";
import type { Viewer } from "./viewer.ts";

/** Whether a page that is open shows anything of these repositories; null among them: of none in particular. */
export type Follows = (changed: readonly (number | null)[]) => Promise<boolean>;

type Named = Pick<Records, "repository" | "repositoryByName">;

/**
 * What a page follows while it is open: one repository (`owner/name`), or everything that the viewer may read. null:
 * there is no such repository, or it is not theirs: not even that something happens there is told.
 */
export async function followed(
  { store: { records } }: { readonly store: { readonly records: Named } },
  viewer: Viewer,
  about: string | undefined,
): Promise<Follows | null> {
  if (about === undefined)
    return async (changed) => {
      if (changed.includes(null)) return true;
      const mayRead = await viewer.readable();
      for (const id of changed) {
        const repository = id === null ? null : await records.repository(id);
        if (repository !== null && mayRead(repository)) return true;
      }
      return false;
    };
  const [, owner, name] = repositoryPattern.exec(about) ?? [];
  const repository =
    owner === undefined || name === undefined ? null : await records.repositoryByName(owner, name);
  if (repository === null || !(await viewer.mayRead(repository))) return null;
  return async (changed) => changed.includes(repository.id) && viewer.mayRead(repository);
}
