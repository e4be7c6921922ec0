import type { Effect } from "#core/model/effect.ts";
import type { KnownEffect, PerformedEffect, Publisher } from "#core/ports/publisher.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { checkRunHasLanded, performCheckRun } from "./check-run.ts";
import { detailsUrl } from "./details-url.ts";
import { commentHasLanded, performComment } from "./comment.ts";
import { performDeploymentReview } from "./deployment-review.ts";
import { createIssueOpener } from "./open-issue.ts";
import { createOwnIssues } from "./own-issues.ts";
import { performReaction } from "./reaction.ts";
import { performRemoveLabel } from "./remove-label.ts";
import { performSetIssueState } from "./set-issue-state.ts";

/** Performs any effect at GitHub: one file for each kind. `pagesAt`: root of our pages, to which check runs link. */
export function createPublisher(github: GitHub, pagesAt: (() => string) | null = null): Publisher {
  const issues = createIssueOpener(createOwnIssues(github));
  const perform = (
    effect: Effect,
    repository: RepositoryRecord,
    known: KnownEffect,
  ): Promise<PerformedEffect> => {
    switch (effect.kind) {
      case "check_run":
        return performCheckRun(github, effect, repository, known, detailsUrl(effect, pagesAt));
      case "deployment_review":
        return performDeploymentReview(github, effect, repository, known);
      case "comment":
        return performComment(github, effect, repository, known);
      case "reaction":
        return performReaction(github, effect, repository, known);
      case "remove_label":
        return performRemoveLabel(github, effect, repository, known);
      case "open_issue":
        return issues.perform(github, effect, repository, known);
      case "set_issue_state":
        return performSetIssueState(github, effect, repository, known);
    }
  };
  const hasLanded: Publisher["hasLanded"] = async (effect, repository, cutOff) => {
    switch (effect.kind) {
      case "check_run":
        return checkRunHasLanded(github, effect, repository, cutOff);
      case "comment":
        return commentHasLanded(github, effect, repository, cutOff);
      case "open_issue":
        return issues.hasLanded(github, effect, repository, cutOff);
      // Doing these twice is doing them once.
      case "deployment_review":
      case "reaction":
      case "remove_label":
        return true;
      // Two steps; nothing tells how far it came.
      case "set_issue_state":
        return false;
    }
  };
  return { perform, hasLanded };
}
