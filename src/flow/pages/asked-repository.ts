import type { Records } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { InputProblem, Place } from "./filter.ts";
import type { Viewer } from "./viewer.ts";

/** What a list is about. `one`: the repository that was named; none is named where it is undefined. */
export type AskedRepository =
  | {
      readonly kind: "found";
      readonly one: RepositoryRecord | undefined;
      readonly mayRead: (repository: RepositoryRecord) => boolean;
    }
  | { readonly kind: "invalid"; readonly problems: readonly InputProblem[] };

/** The named repository, or every one that the viewer may read. What is not theirs and what does not exist answer alike. */
export async function askedRepository(
  records: Pick<Records, "repositoryByName">,
  viewer: Viewer,
  { repository }: Pick<Place, "repository">,
): Promise<AskedRepository> {
  if (repository === undefined)
    return { kind: "found", one: undefined, mayRead: await viewer.readable() };
  const one = await records.repositoryByName(repository.owner, repository.name);
  if (one !== null && (await viewer.mayRead(one)))
    return { kind: "found", one, mayRead: () => true };
  return {
    kind: "invalid",
    problems: [
      {
        field: "repository",
        message: "there is no such repository here, or you may not read it",
      },
    ],
  };
}
