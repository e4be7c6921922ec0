import type { CheckFact } from "#core/facts/checks.ts";
import {
  baseFile,
  type ChangedFile,
  type CommitFact,
  type CommitIdentity,
  headFile,
  type PullRequestFact,
} from "#core/facts/pull-request.ts";
import type { ReviewFact } from "#core/facts/reviews.ts";
import type { Person } from "#core/model/actor.ts";
import type { ErrorCode } from "#core/model/errors.ts";
import type { Event } from "#core/model/event.ts";
import type { FactResult, FactTable, Need } from "#core/model/fact.ts";
import type {
  DeploymentSubject,
  MergeGroupSubject,
  PullRequestSubject,
} from "#core/model/subject.ts";

/** Builders of facts: everything has an ordinary value, a test names only what it is about. */

/** 2026-03-02T10:00:00Z, an ordinary Monday. */
export const monday = Date.UTC(2026, 2, 2, 10);
export const minute = 60_000;

/** A commit SHA made of one letter: `sha("a")` is `aaaa…`. */
export const sha = (letter: string): string => letter.repeat(40).slice(0, 40);
export const headSha = sha("b");
export const olderSha = sha("a");

/** The same login is the same person with the same id, in every test. */
export function aPerson(login: string, over: Partial<Person> = {}): Person {
  let id = 7;
  for (const character of login.toLowerCase())
    id = (id * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return { id, login, type: "User", ...over };
}

export const aBot = (login: string): Person => aPerson(login, { type: "Bot" });

export const alice = aPerson("alice");
export const bob = aPerson("bob");
export const carol = aPerson("carol");
export const dave = aPerson("dave");
export const eve = aPerson("eve");

/** Opened by alice, from `feature` onto `main`. */
export function aPullRequest(over: Partial<PullRequestFact> = {}): PullRequestFact {
  return {
    number: 7,
    url: "https://github.example/acme/shop/pull/7",
    author: alice,
    state: "open",
    draft: false,
    baseRef: "main",
    baseSha: sha("f"),
    headRef: "feature",
    headSha,
    headRepository: 1,
    fork: false,
    createdAt: monday - 60 * minute,
    ...over,
  };
}

/** An approval of the head by somebody who may push. */
export function aReview(by: Person | null, over: Partial<Omit<ReviewFact, "by">> = {}): ReviewFact {
  return { by, state: "approved", commitSha: headSha, submittedAt: monday, canPush: true, ...over };
}

export const anIdentity = (
  person: Person | null,
  name = person?.login ?? "Somebody",
): CommitIdentity => ({ person, name });

/** A verified commit written and committed by alice. */
export function aCommit(over: Partial<CommitFact> = {}): CommitFact {
  return {
    sha: headSha,
    message: "feat: something",
    parents: 1,
    authors: [anIdentity(alice)],
    committer: anIdentity(alice),
    verified: true,
    ...over,
  };
}

export const actionsApp = { id: 15368, slug: "github-actions" } as const;

/** A green job of `.github/workflows/ci.yml`. */
export function aCheck(name: string, over: Partial<Omit<CheckFact, "name">> = {}): CheckFact {
  return {
    id: 1,
    kind: "check_run",
    name,
    app: actionsApp,
    status: "completed",
    conclusion: "success",
    startedAt: monday,
    completedAt: monday + minute,
    url: null,
    suite: 90,
    run: { id: 900, event: "pull_request", path: ".github/workflows/ci.yml" },
    hasSteps: true,
    externalId: null,
    ...over,
  };
}

export const aStatus = (name: string, over: Partial<Omit<CheckFact, "name">> = {}): CheckFact =>
  aCheck(name, { kind: "status", suite: undefined, run: null, creator: aBot("ci[bot]"), ...over });

export function aFile(path: string, over: Partial<Omit<ChangedFile, "path">> = {}): ChangedFile {
  return { path, status: "modified", additions: 1, deletions: 1, ...over };
}

export const thePullRequest: PullRequestSubject = {
  kind: "pull_request",
  repository: 1,
  number: 7,
};
export const aMergeGroup: MergeGroupSubject = {
  kind: "merge_group",
  repository: 1,
  headSha,
  headRef: "gh-readonly-queue/main/pr-7-ffff",
  baseRef: "main",
};
export const aDeployment: DeploymentSubject = {
  kind: "deployment",
  repository: 1,
  deploymentId: 5,
  environment: "production",
  sha: headSha,
  ref: "main",
  runId: 900,
};

export function anEvent(name: string, over: Partial<Event> = {}): Event {
  return {
    name,
    installationId: 1,
    repository: null,
    sender: null,
    pullRequest: null,
    check: null,
    push: null,
    mergeGroup: null,
    comment: null,
    label: null,
    deployment: null,
    runId: null,
    issue: null,
    team: null,
    ...over,
  };
}

export function aCheckEvent(event: string, name: string | null): Event {
  return anEvent(event, {
    check: { name, headSha, appId: 15368, pullRequests: [7], externalId: null, action: null },
  });
}

/** One line of a fact table. */
export type Told = readonly [string, FactResult<unknown>];

export const tell = <Value>(need: Need<Value>, value: Value): Told => [
  need.key,
  { ok: true, value, evidence: [] },
];
export const cannotRead = (need: Need<unknown>, code: ErrorCode = "unavailable"): Told => [
  need.key,
  { ok: false, code, message: "no answer" },
];

/** Later lines replace earlier ones on the same fact. */
export const factsOf = (...told: readonly Told[]): FactTable => new Map(told);

/** A file that the change leaves alone: the same at both ends. */
export const bothEnds = (path: string, text: string | null): readonly Told[] => [
  tell(headFile.need(path), text),
  tell(baseFile.need(path), text),
];
