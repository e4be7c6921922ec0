import { z } from "zod";
import type { Records } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";

const names = z.array(z.string()).catch([]);
/** Nobody renames more often but to push a name out of here: the oldest are kept. */
const mostNames = 100;

/**
 * Names under which a repository was judged before in the same organisation, and from now on its present one: an
 * organisation's policy that selects by name holds a repository that was renamed out of its globs.
 */
export function createEarlierNames(
  records: Pick<Records, "changeValue">,
): (repository: RepositoryRecord) => Promise<readonly string[]> {
  const noted = new Map<string, readonly string[]>();
  return async ({ id, ownerId, owner, name }) => {
    const key = `judged-as:${id}:${ownerId === 0 ? owner.toLowerCase() : ownerId}`;
    const isThis = (each: string): boolean => each.toLowerCase() === name.toLowerCase();
    let known = noted.get(key) ?? [];
    if (!known.some(isThis)) {
      const kept = await records.changeValue(key, (text) => {
        const before = names.parse(JSON.parse(text ?? "[]"));
        const isNews = !before.some(isThis) && before.length < mostNames;
        return isNews ? JSON.stringify([...before, name]) : null;
      });
      known = names.parse(JSON.parse(kept ?? "[]"));
      if (noted.size > 10_000) noted.clear();
      noted.set(key, known);
    }
    return known.filter((each) => !isThis(each));
  };
}
