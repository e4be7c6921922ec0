import { z } from "zod";
import { sameEnvironment } from "#core/deployments/environment.ts";
import type { Person } from "#core/model/actor.ts";
import { bareRef } from "#core/model/ref.ts";
import type { GateQuestion } from "./question.ts";

/** GitHub writes numbers in tokens as text. */
const number = z
  .string()
  .regex(/^[1-9]\d{0,14}$/)
  .transform(Number);

/**
 * What GitHub says, signed, of the job that asks. Ids decide whose token it is: names are given up, and taken by others.
 * Claims that nothing here stands on are left out.
 */
export const workloadClaims = z.object({
  repository: z.string(),
  repository_id: number,
  repository_owner_id: number,
  sha: z.string(),
  ref: z.string(),
  /** Absent: the job names no environment. */
  environment: z.string().min(1).optional(),
  run_id: number,
  run_attempt: number,
  /** The check run of the job: tells it from the run's other jobs. Absent: GitHub is older than this claim. */
  check_run_id: number.optional(),
  event_name: z.string(),
  actor: z.string(),
  actor_id: number,
});
export type WorkloadClaims = z.infer<typeof workloadClaims>;

/** Where a token and a question differ: the claim, what GitHub says, and what is asked. */
export interface Disagreement {
  readonly claim: "repository" | "sha" | "ref" | "environment";
  readonly message: string;
}

const sameRef = (asked: string, claimed: string): boolean =>
  asked === claimed || asked === bareRef(claimed);

/** A job may ask about its own commit, ref and environment, and about nothing else; null: it does. */
export function disagreement(claims: WorkloadClaims, asked: GateQuestion): Disagreement | null {
  if (claims.repository.toLowerCase() !== asked.repository.toLowerCase())
    return {
      claim: "repository",
      message: `the token is of a job of ${claims.repository}, the question is about ${asked.repository}`,
    };
  if (claims.sha.toLowerCase() !== asked.sha)
    return {
      claim: "sha",
      message: `the token is of a job that runs ${claims.sha}, the question is about ${asked.sha}`,
    };
  if (asked.ref !== undefined && !sameRef(asked.ref, claims.ref))
    return {
      claim: "ref",
      message: `the token is of a job that runs ${claims.ref}, the question is about ${asked.ref}`,
    };
  if (claims.environment === undefined)
    return {
      claim: "environment",
      message: `the job names no environment; write "environment: ${asked.environment}" in it`,
    };
  if (!sameEnvironment(claims.environment, asked.environment))
    return {
      claim: "environment",
      message: `the token is of a job for ${claims.environment}, the question is about ${asked.environment}`,
    };
  return null;
}

/** Whether the claims are of this very repository, and not of another one that bears its name by now. */
export const isOfRepository = (
  claims: WorkloadClaims,
  { id, ownerId }: { readonly id: number; readonly ownerId: number },
): boolean => claims.repository_id === id && claims.repository_owner_id === ownerId;

/** Who started the run; null where a clock did. */
export const actorOf = ({ actor, actor_id, event_name }: WorkloadClaims): Person | null =>
  event_name === "schedule"
    ? null
    : { id: actor_id, login: actor, type: actor.endsWith("[bot]") ? "Bot" : "User" };
