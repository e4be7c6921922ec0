import { z } from "zod";
import { deploymentButtons } from "#core/commands/buttons.ts";
import { leavesOf } from "#core/commands/environment-rules.ts";
import { deployedPullRequests } from "#core/facts/deployed-range.ts";
import type { CheckRunAction } from "#core/model/effect.ts";
import { conversation } from "#core/facts/deployed-contributors.ts";
import { GatehouseError, isTransient } from "#core/model/errors.ts";
import { lookUp } from "#core/model/fact.ts";
import type { RuleOutcome } from "#core/model/decision.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import { priorities, type Lease, type WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { deploymentWaits } from "#core/render/deployment-waits.ts";
import { approvals } from "#core/rules/approvals/rule.ts";
import { mergeOf } from "#core/record/merge-key.ts";
import { judgedBy } from "./assess-deployment.ts";
import { type DeploymentAssessment } from "./deployment-assessment.ts";
import { actsBehind } from "#flow/people/acts-behind.ts";
import type { Deps } from "#flow/deps.ts";
import { owedReviews } from "#flow/in-force/people-in-force.ts";
import { conversationKey } from "#flow/in-force/people-values.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { subjectOf, waitingIn } from "#flow/intake/route-deployment.ts";
import { done, type Outcome } from "#flow/jobs/work.ts";
import type { SummaryComment } from "#flow/publish/summary-comment.ts";

const payloadSchema = z.object({
  repository: z.number(),
  environment: z.string(),
  sha: z.string(),
  says: z.string().nullable(),
  range: z.array(z.number()),
});

/** Rules for which the deployment waits for somebody's word. */
function waitingForPeople({
  kind,
  policy,
  decision,
}: DeploymentAssessment): readonly RuleOutcome[] {
  if (kind !== "hold" || policy === null || decision === null) return [];
  return decision.rules.filter((outcome) => {
    const rule = policy.rules.find(({ name }) => name === outcome.name);
    const isUnmet =
      outcome.enforcement === "active" &&
      outcome.overridden === undefined &&
      outcome.verdict.kind === "pending";
    return (
      isUnmet &&
      rule !== undefined &&
      leavesOf(rule.requirement).some((leaf) => leaf.rule.name === approvals.name)
    );
  });
}

/** The buttons of `gatehouse / <environment>` while people may answer. */
export async function deploymentActions(
  deps: Deps,
  subject: DeploymentSubject,
  assessed: DeploymentAssessment,
): Promise<readonly CheckRunAction[]> {
  if (waitingForPeople(assessed).length === 0) return [];
  const { repository, environment, sha } = subject;
  return deploymentButtons(
    (await actsBehind(deps.store, repository, null, environment, sha)).length,
  );
}

/** What follows from a judged deployment for people: the comment that says for what it waits, and reviews that are owed. */
export async function deploymentFollowUps(
  deps: Deps,
  repository: RepositoryRecord,
  subject: DeploymentSubject,
  assessed: DeploymentAssessment,
): Promise<readonly WorkItem[]> {
  const now = deps.clock.now();
  const { records } = deps.store;
  const waits = waitingForPeople(assessed);
  const carriedOn = await records.getValue(conversationKey(repository.id, subject.sha));
  const range = lookUp(assessed.facts, deployedPullRequests.need());
  const words: readonly WorkItem[] =
    waits.length === 0 && carriedOn === null
      ? []
      : [
          {
            key: `deployment-words:${repository.id}:${subject.sha}:${subject.environment}`,
            kind: "deployment-words",
            payload: {
              repository: repository.id,
              environment: subject.environment,
              sha: subject.sha,
              says: waits.length === 0 ? null : deploymentWaits(subject, waits),
              range: range?.ok === true ? range.value.map(({ number }) => number) : [],
            },
            priority: priorities.command,
            runAt: now,
            share: String(repository.id),
          },
        ];
  const number = Number(
    carriedOn ?? (await records.getValue(mergeOf(repository.id, subject.sha))) ?? 0,
  );
  return [
    ...words,
    ...(await owedReviews(
      deps,
      repository,
      number,
      assessed.requests,
      assessed.decision?.rules ?? [],
      now,
    )),
  ];
}

/** Says on the pull request that brought the commit for what its deployment waits, and how to answer. */
export function createDeploymentComment(
  deps: Deps,
  policies: Policies,
  words: SummaryComment,
): (lease: Lease) => Promise<Outcome> {
  const { store } = deps;

  /** The pull request whose merge commit, or head, the commit is; else the newest that goes out with it; null where there is none. */
  async function conversationPull(
    repository: RepositoryRecord,
    sha: string,
    range: readonly number[],
  ): Promise<number | null> {
    const known =
      (await store.records.getValue(conversationKey(repository.id, sha))) ??
      (await store.records.getValue(mergeOf(repository.id, sha)));
    if (known !== null) return Number(known);
    const open = (await store.records.openPullRequestsWithHead(repository.id, sha))[0];
    if (open !== undefined) return open.number;
    const waits = (await waitingIn(deps, repository.id)).find((row) => row.sha === sha);
    if (waits === undefined) return range.length === 0 ? null : Math.max(...range);
    const resolved = await policies.of(repository);
    const session = deps.facts.open(subjectOf(waits), repository, judgedBy(resolved));
    const read = lookUp(await session.read([conversation.need()]), conversation.need());
    if (read?.ok !== true) {
      if (read !== undefined && isTransient(read.code))
        throw new GatehouseError(read.code, read.message, { retryAt: read.retryAt });
      return range.length === 0 ? null : Math.max(...range);
    }
    if (read.value?.became === true)
      await store.records.setValue(mergeOf(repository.id, sha), String(read.value.number));
    return read.value?.number ?? null;
  }

  return async (lease) => {
    const { repository: id, environment, sha, says, range } = payloadSchema.parse(lease.payload);
    const repository = await store.records.repository(id);
    if (repository === null || !repository.active || repository.archived) return done;
    const number = await conversationPull(repository, sha, range);
    if (number === null) return done;
    await store.records.setValue(conversationKey(id, sha), String(number));
    await words.update(lease, repository, number, [
      { name: `deployment:${environment}`, text: says },
    ]);
    return done;
  };
}
