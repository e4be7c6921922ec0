import { z } from "zod";
import type { RepositoryFact } from "#core/facts/repository.ts";
import { asRepository } from "../client/requests.ts";
import { part } from "../client/connection.ts";
import { renamedAway } from "./overview.ts";
import type { SubjectSource } from "./subject-source.ts";

const graphqlRepository = z.object({
  databaseId: z.number(),
  name: z.string(),
  owner: z.object({ login: z.string() }),
  isPrivate: z.boolean(),
  defaultBranchRef: z.object({ name: z.string() }),
});

const restRepository = z.object({
  id: z.number(),
  name: z.string(),
  owner: z.object({ login: z.string() }),
  private: z.boolean(),
  default_branch: z.string(),
});

export async function readRepository({
  github,
  repository,
  overview,
}: SubjectSource): Promise<RepositoryFact> {
  const shown = part(graphqlRepository, (await overview())?.repository);
  if (shown !== null)
    return {
      id: shown.databaseId,
      owner: shown.owner.login,
      name: shown.name,
      private: shown.isPrivate,
      defaultBranch: shown.defaultBranchRef.name,
    };
  const request = github.endpoint("GET /repos/{owner}/{repo}", {
    owner: repository.owner,
    repo: repository.name,
  });
  const { data } = await github.rest(asRepository(repository), request, restRepository);
  if (data.id !== repository.id) throw renamedAway(repository);
  return {
    id: data.id,
    owner: data.owner.login,
    name: data.name,
    private: data.private,
    defaultBranch: data.default_branch,
  };
}
