import { organizationRepository } from "#core/policy/files.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import type { Policies, ResolvedPolicy } from "#flow/policy/policies.ts";

/** Why a question has no answer, and what to do about it. */
export interface Unanswered {
  readonly kind: "unanswered";
  readonly because: string;
}

export const unanswered = (because: string): Unanswered => ({ kind: "unanswered", because });

export interface AskedRepository {
  readonly kind: "repository";
  readonly repository: RepositoryRecord;
  /** What judges it now, read anew. */
  readonly resolved: ResolvedPolicy;
}

/** A repository by name, with its policies as GitHub has them at this moment. */
export async function askRepository(
  deps: Deps,
  policies: Policies,
  owner: string,
  name: string,
): Promise<AskedRepository | Unanswered> {
  const { github, store } = deps;
  const installation = await github.installationOf(owner, name);
  const repository =
    installation === null ? null : await github.findRepository(installation, owner, name);
  if (repository === null)
    return unanswered(
      `${owner}/${name}: the App is not installed there, or there is no such repository; an owner of ${owner} installs it and gives it that repository`,
    );
  await store.records.saveRepository(repository);
  await policies.refresh(repository);
  const resolved = await policies.of(repository);
  const above = await store.records.repositoryByName(repository.owner, organizationRepository);
  if (above === null || above.id === repository.id || !(await policies.refresh(above)))
    return { kind: "repository", repository, resolved };
  return { kind: "repository", repository, resolved: await policies.of(repository) };
}
