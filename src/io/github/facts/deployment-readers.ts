import { z } from "zod";
import {
  deployedPullRequests,
  deployedRange,
  undoneCommits,
  undonePullRequests,
  type DeployedPullRequest,
  type DeployedRange,
} from "#core/facts/deployed-range.ts";
import {
  deploymentApprovals,
  environmentReviews,
  recordedFreezes,
  type EnvironmentReview,
} from "#core/facts/deployment-approvals.ts";
import { askingWorkflow, deployment, knownEnvironment } from "#core/facts/deployment.ts";
import {
  commitOrder,
  deployments,
  deploymentsHere,
  sameCommitDeployments,
  type CommitOrder,
} from "#core/facts/deployments.ts";
import { conversation, deployedContributors } from "#core/facts/deployed-contributors.ts";
import { ofPullRequest } from "#core/facts/of-pull-request.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import { mergeOf } from "#core/record/merge-key.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import { freezesInForce } from "#core/deployments/freezes-in-force.ts";
import type { FactSession, Judging } from "#core/ports/facts.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";
import type { Clock } from "#core/ports/system.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository } from "../client/requests.ts";
import type { ExpiringCache } from "./expiring-cache.ts";
import type { FactCaches } from "./fact-caches.ts";
import { fromRestUser, restUser } from "./person.ts";
import type { PullPeopleCache } from "./pull-people.ts";
import type { OriginsOfCommit } from "./read-commit-origins.ts";
import { isCleanMerge } from "./merge-by-hand.ts";
import { readOrder } from "./read-comparison.ts";
import { readAskingWorkflow } from "./read-asking-workflow.ts";
import { readConversation } from "./read-conversation.ts";
import { readDeployedContributors } from "./read-deployed-contributors.ts";
import { readDeployedPulls } from "./read-deployed-pulls.ts";
import { readDeployment } from "./read-deployment.ts";
import { readIsKnown } from "./read-known-environment.ts";
import { readQuestion } from "./read-question.ts";
import { createRanges } from "./ranges.ts";
import type { History } from "./read-history.ts";
import { settleRuns } from "./settle-runs.ts";
import { byText, type Readers } from "./shared-readers.ts";
import { once } from "./subject-source.ts";

/** What the readers of deployments need besides GitHub. */
export interface DeploymentReading extends Judging {
  readonly store: Store;
  readonly clock: Clock;
  readonly history: History;
  /** Between two commits nothing ever changes. */
  readonly ranges: ExpiringCache<DeployedRange>;
  /** Whether a merge commit that GitHub did not make holds nothing but what it merges. */
  readonly cleanMerges: ExpiringCache<boolean>;
  readonly caches: Pick<FactCaches, "askingRuns" | "orders" | "texts">;
  /** Facts of one pull request of the range. */
  readonly openPull: (number: number) => FactSession;
  readonly pullPeople: PullPeopleCache;
  readonly originsOf: (shas: readonly string[]) => Promise<ReadonlyMap<string, OriginsOfCommit>>;
}

const review = z.array(
  z.object({
    state: z.string(),
    environments: z.array(z.object({ name: z.string().nullish() })),
    user: restUser,
  }),
);
const ofPull = z.object({
  number: z.number().int(),
  need: z.object({ fact: z.string(), key: z.string(), params: z.unknown(), describe: z.string() }),
});

/** Reviews by people; those of Apps, our own among them, are answers of protection rules. */
async function readReviews(
  github: GitHub,
  repository: RepositoryRecord,
  { runId, environment }: DeploymentSubject,
): Promise<readonly EnvironmentReview[]> {
  if (runId === null) return [];
  const request = github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals", {
    owner: repository.owner,
    repo: repository.name,
    run_id: runId,
  });
  const answer = await orAbsent(github.rest(asRepository(repository), request, review));
  return (answer?.data ?? []).flatMap(
    ({ state, environments, user }): readonly EnvironmentReview[] => {
      const by = fromRestUser(user);
      const isHere = environments.some(
        ({ name }) => typeof name === "string" && sameEnvironment(name, environment),
      );
      if (by === null || by.type !== "User" || !isHere) return [];
      return state === "approved" || state === "rejected" ? [{ by, state }] : [];
    },
  );
}

