import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository } from "../client/requests.ts";

const answer = z.object({
  errors: z.array(z.object({ kind: z.string(), column: z.number().int(), source: z.string() })),
});

/** Owners that GitHub complains of, as they stand in the line that it quotes. */
export async function readRefusedOwners(
  github: GitHub,
  repository: RepositoryRecord,
  ref: string,
): Promise<readonly string[]> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/codeowners/errors", {
    owner: repository.owner,
    repo: repository.name,
    ref,
  });
  const found = await orAbsent(github.rest(asRepository(repository), request, answer));
  const owners = (found?.data.errors ?? []).flatMap(({ kind, column, source }) => {
    const [owner = ""] = source.slice(column - 1).split(/\s/u, 1);
    return /^unknown owner$/iu.test(kind) && owner.startsWith("@") ? [owner] : [];
  });
  return [...new Set(owners)];
}
