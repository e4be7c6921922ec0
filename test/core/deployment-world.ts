import { calendarFile } from "#core/facts/calendar-file.ts";
import {
  deployedPullRequests,
  deployedRange,
  undoneCommits,
  undonePullRequests,
  type DeployedCommit,
  type DeployedPullRequest,
  type DeployedRange,
} from "#core/facts/deployed-range.ts";
import {
  deploymentApprovals,
  environmentReviews,
  recordedFreezes,
  type EnvironmentReview,
} from "#core/facts/deployment-approvals.ts";
import { deployedContributors } from "#core/facts/deployed-contributors.ts";
import { contributorsOfDeployment } from "#core/people/deployed-contributors.ts";
import { deployment, type DeploymentFact } from "#core/facts/deployment.ts";
import { deployments, sameCommitDeployments } from "#core/facts/deployments.ts";
import { labelsAdded, type AddedLabel } from "#core/facts/labels-added.ts";
import { needOf } from "#core/facts/of-pull-request.ts";
import { account, roleOf, teamMembers } from "#core/facts/people.ts";
import { changedFiles, labels } from "#core/facts/pull-request.ts";
import type { Act, ActKind } from "#core/model/act.ts";
import type { Person, Role } from "#core/model/actor.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { FactTable } from "#core/model/fact.ts";
import type { FreezeByPerson } from "#core/model/freeze.ts";
import {
  alice,
  anIdentity,
  bob,
  carol,
  dave,
  eve,
  factsOf,
  headSha,
  minute,
  monday,
  sha,
  tell,
  type Told,
} from "./build.ts";

/** Builders of deployments: production of `headSha` is asked for by dave on an ordinary Monday. */

export function aDeploymentFact(over: Partial<DeploymentFact> = {}): DeploymentFact {
  return {
    id: 5,
    environment: "production",
    sha: headSha,
    ref: "main",
    actor: dave,
    triggeredBy: null,
    scheduled: false,
    createdAt: monday - 10 * minute,
    fork: false,
    movedTo: null,
    over: false,
    ...over,
  };
}

let acts = 0;

/** Something somebody said of `headSha` in production, a minute ago. */
export function anAct(
  kind: ActKind,
  actor: Person,
  over: Partial<Omit<Act, "kind" | "actor">> = {},
): Act {
  acts += 1;
  return {
    id: `comment:${acts}:0`,
    kind,
    repository: 1,
    pullRequest: 7,
    environment: "production",
    sha: headSha,
    name: null,
    actor,
    at: monday - minute,
    expiresAt: null,
    reason: "",
    detail: {},
    ...over,
  };
}

let rows = 100;

/** A deployment that succeeded an hour ago. */
export function aRow(
  environment: string,
  commit: string,
  over: Partial<DeploymentRow> = {},
): DeploymentRow {
  rows += 1;
  const createdAt = over.createdAt ?? (over.succeededAt ?? monday - 60 * minute) - minute;
  return {
    repository: 1,
    deploymentId: rows,
    environment,
    sha: commit,
    ref: "main",
    runId: 1,
    actor: dave,
    createdAt,
    state: "success",
    startedAt: createdAt,
    finishedAt: over.succeededAt ?? monday - 60 * minute,
    succeededAt: monday - 60 * minute,
    gateRequestedAt: null,
    gateAnsweredAt: null,
    gateAnswer: null,
    reports: 0,
    ...over,
  };
}

export function aDeployedCommit(
  commit: string,
  over: Partial<DeployedCommit> = {},
): DeployedCommit {
  return {
    sha: commit,
    subject: "feat: something",
    url: `https://github.example/acme/shop/commit/${commit}`,
    people: [anIdentity(alice)],
    ...over,
  };
}

/** A gated pull request of alice's, approved by bob, that brought the commits. */
export function aDeployedPull(
  number: number,
  commits: readonly string[],
  over: Partial<DeployedPullRequest> = {},
): DeployedPullRequest {
  return {
    number,
    url: `https://github.example/acme/shop/pull/${number}`,
    title: "Add a thing",
    author: alice,
    mergedBy: bob,
    approvedBy: [bob],
    commits,
    gate: { kind: "allow", overrides: [] },
    ...over,
  };
}

