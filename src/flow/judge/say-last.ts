import { lastWord, reviewersAskedKey } from "#core/deployments/others-at-github.ts";
import { renderBlind, renderNotYet } from "#core/render/last-word.ts";
import type { Deps } from "#flow/deps.ts";
import type { DeploymentAssessment } from "./deployment-assessment.ts";
import type { DeploymentRequest } from "./deployment-request.ts";

/**
 * An approval is held while GitHub's own reviewers have not answered or its wait timer runs: it cannot be taken back, and
 * the job would start on it later. Everything else is as it was assessed. A repository without a policy promises nothing.
 */
export async function sayLast(
  { github, store, clock }: Pick<Deps, "github" | "store" | "clock">,
  {
    subject,
    repository,
    runId,
    row,
  }: Pick<DeploymentRequest, "subject" | "repository" | "runId" | "row">,
  assessed: DeploymentAssessment,
): Promise<DeploymentAssessment> {
  if (assessed.kind !== "approve" || assessed.policy === null) return assessed;
  const { environment } = subject;
  const told = await github.othersAt(repository, runId, environment);
  const ends = told?.timerEndsAt ?? null;
  const others = told && {
    ...told,
    timerEndsAt: ends === null ? null : ends - github.clockAhead(),
  };
  const isAsked =
    others?.reviewers === true &&
    (await store.records.getValue(reviewersAskedKey(repository.id, runId, environment))) !== null;
  const word = lastWord(others, isAsked, row.gateRequestedAt ?? row.createdAt, clock.now());
  switch (word.kind) {
    case "now":
      return assessed;
    case "blind":
      return { ...assessed, rendered: renderBlind(assessed.rendered) };
    case "not_yet": {
      const wakes = [word.at, assessed.changesAt].filter((at) => at !== null);
      return {
        ...assessed,
        kind: "hold",
        rendered: renderNotYet(assessed.rendered, word),
        // The rules allow it: what is recorded is that nothing was said yet.
        decision: null,
        inputs: null,
        retry: null,
        changesAt: wakes.length === 0 ? null : Math.min(...wakes),
      };
    }
  }
}
