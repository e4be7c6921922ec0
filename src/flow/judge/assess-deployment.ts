import { lookAhead } from "#core/calendar/limits.ts";
import { protectionRuleAnswer } from "#core/decide/answer.ts";
import { decideDeployment, wantedForDeployment } from "#core/decide/decide.ts";
import { expiresAt } from "#core/decide/expiry.ts";
import { type AskedBefore, askedBefore } from "#core/policy/asked-before.ts";
import { endOfAllow } from "#core/policy/combine.ts";
import { judgesEnvironment } from "#core/decide/governed.ts";
import { openingOf } from "#core/decide/opening.ts";
import { deployment as deploymentFact, type DeploymentFact } from "#core/facts/deployment.ts";
import type { Decision } from "#core/model/decision.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { GatehouseError } from "#core/model/errors.ts";
import { lookUp, type FactTable } from "#core/model/fact.ts";
import { isQuestion, type DeploymentSubject } from "#core/model/subject.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { policyZone } from "#core/policy/policy-zone.ts";
import { organizationRepository } from "#core/policy/files.ts";
import { rulesKeptFrom } from "#core/policy/kept-from.ts";
import type { FactSession, Judging } from "#core/ports/facts.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { DecisionInputs } from "#core/record/inputs.ts";
import { renderDecision, type RenderedDecision } from "#core/render/decision.ts";
import { opensTooLate, renderUngoverned } from "#core/render/deployment.ts";
import type { Deps } from "#flow/deps.ts";
import { passingTrouble } from "#flow/facts/passing-trouble.ts";
import { readFacts } from "#flow/facts/read-facts.ts";
import { subjectValueOf } from "#flow/facts/value-of.ts";
import { requestersOf } from "#core/people/requesters.ts";
import { heldGoingOut } from "#flow/in-force/held-going-out.ts";
import { peopleAtDeployment } from "#flow/in-force/people-at-deployment.ts";
import { glancing, isFirstLook } from "#flow/policy/first-look.ts";
import { createDecisionLinks } from "#flow/policy/decision-links.ts";
import type { Policies, ResolvedPolicy } from "#flow/policy/policies.ts";
import type { DeploymentAssessment } from "./deployment-assessment.ts";

export interface DeploymentAssessor {
  /** Throws `GatehouseError` when the deployment itself cannot be read. */
  readonly assess: (
    subject: DeploymentSubject,
    repository: RepositoryRecord,
    row: DeploymentRow | null,
  ) => Promise<DeploymentAssessment>;
}

type Effective = Extract<ResolvedPolicy, { kind: "effective" }>;

/** If the policy cannot be used, every environment counts as judged. */
export const judgedBy = (resolved: ResolvedPolicy): Judging =>
  resolved.kind === "effective"
    ? {
        judges: (environment) => judgesEnvironment(resolved.policy, environment),
        keptFrom: (branch, defaultBranch) => rulesKeptFrom(resolved.policy, branch, defaultBranch),
      }
    : { judges: () => resolved.kind === "broken", keptFrom: () => [] };

/** For an approval, policies must have been read within this time; events usually report changes sooner. */
const freshPolicyMs = 60_000;
const freshOrganizationMs = 5 * 60_000;

/** The deployment itself must be readable; without it the requester and the commit are unknown. */
const theDeployment = (table: FactTable): DeploymentFact =>
  subjectValueOf(lookUp(table, deploymentFact.need()), "the deployment was not read");

const ifGitHubFails = (error: unknown): false => {
  if (error instanceof GatehouseError) return false;
  throw error;
};

/** What an answer is made of, before people are heard. */
function inputsOf(
  resolved: ResolvedPolicy,
  subject: DeploymentSubject,
  row: DeploymentRow | null,
  facts: FactTable,
  now: number,
): DecisionInputs & { readonly end: number } {
  const told = lookUp(facts, deploymentFact.need());
  // A question has no deadline at GitHub: one that cannot be approved for long is held, and may be asked again.
  if (isQuestion(subject))
    return { policy: resolved.files, subject, facts, now, holds: [], overrides: [], end: now };
  const end = expiresAt(row?.gateRequestedAt ?? (told?.ok === true ? told.value.createdAt : now));
  return { policy: resolved.files, subject, facts, now, holds: [], overrides: [], end };
}