/** Facts that only a deployment has. */
export function deploymentReaders(
  github: GitHub,
  repository: RepositoryRecord,
  subject: DeploymentSubject,
  reading: DeploymentReading,
): Readers {
  const { store, clock, history } = reading;
  const pulls = new Map<number, FactSession>();
  const pullOf = (number: number): FactSession => {
    const session = pulls.get(number) ?? reading.openPull(number);
    pulls.set(number, session);
    return session;
  };

  const ranHere = once(() => history.ofCommit(subject.environment, subject.sha));
  const orderTo = (sha: string): Promise<CommitOrder> =>
    reading.caches.orders.get(
      `${repository.installationId}:${repository.id}:${sha}:${subject.sha}`,
      () => readOrder(github, repository, sha, subject.sha),
    );
  const { range, undone } = createRanges({
    github,
    repository,
    subject,
    ranges: reading.ranges,
    past: () => history.ofEnvironment(subject.environment),
    ranHere,
    orderTo,
  });
  // Rules judge by it, so where it begins is asked again before the verdict.
  const judged = <T>(read: () => Promise<T>): Promise<T> => {
    history.standOn(subject.environment);
    return read();
  };
  const pullsBehind = (
    commits: DeployedRange["commits"],
  ): Promise<readonly DeployedPullRequest[]> =>
    readDeployedPulls(
      github,
      repository,
      {
        records: store.records,
        keptFrom: reading.keptFrom,
        isClean: (made) =>
          reading.cleanMerges.get(`${repository.installationId}:${repository.id}:${made.sha}`, () =>
            isCleanMerge(github, repository, made),
          ),
      },
      commits.map(({ sha }) => sha),
      subject.ref,
    );

  return {
    [deployment.name]: async () => {
      const heard = await store.deployments.row(
        repository.id,
        subject.deploymentId,
        subject.environment,
      );
      return {
        value:
          heard?.question === undefined
            ? await readDeployment(github, repository, subject, heard, store.pushes)
            : await readQuestion(github, repository, subject, heard, store.pushes),
        evidence: [{ label: subject.environment, sha: subject.sha }],
      };
    },
    [deploymentApprovals.name]: async () => ({
      value: await store.acts.find({
        repository: repository.id,
        sha: subject.sha,
        kinds: ["approve", "reject", "rollback"],
      }),
      evidence: [],
    }),
    [environmentReviews.name]: async () => ({
      value: await readReviews(github, repository, subject),
      evidence: [],
    }),
    [recordedFreezes.name]: async () => ({
      value: freezesInForce(
        await store.acts.find({ repository: repository.id, kinds: ["freeze", "unfreeze"] }),
        clock.now(),
      ),
      evidence: [],
    }),
    [deployments.name]: byText((environment) => history.withOutcomeOf(environment, subject.sha)),
    [sameCommitDeployments.name]: async () => ({
      // A yes that was given over the API proves nothing, and uses up what is good once.
      value: [...(await ranHere()), ...(await history.yesesOf(subject.environment, subject.sha))],
      evidence: [],
    }),
    [askingWorkflow.name]: async () => ({
      value: await readAskingWorkflow(github, repository, subject, reading.caches),
      evidence: [],
    }),
    [knownEnvironment.name]: async () => ({
      value: await readIsKnown(github, repository, store.deployments, subject.environment),
      evidence: [],
    }),
    [deploymentsHere.name]: async () => {
      const rows = await history.withQuestions(subject.environment);
      const rivals = rows.filter(({ sha }) => sha !== subject.sha);
      const isNews = await settleRuns(github, repository, reading, rivals);
      return {
        value: isNews ? await history.withQuestions(subject.environment) : rows,
        evidence: [],
      };
    },
    [commitOrder.name]: byText(orderTo),
    [deployedRange.name]: async () => ({ value: await judged(range), evidence: [] }),
    [deployedPullRequests.name]: async () => ({
      value: await pullsBehind((await judged(range)).commits),
      evidence: [],
    }),
    [undoneCommits.name]: async () => ({ value: await judged(undone), evidence: [] }),
    [undonePullRequests.name]: async () => ({
      value: await pullsBehind(await judged(undone)),
      evidence: [],
    }),
    [conversation.name]: async () => ({
      value: await readConversation(github, repository, subject, await range(), reading.originsOf),
      evidence: [],
    }),
    [deployedContributors.name]: async () => ({
      value: await readDeployedContributors(
        {
          repository,
          records: store.records,
          cache: reading.pullPeople,
          openPull: pullOf,
          originsOf: reading.originsOf,
          mergedAs: async (sha) => {
            const number = await store.records.getValue(mergeOf(repository.id, sha));
            return number === null ? null : Number(number);
          },
        },
        await range(),
      ),
      evidence: [],
    }),
    [ofPullRequest.name]: async (raw) => {
      const { number, need } = ofPull.parse(raw);
      const result = (await pullOf(number).read([need])).get(need.key);
      if (result?.ok === true) return { value: result.value, evidence: result.evidence };
      throw new GatehouseError(
        result?.code ?? "unsupported",
        result?.message ?? `${need.describe} was not read`,
        { retryAt: result?.retryAt },
      );
    },
  };
}
