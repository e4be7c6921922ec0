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

/**
 * Questions that deployers outside Actions' environments ask are numbered from here on, far beyond GitHub's deployments:
 * GitHub knows nothing of them.
 */
export const firstQuestionId = 2 ** 52;

/** Whether a deployer outside asks over the API, and not GitHub at an environment. */
export const isQuestion = ({ deploymentId }: Pick<DeploymentSubject, "deploymentId">): boolean =>
  deploymentId >= firstQuestionId;

export type Subject = PullRequestSubject | MergeGroupSubject | DeploymentSubject;

/** So much of a subject as tells it from all others. */
export type NamedSubject =
  | Subject
  | Pick<MergeGroupSubject, "kind" | "repository" | "headSha">
  | Pick<DeploymentSubject, "kind" | "repository" | "deploymentId" | "environment">;

/** The stable name of a subject: the queue's key, so that many events on one subject are one evaluation. */
export function subjectKey(subject: NamedSubject): string {
  switch (subject.kind) {
    case "pull_request":
      return `pr:${subject.repository}:${subject.number}`;
    case "merge_group":
      return `mg:${subject.repository}:${subject.headSha}`;
    case "deployment":
      return `dep:${subject.repository}:${subject.deploymentId}:${subject.environment}`;
  }
}

export const pullRequestKey = (repository: number, number: number): string =>
  subjectKey({ kind: "pull_request", repository, number });

const keyShape = /^(?<kind>pr|mg|dep):(?<repository>\d{1,16}):(?<rest>.+)$/s;
/** An environment's name may hold colons and line feeds. */
const deployedShape = /^(?<deploymentId>\d{1,16}):(?<environment>.+)$/s;

/** What a key names; null: it is no subject's. */
export function readSubjectKey(key: string): NamedSubject | null {
  const { kind, repository, rest = "" } = keyShape.exec(key)?.groups ?? {};
  const within = { repository: Number(repository) };
  switch (kind) {
    case "pr":
      return /^\d{1,16}$/.test(rest)
        ? { kind: "pull_request", ...within, number: Number(rest) }
        : null;
    case "mg":
      return { kind: "merge_group", ...within, headSha: rest };
    case "dep": {
      const { deploymentId, environment } = deployedShape.exec(rest)?.groups ?? {};
      return environment === undefined
        ? null
        : { kind: "deployment", ...within, deploymentId: Number(deploymentId), environment };
    }
    default:
      return null;
  }
}

/** The environment that a key names; null: it names none. */
export function environmentOfKey(key: string | null): string | null {
  const subject = key === null ? null : readSubjectKey(key);
  return subject?.kind === "deployment" ? subject.environment : null;
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
