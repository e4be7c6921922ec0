import type { Person } from "../model/actor.ts";
import { defineFact } from "../model/fact.ts";

/** Who put a label on that stands there now, by GitHub's timeline (threat T28: the label alone proves nothing). */
export interface AddedLabel {
  readonly name: string;
  /** null: the account is gone. */
  readonly by: Person | null;
  /** Epoch ms. */
  readonly at: number;
}

export const labelsAdded = defineFact<void, readonly AddedLabel[]>({
  name: "labels_added",
  summary: "The labels that stand on the pull request, each with who put it there last.",
  changedBy: ["pull_request.labeled", "pull_request.unlabeled"],
  permissions: ["pull_requests"],
  describe: () => "who added the labels",
});
