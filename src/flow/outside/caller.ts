import { sameEnvironment } from "#core/deployments/environment.ts";
import type { Person } from "#core/model/actor.ts";
import {
  actorOf,
  disagreement,
  isOfRepository,
  type WorkloadClaims,
} from "#core/outside/claims.ts";
import { keptRef, type GateQuestion } from "#core/outside/question.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { ApiTokenRecord } from "#core/ports/web.ts";
import type { WorkloadTokens } from "#core/ports/workload-tokens.ts";
import type { Deps } from "#flow/deps.ts";
import { isInScope } from "#flow/pages/viewer.ts";
import { jobMayNot, tokenMayNot, type NotAllowed } from "./refusal.ts";
import { findToken } from "#flow/sign-in/api-tokens.ts";
import { isTokenOf } from "#flow/sign-in/token-repository.ts";

/** Who asks: a job, by what GitHub signed of it, or a token of ours. */
export type Caller =
  | { readonly kind: "job"; readonly claims: WorkloadClaims }
  | { readonly kind: "token"; readonly token: ApiTokenRecord };

/** `unavailable`: the issuer's keys cannot be read, so that nobody can tell. */
export type Identified = Caller | { readonly kind: "unknown" } | { readonly kind: "unavailable" };

/** Tells who shows this; hostile input. Why somebody is unknown is for the log alone. */
export async function identify(
  { store, clock, log }: Pick<Deps, "store" | "clock" | "log">,
  jobs: WorkloadTokens,
  shown: string | undefined,
): Promise<Identified> {
  if (shown === undefined) return { kind: "unknown" };
  if (shown.startsWith("ght_")) {
    const token = await findToken(store.tokens, clock, shown, "api");
    return token === null ? { kind: "unknown" } : { kind: "token", token };
  }
  const verified = await jobs.verify(shown);
  if (verified.kind === "claims") return { kind: "job", claims: verified.claims };
  if (verified.kind === "unavailable") {
    log.error({ reason: verified.because }, "a caller of the gate cannot be identified");
    return { kind: "unavailable" };
  }
  log.info({ reason: verified.because }, "a caller of the gate is not known");
  return { kind: "unknown" };
}

/** Why the caller may not ask this, as far as it is told by what it showed alone; null: it may. */
export function whyNotAsked(caller: Caller, asked: GateQuestion): NotAllowed | null {
  if (caller.kind === "job") {
    const differs = disagreement(caller.claims, asked);
    return differs === null ? null : jobMayNot(differs);
  }
  const { token } = caller;
  const [owner = "", name = ""] = asked.repository.split("/");
  if (!isInScope(token, { owner, name }))
    return tokenMayNot(`the token is not for ${asked.repository}`, "--repository OWNER/NAME");
  const isForIt =
    token.environments.length === 0 ||
    token.environments.some((each) => sameEnvironment(each, asked.environment));
  return isForIt
    ? null
    : tokenMayNot(
        `the token is not for the environment ${asked.environment}`,
        "--environment ENVIRONMENT",
      );
}

/** Whether the caller is of this very repository, and not of another one that bears its name by now. */
export const isBoundTo = async (
  { store }: Pick<Deps, "store">,
  caller: Caller,
  repository: RepositoryRecord,
): Promise<boolean> =>
  caller.kind === "job"
    ? isOfRepository(caller.claims, repository)
    : isTokenOf(store.records, caller.token, repository);

/** What the row of a question keeps of who asks. */
export function askedBy(
  caller: Caller,
  asked: GateQuestion,
  { defaultBranch }: RepositoryRecord,
): {
  readonly caller: string;
  readonly callerKey: string;
  readonly actor: Person | null;
  readonly runId: number | null;
  readonly ref: string;
} {
  if (caller.kind === "token")
    return {
      caller: `token ${caller.token.id} (${caller.token.name})`,
      callerKey: `token:${caller.token.id}`,
      actor: null,
      runId: null,
      ref: keptRef(asked.ref ?? defaultBranch),
    };
  const { claims } = caller;
  return {
    caller: `run ${claims.run_id}, attempt ${claims.run_attempt}`,
    callerKey: `run:${claims.run_id}:${claims.check_run_id ?? ""}`,
    actor: actorOf(claims),
    runId: claims.run_id,
    ref: keptRef(claims.ref),
  };
}

/**
 * Whether all that this caller asks is for one deployment, so that its yes may be told twice: a job is one, behind a token
 * there may be many, and older GitHubs do not tell a run's jobs apart.
 */
export const isOneDeployment = (caller: Caller): boolean =>
  caller.kind === "job" && caller.claims.check_run_id !== undefined;

/** Whose pace it is. */
export const paceOf = (caller: Caller): string =>
  caller.kind === "job" ? `job:${caller.claims.repository_id}` : `token:${caller.token.id}`;
