import { environmentReviews } from "#core/facts/deployment-approvals.ts";
import { deployment, type DeploymentFact } from "#core/facts/deployment.ts";
import { softly, type IfReadable } from "#core/facts/if-readable.ts";
import type { FactResult } from "#core/model/fact.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { subjectKey, type DeploymentSubject } from "#core/model/subject.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { Deps } from "#flow/deps.ts";

/** A request that came so lately has been seen by nobody. */
const justNowMs = 30_000;

const key = (subject: DeploymentSubject): string => `first-look:${subjectKey(subject)}`;

/**
 * Whether this is the first look at a deployment whose protection rule has just asked, of a run that asked there for the first time.
 * True once: what looks a second time, for whatever reason, looks at everything.
 */
export async function isFirstLook(
  { store, clock }: Deps,
  subject: DeploymentSubject,
  row: DeploymentRow | null,
): Promise<boolean> {
  const now = clock.now();
  if (
    row === null ||
    row.gateRequestedAt === null ||
    Math.abs(now - row.gateRequestedAt) > justNowMs ||
    Math.abs(now - row.createdAt) > justNowMs
  )
    return false;
  const others = await store.deployments.inEnvironment(subject.repository, subject.environment, 50);
  if (
    others.some(
      (other) => other.runId === subject.runId && other.deploymentId !== subject.deploymentId,
    )
  )
    return false;
  return store.records.claimOnce(key(subject), now);
}

/** A question that was found rather than heard may have waited for long, and people may have answered it. */
export async function noFirstLook(
  { store, clock }: Deps,
  subject: DeploymentSubject,
): Promise<void> {
  await store.records.claimOnce(key(subject), clock.now());
}

/**
 * Nobody can have reviewed at GitHub what has just begun to wait: it is not asked. A review to come wakes the deployment.
 * Words about who asked take the requester that the question named, for it is not worth a call to be sure of him.
 */
export function glancing(
  session: FactSession,
  subject: DeploymentSubject,
  row: DeploymentRow | null,
): FactSession {
  const free = new Map<string, FactResult<unknown>>([
    [environmentReviews.need().key, { ok: true, value: [], evidence: [] }],
    [softly(deployment.need()).key, { ok: true, value: asHeard(subject, row), evidence: [] }],
  ]);
  return {
    ...session,
    read: async (needs) => {
      const table = new Map(await session.read(needs.filter((need) => !free.has(need.key))));
      for (const { key } of needs) {
        const known = free.get(key);
        if (known !== undefined) table.set(key, known);
      }
      return table;
    },
  };
}

function asHeard(
  { environment, sha, ref }: DeploymentSubject,
  row: DeploymentRow | null,
): IfReadable<DeploymentFact> {
  if (row === null) return { told: false, code: "unavailable" };
  return {
    told: true,
    value: {
      id: row.deploymentId,
      environment,
      sha,
      ref,
      actor: row.actor,
      triggeredBy: null,
      scheduled: false,
      createdAt: row.createdAt,
      fork: false,
      movedTo: null,
      over: false,
    },
  };
}
