import { roleOf } from "#core/facts/people.ts";
import { lookUp } from "#core/model/fact.ts";
import type { ApiTokenRecord } from "#core/ports/web.ts";
import type { Deps } from "#flow/deps.ts";
import { valueOf } from "#flow/facts/value-of.ts";

/**
 * Whether somebody who made an address that opens a page of a repository may read that repository now: what they were
 * shown ends with their access, though nobody is signed in. Asked with the installation's rights, and remembered for a minute.
 */
export async function stillReads(
  { store, facts }: Pick<Deps, "store" | "facts">,
  maker: Pick<ApiTokenRecord, "createdBy" | "createdById">,
  owner: string,
  name: string,
): Promise<boolean> {
  const repository = await store.records.repositoryByName(owner, name);
  if (repository === null) return false;
  if (!repository.private) return true;
  if (maker.createdById === null) return false;
  const need = roleOf.need({ id: maker.createdById, login: maker.createdBy });
  const session = facts.open(
    { kind: "pull_request", repository: repository.id, number: 0 },
    repository,
  );
  return valueOf(lookUp(await session.read([need]), need), "the role was not read") !== "none";
}
