import { z } from "zod";

/** The two places where a decision binds. A merge group is gated like a pull request. */
export const gates = ["pull_request", "deployment"] as const;
export type Gate = (typeof gates)[number];

/** A pull request, judged at whatever its head is when the facts are read. `repository` is GitHub's numeric id. */
export interface PullRequestSubject {
  readonly kind: "pull_request";
  readonly repository: number;
  readonly number: number;
}

/** A merge group of GitHub's merge queue, judged on its own head commit. */
export interface MergeGroupSubject {
  readonly kind: "merge_group";
  readonly repository: number;
  readonly headSha: string;
  readonly headRef: string;
  readonly baseRef: string;
}

/** One deployment waiting at one environment. A re-run keeps the run id, so the deployment id is the identity. */
export interface DeploymentSubject {
  readonly kind: "deployment";
  readonly repository: number;
  readonly deploymentId: number;
  readonly environment: string;
  readonly sha: string;
  readonly ref: string;
  readonly runId: number | null;
}

export type Subject = PullRequestSubject | MergeGroupSubject | DeploymentSubject;

/** The stable name of a subject: the queue's key, so that many events on one subject are one evaluation. */
export function subjectKey(subject: Subject): string {
  switch (subject.kind) {
    case "pull_request":
      return `pr:${subject.repository}:${subject.number}`;
    case "merge_group":
      return `mg:${subject.repository}:${subject.headSha}`;
    case "deployment":
      return `dep:${subject.repository}:${subject.deploymentId}:${subject.environment}`;
  }
}

export function gateOf(subject: Subject): Gate {
  return subject.kind === "deployment" ? "deployment" : "pull_request";
}

const repositoryId = z.number().int();
/** A subject as the queue and the record keep it. */
export const subjectSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("pull_request"), repository: repositoryId, number: z.number().int() }),
  z.object({
    kind: z.literal("merge_group"),
    repository: repositoryId,
    headSha: z.string(),
    headRef: z.string(),
    baseRef: z.string(),
  }),
  z.object({
    kind: z.literal("deployment"),
    repository: repositoryId,
    deploymentId: z.number().int(),
    environment: z.string(),
    sha: z.string(),
    ref: z.string(),
    runId: z.number().int().nullable(),
  }),
]);

/** A subject as the queue kept it; throws for anything else. */
export function readSubject(value: unknown): Subject {
  return subjectSchema.parse(value);
}