/** Judges deployments: policy, facts, evaluation, words. Writes nothing. */
export function createDeploymentAssessor(deps: Deps, policies: Policies): DeploymentAssessor {
  const { clock, store } = deps;
  const seenAt = new Map<number, number>();

  const linksOf = createDecisionLinks(deps);

  /** Makes sure that the policies in force are those of now; true when one is another than was judged by. */
  async function policyMoved(repository: RepositoryRecord, session: FactSession): Promise<boolean> {
    const now = clock.now();
    const hints = session.policyHints();
    let moved = false;
    if ("repository" in hints) {
      moved = await policies.reviewHints(repository, hints);
      seenAt.set(repository.id, now);
    } else if (now - (seenAt.get(repository.id) ?? 0) > freshPolicyMs) {
      moved = await policies.refresh(repository);
      seenAt.set(repository.id, now);
    }
    const above = await store.records.repositoryByName(repository.owner, organizationRepository);
    if (
      above !== null &&
      above.active &&
      above.id !== repository.id &&
      now - (seenAt.get(above.id) ?? 0) > freshOrganizationMs
    ) {
      moved = (await policies.refresh(above)) || moved;
      seenAt.set(above.id, now);
    }
    return moved;
  }

  /**
   * A first glance, by what costs least: it may show that the deployment has to wait, no matter who asked for it. null: it
   * does not, and only a full look can tell.
   */
  async function glance(
    resolved: Effective,
    subject: DeploymentSubject,
    repository: RepositoryRecord,
    row: DeploymentRow | null,
    session: FactSession,
    now: number,
  ): Promise<DeploymentAssessment | null> {
    const before = askedBefore();
    const facts = await readFacts(glancing(session, subject, row), (known) =>
      wantedForDeployment(resolved.policy, subject, known, now, "glance", before),
    );
    if ([...facts.values()].some((result) => !result.ok)) return null;
    const assessed = await answerBy(
      resolved,
      subject,
      repository,
      row,
      session,
      facts,
      now,
      before,
    );
    // Who asked for it is not known for sure yet, so nothing is kept of where an override stands.
    return assessed.kind === "hold" ? { ...assessed, requests: [] } : null;
  }

  async function judgeBy(
    resolved: ResolvedPolicy,
    subject: DeploymentSubject,
    repository: RepositoryRecord,
    row: DeploymentRow | null,
    session: FactSession,
  ): Promise<DeploymentAssessment> {
    const now = clock.now();
    if (resolved.kind === "effective" && (await isFirstLook(deps, subject, row))) {
      const seen = await glance(resolved, subject, repository, row, session, now);
      if (seen !== null) return seen;
    }
    const policy = resolved.kind === "effective" ? resolved.policy : null;
    const before = askedBefore();
    const facts = await readFacts(session, (known) =>
      policy === null
        ? [deploymentFact.need()]
        : wantedForDeployment(policy, subject, known, now, "full", before),
    );
    const asked = theDeployment(facts);
    const unjudged = inputsOf(resolved, subject, row, facts, now);
    const base = {
      facts,
      asked,
      policy,
      blobs: resolved.blobs,
      inputs: unjudged,
      changesAt: null,
      decision: null,
      retry: null,
      requests: [],
      ownCheckRuns: session.ownCheckRuns(),
    } as const;
    if (asked.over)
      return {
        ...base,
        kind: "over",
        rendered: renderUngoverned(),
        digest: "",
        label: "no policy",
      };
    if (resolved.kind === "ungoverned")
      return {
        ...base,
        kind: "approve",
        rendered: renderUngoverned(),
        digest: "none",
        label: "no policy",
      };
    // A broken or removed policy holds rather than rejects, because asking for a deployment again is expensive.
    if (resolved.kind === "broken")
      return {
        ...base,
        kind: "hold",
        rendered: resolved.rendered,
        digest: resolved.digest,
        label: "a policy that cannot be used",
      };
    return answerBy(resolved, subject, repository, row, session, facts, now, before);
  }

  /** What the policy says on these facts. */
  async function answerBy(
    resolved: Effective,
    subject: DeploymentSubject,
    repository: RepositoryRecord,
    row: DeploymentRow | null,
    session: FactSession,
    facts: FactTable,
    now: number,
    before: AskedBefore,
  ): Promise<DeploymentAssessment> {
    const told = lookUp(facts, deploymentFact.need());
    const asked = told?.ok === true ? told.value : null;
    const base = {
      facts,
      asked,
      policy: resolved.policy,
      blobs: resolved.blobs,
      ownCheckRuns: session.ownCheckRuns(),
    } as const;
    const people = await peopleAtDeployment(
      deps,
      resolved.policy,
      subject,
      now,
      (held) => heldGoingOut(deps.github, session, repository, held),
      requestersOf(asked),
    );
    const unjudged = inputsOf(resolved, subject, row, facts, now);
    const inputs = { ...unjudged, holds: people.holds, overrides: people.overrides };
    const decision = decideDeployment({ ...inputs, subject, policy: resolved.policy, before });
    const rendered = renderDecision(decision, {
      notice: resolved.notice,
      policy: resolved.label,
      subject: `${isQuestion(subject) ? "the question about" : `deployment ${subject.deploymentId} of`} ${subject.sha.slice(0, 7)} to ${subject.environment}`,
      zone: policyZone(resolved.policy),
      links: await linksOf(repository, resolved.files),
      sha: subject.sha,
    });
    const judged = {
      ...base,
      inputs,
      decision,
      digest: resolved.digest,
      label: resolved.label,
      changesAt: decision.changesAt ?? null,
      retry: passingTrouble(facts),
      requests: people.requests,
    };
    const answer = protectionRuleAnswer(resolved.policy, decision, facts, inputs.end);
    if (answer === "approve")
      return { ...judged, kind: answer, rendered, changesAt: endOfAllow(decision) ?? null };
    return answer === "too late"
      ? {
          ...judged,
          kind: "reject",
          rendered: tooLate(resolved.policy, decision, facts, rendered, inputs.end),
        }
      : { ...judged, kind: answer, rendered };
  }

  /**
   * Whether deployments went otherwise than the record has it, because nobody told: asked before each verdict, and where
   * it was held before. Where that cannot be asked, nothing is given, and what is held stays held.
   */
  async function historyMoved(
    { kind }: DeploymentAssessment,
    session: FactSession,
    row: DeploymentRow | null,
  ): Promise<boolean> {
    if (kind === "over" || session.historyMoved === undefined) return false;
    if (kind !== "hold") return session.historyMoved();
    return (row?.reports ?? 0) > 0 && session.historyMoved().catch(ifGitHubFails);
  }

  /** The answer if it cannot be approved before GitHub gives up on it, with the instant at which it could have been. */
  function tooLate(
    policy: EffectivePolicy,
    decision: Decision,
    facts: FactTable,
    rendered: RenderedDecision,
    end: number,
  ): RenderedDecision {
    const later = openingOf(policy, decision, facts, lookAhead(decision.now));
    return opensTooLate(rendered, later.kind === "at" ? later.at : null, end);
  }

  return {
    assess: async (subject, repository, row) => {
      const resolved = await policies.of(repository);
      const session = deps.facts.open(subject, repository, judgedBy(resolved));
      const assessed = await judgeBy(resolved, subject, repository, row, session);
      // Only an approval cannot be taken back; every other answer is corrected by the next event.
      const isMoved = assessed.kind === "approve" && (await policyMoved(repository, session));
      if (!(await historyMoved(assessed, session, row)) && !isMoved) return assessed;
      // What history proves depends on the policy, so it is read anew.
      const moved = await policies.of(repository);
      return judgeBy(
        moved,
        subject,
        repository,
        row,
        deps.facts.open(subject, repository, judgedBy(moved)),
      );
    },
  };
}
