import type { Change } from "#core/report/change.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { sha } from "../build.ts";

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** 2025-01-01T00:00:00Z: the period of the tests begins. */
export const start = Date.UTC(2025, 0, 1);
export const day = (days: number): number => start + days * dayMs;

let lastId = 0;

/** Asked for at `asked`, of its own run; ran for an hour and succeeded unless `over` says otherwise. */
export function aDeployment(
  commit: string,
  asked: number,
  over: Partial<DeploymentRow> = {},
): DeploymentRow {
  lastId += 1;
  const ended = asked + hourMs;
  return {
    repository: 1,
    deploymentId: lastId,
    environment: "production",
    sha: sha(commit),
    ref: "main",
    runId: 1_000 + lastId,
    actor: null,
    createdAt: asked,
    state: "success",
    startedAt: asked,
    finishedAt: ended,
    succeededAt: ended,
    gateRequestedAt: null,
    gateAnsweredAt: null,
    gateAnswer: null,
    reports: 0,
    ...over,
  };
}

export const failed = (
  commit: string,
  asked: number,
  over: Partial<DeploymentRow> = {},
): DeploymentRow => aDeployment(commit, asked, { state: "failure", succeededAt: null, ...over });

/** Pushed a day before it was merged. */
export const aChange = (
  commit: string,
  number: number,
  mergedAt: number,
  over: Partial<Change> = {},
): Change => ({
  number,
  sha: sha(commit),
  baseRef: "main",
  mergedAt,
  committedAt: mergedAt - dayMs,
  author: "alice",
  mergedBy: "bob",
  approvedBy: ["bob"],
  tickets: null,
  scans: null,
  coverage: null,
  ...over,
});
