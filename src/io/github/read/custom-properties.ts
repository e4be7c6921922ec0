import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository } from "../client/requests.ts";

const properties = z.array(
  z.object({
    property_name: z.string(),
    value: z.union([z.string(), z.array(z.string())]).nullable(),
  }),
);

/** Unset properties are left out. Personal accounts have none. */
export async function readCustomProperties(
  github: GitHub,
  repository: RepositoryRecord,
): Promise<Readonly<Record<string, string | readonly string[]>>> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/properties/values", {
    owner: repository.owner,
    repo: repository.name,
  });
  const read = github.rest(asRepository(repository), request, properties);
  const answer = repository.ownerType === "User" ? await orAbsent(read) : await read;
  return Object.fromEntries(
    (answer?.data ?? []).flatMap(({ property_name, value }) =>
      value === null ? [] : [[property_name, value]],
    ),
  );
}
