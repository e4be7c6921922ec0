import { z } from "zod";
import { GatehouseError } from "#core/model/errors.ts";
import { blobOfPlaces } from "#core/policy/files.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { anotherDoorMayOpen } from "../client/connection.ts";
import { asRepository } from "../client/requests.ts";
import { codeOwnersPaths, commitQuery, pullRequestQuery } from "./overview-query.ts";

const blob = z.object({ oid: z.string() }).nullish();

const repositoryShape = z.looseObject({
  databaseId: z.number().nullish(),
  root: blob,
  policy0: blob,
  policy1: blob,
  owners0: blob,
  owners1: blob,
  owners2: blob,
  pullRequest: z.record(z.string(), z.unknown()).nullish(),
  commit: z.record(z.string(), z.unknown()).nullish(),
});

const shape = z.object({ repository: repositoryShape.nullish() });

/** One round trip's answer. Its parts are checked one by one where they are used: one unreadable list spoils no other. */
export interface Overview {
  readonly repository: Readonly<Record<string, unknown>>;
  /** null: not there, or not a pull request's overview. */
  readonly pullRequest: Readonly<Record<string, unknown>> | null;
  readonly commit: Readonly<Record<string, unknown>> | null;
  /** Blob of the policy file on the default branch, or both where two stand there; undefined when this answer cannot tell. */
  readonly policyBlob: string | null | undefined;
  /** Blobs of the places of CODEOWNERS on the default branch, in order; undefined when this answer cannot tell. */
  readonly ownersBlobs: readonly (string | null)[] | undefined;
}

function overviewOf(repository: z.infer<typeof repositoryShape>): Overview {
  // A server that resolves no expressions answers null for files that exist, so its nulls are ignored.
  const resolves = repository.root !== null && repository.root !== undefined;
  const owners = [repository.owners0, repository.owners1, repository.owners2].slice(
    0,
    codeOwnersPaths.length,
  );
  return {
    repository,
    pullRequest: repository.pullRequest ?? null,
    commit: repository.commit ?? null,
    policyBlob: resolves
      ? blobOfPlaces([repository.policy0?.oid ?? null, repository.policy1?.oid ?? null])
      : undefined,
    ownersBlobs: resolves ? owners.map((owner) => owner?.oid ?? null) : undefined,
  };
}

/**
 * Reads the overview; null when GraphQL cannot answer it and the lists have to be read through REST, one by one.
 * Limits, outages and refused tokens are thrown: REST would meet them too, and the queue tries again.
 */
export async function loadOverview(
  github: GitHub,
  repository: RepositoryRecord,
  of: { readonly number: number } | { readonly sha: string },
): Promise<Overview | null> {
  const names = { owner: repository.owner, name: repository.name };
  try {
    const data = await github.graphql(asRepository(repository), {
      query: "number" in of ? pullRequestQuery : commitQuery,
      variables: { ...names, ...of },
      schema: shape,
      optional: ["repository", "repository.pullRequest", "repository.commit"],
    });
    if (data.repository === null || data.repository === undefined) return null;
    const id = data.repository.databaseId;
    if (typeof id === "number" && id !== repository.id) throw renamedAway(repository);
    return overviewOf(data.repository);
  } catch (error) {
    if (anotherDoorMayOpen(error)) return null;
    throw error;
  }
}

/** The error when the name belongs to another repository by now: nothing read by it is about ours (threat T45). */
export function renamedAway(repository: RepositoryRecord): GatehouseError {
  return new GatehouseError(
    "stale",
    `${repository.owner}/${repository.name} is another repository now; waiting for GitHub to say where ours went`,
  );
}
