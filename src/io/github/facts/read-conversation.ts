import { z } from "zod";
import type { Conversation } from "#core/facts/deployed-contributors.ts";
import type { DeployedRange } from "#core/facts/deployed-range.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { asRepository } from "../client/requests.ts";
import type { OriginsOfCommit } from "./read-commit-origins.ts";

const closed = z.array(z.object({ number: z.number(), merged_at: z.string().nullish() }));

/** The pull request merged last to the branch; null where the ref is none, or nothing was ever merged to it. */
async function newestMergedTo(
  github: GitHub,
  repository: RepositoryRecord,
  ref: string,
): Promise<number | null> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/pulls", {
    owner: repository.owner,
    repo: repository.name,
    state: "closed",
    base: ref.replace(/^refs\/heads\//, ""),
    sort: "updated",
    direction: "desc",
    per_page: 30,
  });
  const { data } = await github.rest(asRepository(repository), request, closed);
  const merged = data.flatMap(({ number, merged_at }) =>
    typeof merged_at === "string" ? [{ number, at: Date.parse(merged_at) }] : [],
  );
  return merged.toSorted((a, b) => b.at - a.at || b.number - a.number)[0]?.number ?? null;
}

/** Where people speak of a deployment: on the pull request of its commit, else the newest of what goes out, else the newest of its branch. */
export async function readConversation(
  github: GitHub,
  repository: RepositoryRecord,
  subject: DeploymentSubject,
  range: DeployedRange,
  originsOf: (shas: readonly string[]) => Promise<ReadonlyMap<string, OriginsOfCommit>>,
): Promise<Conversation | null> {
  const shas = range.commits.map(({ sha }) => sha);
  const asked = shas.includes(subject.sha) ? shas : [...shas, subject.sha];
  const origins = await originsOf(asked);
  const own = origins.get(subject.sha)?.pulls ?? [];
  const exact =
    own.find(({ mergeSha }) => mergeSha === subject.sha) ??
    own.find(({ headSha }) => headSha === subject.sha) ??
    own.toSorted((a, b) => b.number - a.number)[0];
  if (exact !== undefined) return { number: exact.number, became: exact.mergeSha === subject.sha };
  for (const sha of shas.toReversed()) {
    const newest = (origins.get(sha)?.pulls ?? []).toSorted((a, b) => b.number - a.number)[0];
    if (newest !== undefined) return { number: newest.number, became: false };
  }
  const number = await newestMergedTo(github, repository, subject.ref);
  return number === null ? null : { number, became: false };
}
