import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { ApiTokenRecord } from "#core/ports/web.ts";
import type { Store } from "#core/ports/store.ts";

export type BindsTokens = Pick<Store["records"], "getValues" | "changeValue">;

const nameOf = ({ owner, name }: Pick<RepositoryRecord, "owner" | "name">): string =>
  `${owner}/${name}`.toLowerCase();
const keyOf = (token: Pick<ApiTokenRecord, "id">, name: string): string =>
  `token-repository:${token.id}:${name}`;

/**
 * Whether the token is of this very repository. It names it, and is bound to the one that bore the name when it was used
 * first: another one that is given the name later is a stranger to it.
 */
export async function isTokenOf(
  records: BindsTokens,
  token: Pick<ApiTokenRecord, "id">,
  repository: RepositoryRecord,
): Promise<boolean> {
  const key = keyOf(token, nameOf(repository));
  const own = String(repository.id);
  const bound =
    (await records.getValues([key])).get(key) ??
    (await records.changeValue(key, (known) => known ?? own));
  return bound === own;
}

/** The same for lists, where one question answers for all of the token's names; what was never used is bound to none. */
export async function tokenRepositories(
  records: BindsTokens,
  token: Pick<ApiTokenRecord, "id" | "repositories">,
): Promise<(repository: RepositoryRecord) => boolean> {
  const bound = await records.getValues(token.repositories.map((name) => keyOf(token, name)));
  return (repository) =>
    (bound.get(keyOf(token, nameOf(repository))) ?? String(repository.id)) ===
    String(repository.id);
}
