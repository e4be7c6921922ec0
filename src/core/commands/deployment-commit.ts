import { sameEnvironment } from "#core/deployments/environment.ts";
import { inert } from "#core/text/markdown.ts";
import { commitFor, looksLikeSha } from "./arguments.ts";
import { headMoved } from "./bound-commit.ts";
import type { Call } from "./command.ts";

export type CommitChoice = { readonly sha: string } | { readonly says: string };

/** Commits that wait for the environment's protection rule, newest first. */
function waitingAt({ deployments }: Call, environment: string): readonly string[] {
  const rows = deployments.filter(
    (row) =>
      sameEnvironment(row.environment, environment) &&
      row.gateRequestedAt !== null &&
      row.gateAnsweredAt === null,
  );
  return [...new Set(rows.map(({ sha }) => sha))];
}

/**
 * The commit that a word about a deployment binds to (threat T6). Said with a commit: that one, if it waits there or is
 * this pull request's. Said without: the commit of this pull request that waits there, else what the pull request became
 * on its base branch, else its head as the person who spoke can have seen it.
 */
export function deploymentCommit(
  call: Call,
  environment: string,
  said: string | null,
): CommitChoice {
  const { context: place, commitsOnProtectionRules: spokenFor } = call;
  const waiting = waitingAt(call, environment);
  const own = [place.headSha, ...(place.mergeSha === null ? [] : [place.mergeSha]), ...spokenFor];
  if (said !== null) {
    const sha = looksLikeSha(said) ? commitFor(said, [...waiting, ...own]) : null;
    return sha === null
      ? {
          says: `The commit ${inert(said, 64)} neither waits for ${inert(environment)} nor is this pull request's.`,
        }
      : { sha };
  }
  const ours = waiting.filter((sha) => own.includes(sha));
  if (ours.length > 1)
    return {
      says: `Several commits of this pull request wait for ${inert(environment)}: say which, ${ours.map((sha) => `\`${sha.slice(0, 7)}\``).join(" or ")}.`,
    };
  if (ours[0] !== undefined && (ours[0] !== place.headSha || place.seenSha !== null))
    return { sha: ours[0] };
  const other = waiting[0];
  if (ours.length === 0 && other !== undefined)
    return {
      says: `What waits for ${inert(environment)} is \`${other.slice(0, 7)}\`, which this pull request did not bring: say it where its comment stands, or name the commit.`,
    };
  if (place.mergeSha !== null) return { sha: place.mergeSha };
  return place.seenSha === null ? { says: headMoved } : { sha: place.seenSha };
}
