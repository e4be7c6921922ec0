import { randomBytes, randomUUID } from "node:crypto";
import { actor, accountOf } from "../world/accounts.ts";
import { fullName, repoNamed } from "../world/lookup.ts";
import { issuerOf, newSigningKey, oidcOf, signedToken } from "../world/oidc.ts";
import type { World } from "../world/world.ts";
import { shaNamed } from "./checks.ts";

export interface OidcInput {
  readonly repo: string;
  readonly sha: string;
  /** Full ref (default: the default branch). */
  readonly ref?: string;
  /** Of the job; left out: it names none. */
  readonly environment?: string;
  readonly run?: number;
  readonly actor?: string;
  readonly event?: string;
  /** Whom the token is for. */
  readonly audience: string;
  /** Seconds for which it is good (GitHub's own: five minutes). */
  readonly lasts?: number;
  /** Claims written over those that GitHub would make: forgeries, other versions. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The same of the header. */
  readonly header?: Readonly<Record<string, unknown>>;
}

function claimsOf(world: World, input: OidcInput): Readonly<Record<string, unknown>> {
  const repo = repoNamed(world, input.repo);
  const owner = accountOf(world, repo.ownerId);
  const name = fullName(world, repo);
  const sha = shaNamed(world, repo, input.sha);
  const ref = input.ref ?? `refs/heads/${repo.defaultBranch}`;
  const by = actor(world, input.actor ?? "admin");
  const now = Math.floor(world.now() / 1000);
  const run = input.run === undefined ? undefined : repo.runs.get(input.run);
  const jobs = [...repo.jobs.values()].filter(
    (job) =>
      run !== undefined &&
      job.runId === run.id &&
      job.attempt === run.attempt &&
      job.environment === (input.environment ?? null),
  );
  const job = jobs.length === 1 ? jobs[0] : undefined;
  return {
    jti: randomUUID(),
    sub:
      input.environment === undefined
        ? `repo:${name}:ref:${ref}`
        : `repo:${name}:environment:${input.environment}`,
    aud: input.audience,
    ref,
    sha,
    repository: name,
    repository_owner: owner.login,
    repository_owner_id: String(owner.id),
    run_id: String(input.run ?? 1),
    run_number: String(run?.runNumber ?? 1),
    run_attempt: String(run?.attempt ?? 1),
    // Of several jobs for one environment the caller says which asks, with `claims`.
    ...(job === undefined ? {} : { check_run_id: String(job.checkRunId) }),
    repository_visibility: repo.private ? "private" : "public",
    repository_id: String(repo.id),
    actor_id: String(by.id),
    actor: by.login,
    workflow: "deploy",
    head_ref: "",
    base_ref: "",
    event_name: input.event ?? "push",
    ref_protected: "true",
    ref_type: ref.startsWith("refs/tags/") ? "tag" : "branch",
    workflow_ref: `${name}/.github/workflows/deploy.yml@${ref}`,
    workflow_sha: sha,
    job_workflow_ref: `${name}/.github/workflows/deploy.yml@${ref}`,
    job_workflow_sha: sha,
    runner_environment: "github-hosted",
    ...(input.environment === undefined ? {} : { environment: input.environment }),
    iss: issuerOf(world),
    nbf: now - 600,
    exp: now + (input.lasts ?? 300),
    iat: now,
    ...input.claims,
  };
}

/** What GitHub says of a job of a workflow, signed: the token that the job may show to others. */
export function oidcToken(world: World, input: OidcInput): string {
  return signedToken(world, claimsOf(world, input), input.header);
}

/** What the job finds in its environment, with which it asks for the token itself: `ACTIONS_ID_TOKEN_REQUEST_URL` and `…_TOKEN`. */
export function oidcRequest(
  world: World,
  input: Omit<OidcInput, "audience">,
): { readonly url: string; readonly token: string } {
  const token = randomBytes(24).toString("base64url");
  oidcOf(world).requests.set(token, { ...input });
  return { url: `${issuerOf(world)}/request?api-version=2.0`, token };
}

/** GitHub signs with a new key from now on; `forget`: those before it are not published any more. */
export function rotateOidcKeys(
  world: World,
  { forget = false }: { readonly forget?: boolean },
): { readonly kid: string } {
  const { keys } = oidcOf(world);
  if (forget) keys.splice(0);
  const key = newSigningKey();
  keys.push(key);
  return { kid: key.kid };
}
