import { waitingForOverride } from "#core/overrides/bound-deployment.ts";
import type { Call } from "./command.ts";

/** The commit that a word about this pull request binds to now; null: the head moved after it was said (threat T6). */
export function boundCommit({ context: place }: Pick<Call, "context">): string | null {
  return place.state === "merged" ? (place.mergeSha ?? place.headSha) : place.seenSha;
}

const isOwn = ({ context: place }: Pick<Call, "context">, sha: string): boolean =>
  sha === place.headSha || sha === place.mergeSha;

/** Commits that wait for a protection rule and whose conversation is here, though this pull request did not bring them. */
export const commitsBeside = (
  call: Pick<Call, "context" | "commitsOnProtectionRules">,
): readonly string[] => call.commitsOnProtectionRules.filter((sha) => !isOwn(call, sha));

/**
 * The commit that an override asked for now is for: where what waits for its rules is spoken of here and is not this
 * pull request's, that one. null: the head moved after it was said.
 */
export function overriddenCommit(
  call: Call,
  rules: readonly string[],
): { readonly sha: string | null } | { readonly says: string } {
  const sha = boundCommit(call);
  const waits = (each: string): boolean =>
    waitingForOverride(call.policy, call.deployments, each, rules, call.now).length > 0;
  if (call.context.state !== "merged" || (sha !== null && waits(sha))) return { sha };
  const beside = commitsBeside(call).filter(waits);
  if (beside.length > 1)
    return {
      says: `Several commits that this pull request did not bring wait: ${beside.map((each) => `\`${each.slice(0, 7)}\``).join(", ")}. An override is for one, and which cannot be told.`,
    };
  return { sha: beside[0] ?? sha };
}

/** Commits for which overrides of this pull request count: the head, what it became, and what waits and is spoken of here. */
export function countingCommits({
  context: place,
  commitsOnProtectionRules: waiting,
}: Pick<Call, "context"> & Partial<Pick<Call, "commitsOnProtectionRules">>): readonly string[] {
  return [place.headSha, ...(place.mergeSha === null ? [] : [place.mergeSha]), ...(waiting ?? [])];
}

export const headMoved =
  "The head of the pull request moved after this was said, so it counts for nothing. Look at the new head, and say it again.";
