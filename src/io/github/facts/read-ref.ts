import { z } from "zod";
import { bareRef } from "#core/model/ref.ts";
import type { Pushes } from "#core/ports/pushes.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository } from "../client/requests.ts";
import { readOrder } from "./read-comparison.ts";

const gitObject = z.object({ object: z.object({ type: z.string(), sha: z.string() }) });

const isTagInFull = (ref: string): boolean => ref.startsWith("refs/tags/");
const isCommit = (ref: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(ref);

/** The commit at which the branch or tag of exactly this name stands; null: there is none. */
async function tipOf(
  github: GitHub,
  repository: RepositoryRecord,
  kind: "heads" | "tags",
  name: string,
): Promise<string | null> {
  const as = asRepository(repository);
  const names = { owner: repository.owner, repo: repository.name };
  const request = github.endpoint("GET /repos/{owner}/{repo}/git/ref/{ref}", {
    ...names,
    ref: `${kind}/${name}`,
  });
  const found = await orAbsent(github.rest(as, request, gitObject));
  if (found === null) return null;
  const { object } = found.data;
  if (object.type !== "tag") return object.sha;
  const annotated = await orAbsent(
    github.rest(
      as,
      github.endpoint("GET /repos/{owner}/{repo}/git/tags/{tag_sha}", {
        ...names,
        tag_sha: object.sha,
      }),
      gitObject,
    ),
  );
  return annotated?.data.object.sha ?? object.sha;
}

const contains = async (
  github: GitHub,
  repository: RepositoryRecord,
  tip: string,
  sha: string,
): Promise<boolean> =>
  tip === sha || (await orAbsent(readOrder(github, repository, tip, sha)))?.ahead === 0;

/** How a ref relates to the deployed commit. */
export interface RefStanding {
  /** The commit that the tag points to now, if that is not the deployed one. Branches move on by nature; a tag should not. */
  readonly movedTo: string | null;
  /** The name is a branch's, and the branch does not contain the commit. */
  readonly offRef: boolean;
}

/**
 * How the ref that GitHub names stands to the commit. GitHub tells a deployment's ref by its bare name, which a tag may
 * share with a branch, and rules that name a branch mean the branch: what goes out by such a name is on the branch, or
 * held. For the default branch that is asked whether the tag is to be seen or not: it may be gone again. A push that left
 * the branch at the commit has told it already.
 */
export async function readRefStanding(
  github: GitHub,
  repository: RepositoryRecord,
  ref: string,
  sha: string,
  pushes: Pushes,
): Promise<RefStanding> {
  if (ref.startsWith("refs/") && !isTagInFull(ref)) return { movedTo: null, offRef: false };
  if (isCommit(ref)) return { movedTo: null, offRef: false };
  const name = bareRef(ref);
  const isDefault = name === repository.defaultBranch;
  const tag = isDefault && !isTagInFull(ref) ? null : await tipOf(github, repository, "tags", name);
  const mayBeEither = isDefault || isTagInFull(ref) || tag !== null;
  const stoodAt =
    mayBeEither && (await pushes.ofRef(repository.id, `refs/heads/${name}`, sha)).length > 0;
  const branch = mayBeEither && !stoodAt ? await tipOf(github, repository, "heads", name) : null;
  return {
    movedTo: tag === null || tag === sha ? null : tag,
    offRef: branch !== null && !(await contains(github, repository, branch, sha)),
  };
}

/**
 * The same where the caller names the ref, who may name anything that git can resolve: it is a branch or a tag of this
 * very repository, and holds the commit.
 */
export async function readNamedRef(
  github: GitHub,
  repository: RepositoryRecord,
  ref: string,
  sha: string,
): Promise<RefStanding> {
  const isOff = { movedTo: null, offRef: true };
  if ((ref.startsWith("refs/") && bareRef(ref) === ref) || isCommit(ref)) return isOff;
  const name = bareRef(ref);
  const branch = await tipOf(github, repository, "heads", name);
  if (branch !== null && !(await contains(github, repository, branch, sha))) return isOff;
  if (branch !== null && !isTagInFull(ref)) return { movedTo: null, offRef: false };
  const tag = ref.startsWith("refs/heads/") ? null : await tipOf(github, repository, "tags", name);
  if (tag === null) return isOff;
  return {
    movedTo: tag === sha ? null : tag,
    offRef: !(await contains(github, repository, tag, sha)),
  };
}
