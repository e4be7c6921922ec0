import { z } from "zod";
import { priorities, shareOfInstallation } from "#core/ports/queue.ts";
import { defineJob } from "./define-job.ts";

/** Lists the repositories of an installation and reconciles them. `routine`: the hourly turn, a few at a time where there are many. */
export const installationJob = defineJob({
  kind: "installation",
  schema: z.object({ installation: z.number(), routine: z.boolean().default(false) }),
  guard: "none",
  priority: priorities.sweep,
  key: ({ installation, routine }) =>
    routine === true ? `installation-in-turn:${installation}` : `installation:${installation}`,
  share: ({ installation }) => shareOfInstallation(installation),
});

/** Asks what changed in an installation since the last look. */
export const activityJob = defineJob({
  kind: "activity",
  schema: z.object({ installation: z.number() }),
  guard: "none",
  priority: priorities.sweep,
  key: ({ installation }) => `activity:${installation}`,
  share: ({ installation }) => shareOfInstallation(installation),
});
