import type { Effect } from "../../core/model/effect.ts";
import type { KnownEffect, PerformedEffect, Publisher, RepositoryRecord } from "../../core/ports.ts";
import type { GitHub } from "../github/client.ts";
import { performCheckRun } from "./check-run.ts";
import { performComment } from "./comment.ts";
import { performDeploymentReview } from "./deployment-review.ts";
import { performOpenIssue } from "./open-issue.ts";
import { performReaction } from "./reaction.ts";
import { performRemoveLabel } from "./remove-label.ts";
import { performSetIssueState } from "./set-issue-state.ts";

/** Performs any effect at GitHub: one file for each kind. */
export function createPublisher(github: GitHub): Publisher {
  const perform = (effect: Effect, repository: RepositoryRecord, known: KnownEffect): Promise<PerformedEffect> => {
    switch (effect.kind) {
      case "check_run":
        return performCheckRun(github, effect, repository, known);
      case "deployment_review":
        return performDeploymentReview(github, effect, repository, known);
      case "comment":
        return performComment(github, effect, repository, known);
      case "reaction":
        return performReaction(github, effect, repository, known);
      case "remove_label":
        return performRemoveLabel(github, effect, repository, known);
      case "open_issue":
        return performOpenIssue(github, effect, repository, known);
      case "set_issue_state":
        return performSetIssueState(github, effect, repository, known);
    }
  };
  return { perform };
}