export interface DeploymentWorld {
  readonly deployment?: Partial<DeploymentFact>;
  readonly words?: readonly Act[];
  readonly reviews?: readonly EnvironmentReview[];
  readonly freezes?: readonly FreezeByPerson[];
  /** Earlier deployments by environment. */
  readonly history?: Readonly<Record<string, readonly DeploymentRow[]>>;
  /** Earlier deployments of this commit to this environment. */
  readonly before?: readonly DeploymentRow[];
  readonly range?: Partial<DeployedRange>;
  readonly pulls?: readonly DeployedPullRequest[];
  /** The pull requests of what is undone, each of one commit. */
  readonly undone?: readonly DeployedPullRequest[];
  readonly files?: Readonly<Record<number, readonly string[]>>;
  readonly labels?: Readonly<Record<number, readonly AddedLabel[]>>;
  readonly teams?: Readonly<Record<string, readonly Person[]>>;
  readonly roles?: Readonly<Record<string, Role>>;
  readonly calendars?: Readonly<Record<string, string | null>>;
}

/** Everybody may write unless a test says otherwise; `headSha` goes out, written by alice in #7. */
export function deploymentWorld(over: DeploymentWorld = {}, ...more: readonly Told[]): FactTable {
  const people = [alice, bob, carol, dave, eve];
  const pulls = over.pulls ?? [aDeployedPull(7, [headSha])];
  const range: DeployedRange = {
    since: { sha: sha("0"), at: monday - 24 * 60 * minute },
    relation: "ahead",
    commits: [aDeployedCommit(headSha)],
    ...over.range,
  };
  const changes = pulls.map(({ number, author, commits }) => ({
    number,
    shas: commits,
    opener: author,
    commits: [],
    pushers: [],
    earlier: [],
    asked: [],
  }));
  return factsOf(
    tell(deployment.need(), aDeploymentFact(over.deployment)),
    tell(deploymentApprovals.need(), over.words ?? []),
    tell(environmentReviews.need(), over.reviews ?? []),
    tell(recordedFreezes.need(), over.freezes ?? []),
    tell(sameCommitDeployments.need(), over.before ?? []),
    tell(deployedRange.need(), range),
    tell(deployedContributors.need(), contributorsOfDeployment(range.commits, changes)),
    tell(deployedPullRequests.need(), pulls),
    ...(over.undone === undefined
      ? []
      : [
          tell(
            undoneCommits.need(),
            over.undone.flatMap(({ commits }) => commits.map((each) => aDeployedCommit(each))),
          ),
          tell(undonePullRequests.need(), over.undone),
        ]),
    ...Object.entries(over.history ?? {}).map(([environment, list]) =>
      tell(deployments.need(environment), list),
    ),
    ...[...pulls, ...(over.undone ?? [])].flatMap(({ number }): readonly Told[] => [
      tell(
        needOf(number, changedFiles.need()),
        (over.files?.[number] ?? ["src/a.ts"]).map((path) => ({
          path,
          status: "modified" as const,
          additions: 1,
          deletions: 0,
        })),
      ),
      tell(
        needOf(number, labels.need()),
        (over.labels?.[number] ?? []).map(({ name }) => ({ name })),
      ),
      tell(needOf(number, labelsAdded.need()), over.labels?.[number] ?? []),
    ]),
    ...people.map((person) => tell(roleOf.need(person), over.roles?.[person.login] ?? "write")),
    ...people.map((person) => tell(account.need(person.login), person)),
    ...Object.entries(over.teams ?? {}).map(([team, members]) =>
      tell(teamMembers.need(team), members),
    ),
    ...Object.entries(over.calendars ?? {}).map(([path, text]) =>
      tell(calendarFile.need({ path, from: "repository" }), { text, staleSince: null }),
    ),
    ...more,
  );
}
