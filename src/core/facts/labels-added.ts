import type { Person } from "#core/model/actor.ts";
import { defineFact } from "#core/model/fact.ts";

/** Who put a label on that stands there now, by GitHub's timeline (threat T28: the label alone proves nothing). */
export interface AddedLabel {
  readonly name: string;
  /** null: the account is gone, or an App did it on behalf of a person; then nobody's authority stands behind it. */
  readonly by: Person | null;
  readonly viaApp?: boolean | undefined;
  /** Epoch ms. */
  readonly at: number;
  /** The timeline shows commits or a force-push after it, so it was put on another head. */
  readonly overtaken?: boolean | undefined;
  /** Comments of the same person since then, in GitHub's order; the same second counts. */
  readonly comments?: readonly CommentSince[] | undefined;
}

/** A comment as the timeline shows it: a hint of where to look. Hostile text. */
export interface CommentSince {
  readonly id: number;
  readonly body: string;
  readonly by: Person;
  readonly at: number;
  readonly association: string;
}

export const labelsAdded = defineFact<void, readonly AddedLabel[]>({
  name: "labels_added",
  summary: "The labels that stand on the pull request, each with who put it there last.",
  changedBy: [
    "pull_request.labeled",
    "pull_request.unlabeled",
    "pull_request.opened",
    "pull_request.reopened",
    "label.edited",
    "label.deleted",
  ],
  permissions: ["pull_requests"],
  cost: "single",
  describe: () => "who added the labels",
});
