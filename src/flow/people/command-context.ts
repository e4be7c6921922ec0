import type { CommandContext } from "#core/commands/command.ts";
import { boundToSeen } from "#core/commands/seen-head.ts";
import { labels, pullRequest } from "#core/facts/pull-request.ts";
import { lookUp } from "#core/model/fact.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { mergeOf } from "#core/record/merge-key.ts";
import type { Deps } from "#flow/deps.ts";
import { subjectValueOf } from "#flow/facts/value-of.ts";
import { headTime, readHeadTime } from "#flow/in-force/people-values.ts";
import { waitingIn } from "#flow/judge/waiting-deployments.ts";

/** When a comment was written, and the head that its author could see. */
export interface CommentedAt {
  /** By GitHub's clock (epoch ms). */
  readonly at: number;
  /** The head known when its delivery arrived; null if none was. */
  readonly seenHead: string | null;
}

/** Reads the pull request of a comment as it is now. Throws `GatehouseError` when it cannot be read. */
export async function readCommandContext(
  deps: Deps,
  repository: RepositoryRecord,
  number: number,
  session: FactSession,
  commented: CommentedAt,
): Promise<CommandContext> {
  const { records } = deps.store;
  const table = await session.read([pullRequest.need(), labels.need()]);
  const fact = subjectValueOf(lookUp(table, pullRequest.need()), "the pull request was not read");
  const labelsRead = lookUp(table, labels.need());
  const seen = fact.state === "merged" ? await deps.github.pullRequest(repository, number) : null;
  const mergeSha = seen?.mergeSha ?? null;
  if (mergeSha !== null) await records.setValue(mergeOf(repository.id, mergeSha), String(number));
  const headAt = readHeadTime(await records.getValue(headTime(repository.id, number)));
  return {
    repository: repository.id,
    owner: repository.owner,
    name: repository.name,
    number,
    state: fact.state,
    headSha: fact.headSha,
    mergeSha,
    author: fact.author,
    ...(fact.state === "open"
      ? {
          baseRef: fact.baseRef,
          baseChangedAt: fact.baseChangedAt,
          headSince: headAt?.sha === fact.headSha ? headAt.at : undefined,
        }
      : {}),
    seenSha: boundToSeen({
      head: fact.headSha,
      seenHead: commented.seenHead,
      saidAt: commented.at,
      headAt,
    }),
    labels: labelsRead?.ok === true ? labelsRead.value.map(({ name }) => name) : [],
  };
}

/**
 * The same from our records, if all commands are about a deployment that waits: a merged pull request stays merged,
 * and its commit is the one that waits. null: it has to be read.
 */
export async function cachedCommandContext(
  deps: Deps,
  repository: RepositoryRecord,
  number: number,
  commented: CommentedAt,
): Promise<CommandContext | null> {
  const { records } = deps.store;
  const known = await records.pullRequest(repository.id, number);
  if (known === null) return null;
  for (const { sha } of await waitingIn(deps, repository.id)) {
    if ((await records.getValue(mergeOf(repository.id, sha))) !== String(number)) continue;
    const seenSha = boundToSeen({
      head: known.headSha,
      seenHead: commented.seenHead,
      saidAt: commented.at,
      headAt: readHeadTime(await records.getValue(headTime(repository.id, number))),
    });
    return {
      repository: repository.id,
      owner: repository.owner,
      name: repository.name,
      number,
      state: "merged",
      headSha: known.headSha,
      mergeSha: sha,
      author: null,
      seenSha,
      labels: [],
    };
  }
  return null;
}

/** The context of a button on a deployment's check run if no pull request of its commit is known. */
export function contextOfCommit(repository: RepositoryRecord, sha: string): CommandContext {
  return {
    repository: repository.id,
    owner: repository.owner,
    name: repository.name,
    number: null,
    state: "merged",
    headSha: sha,
    mergeSha: sha,
    author: null,
    seenSha: sha,
    labels: [],
  };
}
