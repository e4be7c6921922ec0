/** What happens to a workflow run; until it is over, reports of it may come. */
export const runChanges = [
  "workflow_run.requested",
  "workflow_run.in_progress",
  "workflow_run.completed",
] as const;
