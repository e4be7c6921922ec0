import { commits, pullRequest, pushers } from "#core/facts/pull-request.ts";
import { softly } from "#core/facts/if-readable.ts";
import {
  contributorsTo as contributorsToAll,
  namesNobody,
  peopleOfChange,
  type Contributors,
} from "#core/people/contributors.ts";
import { contributorsOf } from "#core/rules/reviews/contributors.ts";
import { handIn } from "#core/people/deployed-contributors.ts";
import { deployedContributors } from "#core/facts/deployed-contributors.ts";
import { commitsBeside } from "./bound-commit.ts";
import type { Call } from "./command.ts";

/**
 * Whether who speaks opened the pull request, wrote or committed any of it, or pushed to it (four eyes, threat T52).
 * `undefined` while that has not been read. It is kept with the act: on the commit it is bound to, it never changes.
 */
export function hadHandInChange(call: Pick<Call, "actor" | "ask">): boolean | undefined {
  const everybody = contributorsToChange(call);
  const pull = call.ask(pullRequest.need());
  const written = call.ask(commits.need());
  const pushed = call.ask(pushers.need());
  if (pull === undefined) return undefined;
  if (pull.author?.id === call.actor.id) return true;
  if (written === undefined || pushed === undefined) return undefined;
  // Where nobody can tell whose change it is, nobody is cleared of it.
  return namesNobody(peopleOfChange(pull, written, pushed)) || everybody?.has(call.actor.id);
}

/** The same of a commit that waits and is spoken of here: where this pull request did not bring it, by all that goes out with it. */
export function hadHandInCommit(call: Call, sha: string | null): boolean | undefined {
  if (sha === null || !commitsBeside(call).includes(sha)) return hadHandInChange(call);
  const out = call.ask(deployedContributors.need());
  return out && (out.untold.length > 0 || handIn(out, call.actor) !== null);
}

/** Everybody who had a hand in it. `undefined` while that has not been read. */
export function contributorsToChange(call: Pick<Call, "ask">): Contributors | undefined {
  const pull = call.ask(pullRequest.need());
  const written = call.ask(commits.need());
  const pushed = call.ask(pushers.need());
  return pull === undefined || written === undefined || pushed === undefined
    ? undefined
    : contributorsOf(pull, written, pushed, { allow_author: false, allow_contributors: false });
}

/** The same where it only saves somebody a disappointment: what cannot be read is judged later. */
export function hadHandIfReadable(
  call: Pick<Call, "actor" | "ask" | "context">,
): boolean | undefined {
  if (call.context.author?.id === call.actor.id) return true;
  const pull = call.ask(softly(pullRequest.need()));
  const written = call.ask(softly(commits.need()));
  const pushed = call.ask(softly(pushers.need()));
  if (pull === undefined || written === undefined || pushed === undefined) return undefined;
  return contributorsToAll([
    peopleOfChange(
      pull.told ? pull.value : { author: null },
      written.told ? written.value : [],
      pushed.told ? pushed.value : [],
    ),
  ]).has(call.actor.id);
}
