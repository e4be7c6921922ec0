import { actor, team } from "./actors.ts";
import { checkRun, checkSuite, rollup } from "./checks.ts";
import type { Shapes } from "./context.ts";
import { commit } from "./git-objects.ts";
import { comment, issue, label } from "./issues.ts";
import { mergeQueue } from "./merge-queue.ts";
import { pull } from "./pull-request.ts";
import { existingRef, repository } from "./repository.ts";
import { review } from "./threads.ts";

export const shapes: Shapes = {
  actor,
  team,
  repository,
  commit,
  pull,
  issue,
  comment,
  label,
  review,
  checkRun,
  checkSuite,
  rollup,
  ref: existingRef,
  mergeQueue,
};
