import type { Actors, Person } from "#core/model/actor.ts";
import type { RequiredCheckState } from "#core/required-check/state.ts";
import { inert } from "#core/text/markdown.ts";
import { oneLine } from "#core/text/plain-text.ts";
import { called } from "./review.ts";
import { instant } from "#core/text/time.ts";

/** Why the check run does not bind on a branch, for people; null where it does. Plain text: it is made inert where it is shown. */
export function unenforcedWords(state: RequiredCheckState, branch: string): string | null {
  const name = oneLine(branch, 100);
  switch (state.kind) {
    case "pinned":
      return null;
    case "unpinned":
      return `Not enforced: ${name} requires the check gatehouse from any source, so anybody who may report checks can report it. An administrator chooses the App Gatehouse as its source in the ruleset.`;
    case "foreign":
      return `Not enforced: ${name} requires the check gatehouse from another App (id ${state.app}). An administrator chooses the App Gatehouse as its source in the ruleset.`;
    case "missing":
      return `Not enforced: no ruleset that the App can see requires the check gatehouse on ${name}${state.like === null ? "" : `, only ${oneLine(state.like, 60)}`}, so merges do not wait for it. An administrator requires it from the App Gatehouse.`;
  }
}

interface Asked {
  readonly owner: string;
  readonly review: Actors;
  readonly dueAt: number;
}

/** The ruleset was changed. */
export function notRequiredBody({
  says,
  owner,
  review,
  dueAt,
}: Asked & { readonly says: string }): string {
  return [
    inert(says, 600),
    "",
    "Until now it was required. Who changed that is in the organisation's audit log, which the App may not read.",
    "",
    `${called(review, owner)}: find out why, put it back or say why not, and close this issue by ${instant(dueAt)}.`,
  ].join("\n");
}

/** Pushed where only pull requests may come. */
export function pushedBody({
  by,
  branch,
  sha,
  owner,
  review,
  dueAt,
}: Asked & { readonly by: Person | null; readonly branch: string; readonly sha: string }): string {
  const who = by === null ? "Somebody" : inert(`@${by.login}`);
  return [
    `${who} pushed \`${sha.slice(0, 7)}\` to ${inert(branch, 100)} with no pull request, past the rules of the branch: the gate never judged it.`,
    "",
    `${called(review, owner)}: look at what went in, and close this issue by ${instant(dueAt)}. Further pushes of theirs are recorded; no other issue is opened while this one is open.`,
  ].join("\n");
}
