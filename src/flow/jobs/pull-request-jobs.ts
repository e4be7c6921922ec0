import { z } from "zod";
import { priorities } from "#core/ports/queue.ts";
import { defineJob, ofRepository } from "./define-job.ts";

/** Looks at a label that asks for an override: put on, taken off, or left standing by a push. */
export const labelJob = defineJob({
  kind: "label",
  schema: z.object({ repository: z.number(), number: z.number(), label: z.string() }),
  guard: "writable",
  priority: priorities.command,
  key: ({ repository, number, label }) => `label:${repository}:${number}:${label.toLowerCase()}`,
  share: ofRepository,
});

/** Looks at a pull request that was closed: what became of it, and whether it was merged past the gate. */
export const mergedJob = defineJob({
  kind: "merged",
  schema: z.object({ repository: z.number(), number: z.number() }),
  guard: "writable",
  priority: priorities.sweep,
  key: ({ repository, number }) => `merged:${repository}:${number}`,
  share: ofRepository,
});

/** Judges the policy that a pull request proposes. */
export const previewJob = defineJob({
  kind: "preview",
  schema: z.object({ repository: z.number(), number: z.number(), headSha: z.string() }),
  guard: "writable",
  priority: priorities.sweep,
  key: ({ repository, number }) => `preview:${repository}:${number}`,
  share: ofRepository,
});
