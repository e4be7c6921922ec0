import { parseExtends } from "#core/policy/extends.ts";
import type { Records } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";

/** The repository in which an extended file (`org/repo:path@ref`) stands; null where it is not known to us. */
export async function repositoryOfFile(
  records: Pick<Records, "repositoryByName">,
  file: string,
): Promise<RepositoryRecord | null> {
  const named = parseExtends(file);
  return named?.kind === "file" ? records.repositoryByName(named.owner, named.repository) : null;
}
