import { sameEnvironment } from "#core/deployments/environment.ts";
import { newRow } from "#core/deployments/history.ts";
import { deployment as deploymentFact, type DeploymentFact } from "#core/facts/deployment.ts";
import type { Decision, DecisionKind } from "#core/model/decision.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { GatehouseError } from "#core/model/errors.ts";
import { pullRequestKey, subjectKey, type DeploymentSubject } from "#core/model/subject.ts";
import type { FactReader } from "#core/ports/facts.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { decisionId, decisionPath } from "#core/record/decision-address.ts";
import type { RenderedDecision } from "#core/render/decision.ts";
import { answerData, type AnswerData } from "#core/render/answer-data.ts";
import type { Deps } from "#flow/deps.ts";
import { createDeploymentAssessor } from "#flow/judge/assess-deployment.ts";
import { createAssessor } from "#flow/judge/assess.ts";
import { subjectOf, waitingIn } from "#flow/judge/waiting-deployments.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { askRepository, unanswered, type Unanswered } from "#flow/sweeps/ask-repository.ts";

export type Question = { readonly owner: string; readonly name: string } & (
  | { readonly kind: "pull_request"; readonly number: number }
  | { readonly kind: "deployment"; readonly sha: string; readonly environment: string }
);

export interface Explained {
  readonly kind: "explained";
  readonly answer: AnswerData;
  /** What has to be known to read the answer right. */
  readonly notes: readonly string[];
}

/** No rule was judged: the policy itself cannot be used. */
const withoutRules = (kind: DecisionKind, { title, summary }: RenderedDecision): AnswerData => ({
  decision: kind,
  rules: [],
  title,
  summary,
});

const answerOf = (
  kind: DecisionKind,
  decision: Decision | null,
  rendered: RenderedDecision,
): AnswerData =>
  decision === null ? withoutRules(kind, rendered) : answerData(decision, rendered, kind);

/** The id of a deployment that was not asked for: it is judged as if it were asked for now. */
const imagined = 0;

/** Answers facts about the imagined deployment itself; all others are read as usual. */
function imagining(facts: FactReader, fact: DeploymentFact): FactReader {
  const need = deploymentFact.need();
  return {
    open: (subject, repository) => {
      const session = facts.open(subject, repository);
      return {
        ...session,
        read: async (needs) => {
          const others = await session.read(needs.filter(({ key }) => key !== need.key));
          return needs.some(({ key }) => key === need.key)
            ? new Map([...others, [need.key, { ok: true, value: fact, evidence: [] }]])
            : others;
        },
      };
    },
  };
}

/** The live decision, asked on the command line: judged anew as a worker would, and nothing published or recorded. */
export function createExplainer(
  deps: Deps,
  policies: Policies,
): (question: Question) => Promise<Explained | Unanswered> {
  const { clock, github, store } = deps;

  /** Adds the address of the service's last decision. */
  async function withPage(subjectKey: string, answer: AnswerData): Promise<AnswerData> {
    const last = deps.pagesAt === null ? null : await store.records.lastDecision(subjectKey);
    return last === null || deps.pagesAt === null
      ? answer
      : { ...answer, url: `${deps.pagesAt()}${decisionPath(decisionId(last))}` };
  }

  async function aboutPullRequest(
    repository: RepositoryRecord,
    number: number,
  ): Promise<Explained | Unanswered> {
    const assessed = await createAssessor(deps, policies)
      .assess({ kind: "pull_request", repository: repository.id, number }, repository)
      .catch((error: unknown) => {
        if (
          error instanceof GatehouseError &&
          (error.code === "gone" || error.code === "not_found")
        )
          return null;
        throw error;
      });
    if (assessed === null)
      return unanswered(
        `${repository.owner}/${repository.name}#${number}: there is no such pull request; look the number up in the repository`,
      );
    const notes =
      assessed.pullRequest?.state === "closed"
        ? [`#${number} is not open any more: this is what the gate would say if it were`]
        : [];
    return {
      kind: "explained",
      answer: await withPage(
        pullRequestKey(repository.id, number),
        answerOf(assessed.kind, assessed.decision, assessed.rendered),
      ),
      notes,
    };
  }

  /** The deployment that waits now, as we or GitHub know it; null where none does. */
  async function waiting(
    repository: RepositoryRecord,
    sha: string,
    environment: string,
  ): Promise<DeploymentRow | null> {
    const held = (await waitingIn(deps, repository.id))
      .filter((row) => row.sha === sha && sameEnvironment(row.environment, environment))
      .at(-1);
    if (held !== undefined) return held;
    const seen = await github.unstartedDeployment(repository, environment, sha);
    return seen === null
      ? null
      : ((await store.deployments.row(repository.id, seen.deploymentId, seen.environment)) ??
          newRow({
            repository: repository.id,
            deploymentId: seen.deploymentId,
            environment: seen.environment,
            sha,
            ref: seen.ref,
            runId: null,
            actor: seen.creator,
            createdAt: seen.createdAt,
          }));
  }

  async function aboutDeployment(
    repository: RepositoryRecord,
    asked: string,
    environment: string,
  ): Promise<Explained | Unanswered> {
    const sha = await github.commit(repository, asked);
    if (sha === null)
      return unanswered(
        `${repository.owner}/${repository.name}@${asked}: there is no such commit; name one by at least seven digits that was pushed to the repository`,
      );
    const row = await waiting(repository, sha, environment);
    const now = clock.now();
    const subject: DeploymentSubject =
      row === null
        ? {
            kind: "deployment",
            repository: repository.id,
            deploymentId: imagined,
            environment,
            sha,
            ref: repository.defaultBranch,
            runId: null,
          }
        : subjectOf(row);
    const fact: DeploymentFact = {
      id: imagined,
      environment,
      sha,
      ref: repository.defaultBranch,
      actor: null,
      triggeredBy: null,
      scheduled: false,
      createdAt: now,
      fork: false,
      movedTo: null,
      over: false,
    };
    const asking: Deps = row === null ? { ...deps, facts: imagining(deps.facts, fact) } : deps;
    const assessed = await createDeploymentAssessor(asking, policies).assess(
      subject,
      repository,
      row,
    );
    const kinds = { approve: "allow", reject: "deny", hold: "wait", over: "deny" } as const;
    const notes =
      row === null
        ? [
            `no deployment of ${sha.slice(0, 7)} to ${environment} waits: this is what the gate would say if somebody asked for one from ${repository.defaultBranch} now`,
          ]
        : [];
    return {
      kind: "explained",
      answer: await withPage(
        subjectKey(subject),
        answerOf(kinds[assessed.kind], assessed.decision, assessed.rendered),
      ),
      notes:
        assessed.kind === "over"
          ? [`the run of deployment ${subject.deploymentId} has ended: nothing waits for an answer`]
          : notes,
    };
  }

  return async (question) => {
    const found = await askRepository(deps, policies, question.owner, question.name);
    if (found.kind === "unanswered") return found;
    const { repository, resolved } = found;
    if (resolved.kind === "ungoverned")
      return unanswered(
        `${repository.owner}/${repository.name} is not governed: neither it nor the organisation has a policy for it (.github/gatehouse.yml or .github/gatehouse.yaml on the default branch)`,
      );
    return question.kind === "pull_request"
      ? aboutPullRequest(repository, question.number)
      : aboutDeployment(repository, question.sha, question.environment);
  };
}
