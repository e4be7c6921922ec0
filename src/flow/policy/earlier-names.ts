import { z } from "zod";
import type { Records } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";

const names = z.array(z.string()).catch([]);
/** Nobody renames more often but to push a name out of here: the oldest are kept. */
const mostNames = 100;

/**
 * Names under which a repository was judged before in the same organisation, and from now on its present one: an
 * organisation's policy that selects by name holds whoever renames a repository out of its globs.
 */
export function createEarlierNames(
  records: Pick<Records, "getValue" | "setValue">,
): (repository: RepositoryRecord) => Promise<readonly string[]> {
  const noted = new Map<string, readonly string[]>();
  return async ({ id, ownerId, owner, name }) => {
    const key = `judged-as:${id}:${ownerId === 0 ? owner.toLowerCase() : ownerId}`;
    const isThis = (each: string): boolean => each.toLowerCase() === name.toLowerCase();
    let known = noted.get(key) ?? [];
    if (!known.some(isThis)) {
      known = names.parse(JSON.parse((await records.getValue(key)) ?? "[]"));
      if (!known.some(isThis) && known.length < mostNames) {
        known = [...known, name];
        await records.setValue(key, JSON.stringify(known));
      }
      if (noted.size > 10_000) noted.clear();
      noted.set(key, known);
    }
    return known.filter((each) => !isThis(each));
  };
}
