import type { DeployedRange } from "#core/facts/deployed-range.ts";
import * as pullRequestFacts from "#core/facts/pull-request.ts";
import * as reviewFacts from "#core/facts/reviews.ts";
import { hasAtLeast } from "#core/model/actor.ts";
import type {
  DeploymentSubject,
  MergeGroupSubject,
  PullRequestSubject,
} from "#core/model/subject.ts";
import type { FactReader, FactSession, Judging } from "#core/ports/facts.ts";
import type { HealthSources } from "#core/ports/health.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";
import type { Clock, Log } from "#core/ports/system.ts";
import type { GitHub } from "../client/client.ts";
import type { SigningSource } from "./attestations/attestation-reader.ts";
import { baseTipOf } from "./base-tip.ts";
import { deploymentReaders } from "./deployment-readers.ts";
import { createKeptRuns } from "./deleted-runs.ts";
import { createFirstAsked } from "./first-asked.ts";
import { createContributorRecord } from "./contributors-of-pull.ts";
import { createEvidence } from "./evidence/evidence.ts";
import { groupChange } from "./evidence/group-change.ts";
import { createExpiringCache } from "./expiring-cache.ts";
import { createFactSession } from "./fact-session.ts";
import { createIdentities, createOwnerIdentities } from "./identities.ts";
import {
  createFactCaches,
  freshOfPeople,
  type ChangeSeen,
  type FactCaches,
} from "./fact-caches.ts";
import { loadOverview } from "./overview.ts";
import { createMergesOfBase } from "./merges-of-base.ts";
import { createPullPeopleCache } from "./pull-people.ts";
import { pullReaders } from "./pull-readers.ts";
import { healthReaders } from "./read-health.ts";
import { incidentReaders } from "./read-incidents.ts";
import { readCommitOrigins, type OriginsOfCommit } from "./read-commit-origins.ts";
import { createHistory } from "./read-history.ts";
import { createRenewals } from "./record-deployments.ts";
import { rollbackReaders } from "./rollback-readers.ts";
import { calendarReaders, type CalendarTexts } from "./read-calendar-file.ts";
import { readCodeOwners } from "./read-code-owners.ts";
import { readHeadFile } from "./read-head-file.ts";
import { mayBeOfAgent, readAskedByOnce } from "./read-asked-by.ts";
import { readRewrittenAt } from "./read-base-changes.ts";
import { pullOfOverview, readRestPull, withBaseHistory, withStack } from "./read-pull.ts";
import { readRepository } from "./read-repository.ts";
import { readTimeline } from "./read-timeline.ts";
import { byText, roleReader, sharedReaders, type Readers } from "./shared-readers.ts";
import { createSightings, type Sightings } from "./sightings.ts";
import { type CommitSource, once, type PullSource } from "./subject-source.ts";

/** A reader that is also told of events, so that cached facts about people are dropped at once. */
export interface ListeningFactReader extends FactReader {
  readonly forget: (event: ChangeSeen) => void;
  /** Teams of an owner whose members rules asked for, by slug. */
  readonly teamsAsked: (installationId: number, owner: string) => readonly string[];
}

/** Without that knowledge all environments count as judged, so that less proves anything. */
const everyOne: Judging = { judges: () => true, keptFrom: () => [] };

const peopleOfDeploymentsMs = 30_000;
const calendarsMs = 10 * 60_000;
const askedAgainMs = 5 * 60_000;
const rangesMs = 24 * 3_600_000;
/** Pull requests come and are merged: which of them hold a commit is asked again soon. */
const originsMs = 2 * 60_000;

/**
 * Reads facts from GitHub: one GraphQL round trip for what fits it, REST for the rest, and REST instead where GraphQL
 * fails. A fact is complete or an error, never a part.
 */
export function createFactReader(
  github: GitHub,
  options: {
    readonly clock: Clock;
    readonly log: Log;
    readonly store: Store;
    readonly signing?: SigningSource;
    readonly health?: HealthSources;
  },
): ListeningFactReader {
  const { clock, store } = options;
  const caches = createFactCaches(clock);
  // An approved deployment cannot be taken back, so answers about people must be younger there.
  const recent = freshOfPeople(caches, peopleOfDeploymentsMs);
  const calendarTexts: CalendarTexts = createExpiringCache(clock, calendarsMs, 500);
  const asked = createExpiringCache<boolean>(clock, askedAgainMs, 5_000);
  const renewals = createRenewals(clock);
  const ranges = createExpiringCache<DeployedRange>(clock, rangesMs, 500);
  const cleanMerges = createExpiringCache<boolean>(clock, rangesMs, 5_000);
  const origins = createExpiringCache<ReadonlyMap<string, OriginsOfCommit>>(clock, originsMs, 500);
  const pullPeople = createPullPeopleCache();
  const mergesOfBase = createMergesOfBase(store.records);
  const contributors = createContributorRecord(store, mergesOfBase);
  const keptRuns = createKeptRuns(store.records);
  const firstAsked = createFirstAsked(store.records, clock);
  const evidence = createEvidence(github, {
    clock,
    log: options.log,
    store,
    signing: options.signing,
  });
  /** What every kind of subject has. */
  const readersOfAll = (
    source: CommitSource,
    sightings: Sightings,
    people: FactCaches = caches,
  ): Readers => {
    const { repository } = source;
    return {
      ...sharedReaders(
        source,
        people,
        sightings.found,
        createIdentities(store, repository),
        keptRuns,
        firstAsked,
      ),
      ...calendarReaders(github, repository, store, clock, calendarTexts),
      ...incidentReaders(github, store.records, repository, caches.incidents),
    };
  };

  const openPull = (
    subject: PullRequestSubject,
    repository: RepositoryRecord,
    { judges } = everyOne,
  ): FactSession => {
    const sightings = createSightings(github.appId, repository);
    const overview = once(async () => {
      const answer = await loadOverview(github, repository, { number: subject.number });
      return sightings.saw(
        answer,
        answer === null ? null : (pullOfOverview(answer)?.pullRequest.headSha ?? null),
      );
    });
    const restPull = () => readRestPull(github, repository, subject.number);
    const timeline = once(() => readTimeline(github, repository, subject.number));
    const pull = once(async () => {
      const answer = await overview();
      const parts = (answer === null ? null : pullOfOverview(answer)) ?? (await restPull());
      const known = await store.records.pullRequest(repository.id, subject.number);
      const whole = await withBaseHistory(
        parts.tellsStack ? parts : withStack(parts, known),
        timeline,
        (branch) =>
          caches.rewrites.get(
            `${repository.installationId}:${repository.id}:${branch}:${baseTipOf(answer) ?? ""}`,
            () => readRewrittenAt(github, repository, branch),
          ),
      );
      const { pullRequest } = whole;
      const askedBy = mayBeOfAgent(pullRequest, answer)
        ? await readAskedByOnce(
            repository,
            pullRequest,
            caches.askedBy,
            async () => (await timeline()).askedBy(),
            clock.now(),
          )
        : [];
      const told =
        askedBy.length === 0 ? whole : { ...whole, pullRequest: { ...pullRequest, askedBy } };
      return contributors.withEarlier(repository, told, answer);
    });
    const roleOf = roleReader(github, repository, caches);
    const source: PullSource = {
      github,
      repository,
      number: subject.number,
      overview,
      pull,
      restPull,
      timeline,
      sha: async () => (await pull()).pullRequest.headSha,
      base: async () => (await pull()).pullRequest.baseRef,
      canPush: async (person) => hasAtLeast(await roleOf(person), "write"),
    };
    const session = createFactSession(
      {
        ...readersOfAll(source, sightings),
        ...pullReaders(
          source,
          caches,
          {
            ofRef: (ref) => store.pushes.ofRef(repository.id, ref),
            add: (push) => store.pushes.add(repository.id, { ...push, at: clock.now() }),
          },
          createOwnerIdentities(store, repository),
          {
            noteCommits: (fact, commits) => contributors.note(repository, fact, commits, true),
            allPushers: (fact, found) => contributors.allPushers(repository, fact, found),
          },
          mergesOfBase,
        ),
        ...rollbackReaders(createHistory({ github, repository, store, clock, asked, judges })),
        ...evidence.readers({ repository, source, pull: source, ref: null }),
      },
      sightings,
      options.log,
      repository.id,
    );
    return pullPeople.remembering(repository, subject.number, session);
  };

  const commitSource = (
    sha: string,
    repository: RepositoryRecord,
    sightings: Sightings,
    base?: string,
  ): CommitSource => {
    const overview = once(async () =>
      sightings.saw(await loadOverview(github, repository, { sha }), sha),
    );
    return {
      github,
      repository,
      sha: async () => sha,
      base: async () =>
        base ?? (await readRepository({ github, repository, overview })).defaultBranch,
      overview,
    };
  };

  const openMergeGroup = (
    subject: MergeGroupSubject,
    repository: RepositoryRecord,
  ): FactSession => {
    const sightings = createSightings(github.appId, repository);
    const baseRef = subject.baseRef.replace(/^refs\/heads\//, "");
    const source = commitSource(subject.headSha, repository, sightings, baseRef);
    const readers = {
      ...readersOfAll(source, sightings),
      ...evidence.readers({
        repository,
        source,
        pull: null,
        ref: subject.headRef,
        change: groupChange(github, repository, baseRef, subject.headSha),
      }),
      [pullRequestFacts.headFile.name]: byText((path) =>
        readHeadFile(github, repository, subject.headSha, path, caches.texts),
      ),
      [reviewFacts.codeOwnersFile.name]: async () => ({
        value: await readCodeOwners(source, { baseRef }, caches.codeOwners),
        evidence: [],
      }),
    };
    return createFactSession(readers, sightings, options.log, repository.id);
  };

  const openDeployment = (
    subject: DeploymentSubject,
    repository: RepositoryRecord,
    judging: Judging,
  ): FactSession => {
    const sightings = createSightings(github.appId, repository);
    const source = {
      ...commitSource(subject.sha, repository, sightings),
      asking: subject.runId,
    };
    const openPullOf = (number: number): FactSession =>
      openPull({ kind: "pull_request", repository: repository.id, number }, repository);
    const history = createHistory({
      ...{ github, repository, store, clock, asked, renewals },
      judges: judging.judges,
    });
    const readers = {
      ...readersOfAll(source, sightings, recent),
      ...healthReaders(options.health, store.records, repository),
      ...evidence.readers({
        repository,
        source,
        pull: null,
        ref: subject.ref,
        asking: subject.runId,
      }),
      ...evidence.deploymentReaders(repository, subject),
      ...deploymentReaders(github, repository, subject, {
        store,
        clock,
        history,
        ...judging,
        ranges,
        cleanMerges,
        caches,
        openPull: openPullOf,
        pullPeople,
        originsOf: (shas) =>
          origins.get(`${repository.installationId}:${repository.id}:${shas.join(" ")}`, () =>
            readCommitOrigins(github, repository, shas),
          ),
      }),
    };
    return createFactSession(
      readers,
      { ...sightings, historyMoved: () => history.hasMoved(subject) },
      options.log,
      repository.id,
    );
  };

  return {
    open: (subject, repository, judging = everyOne) => {
      switch (subject.kind) {
        case "pull_request":
          return openPull(subject, repository, judging);
        case "merge_group":
          return openMergeGroup(subject, repository);
        case "deployment":
          return openDeployment(subject, repository, judging);
      }
    },
    teamsAsked: (installationId, owner) => {
      const prefix = `${installationId}:${owner}/`.toLowerCase();
      return caches.teams
        .keys()
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length));
    },
    forget: (event) => {
      caches.forget(event);
      evidence.forget(event);
      const home = `${event.installationId ?? ""}:${event.repository?.id ?? ""}:`;
      if (event.name === "push") calendarTexts.drop((key) => key.startsWith(home));
      // What GitHub was asked before the event came may be another answer now.
      if (event.name.startsWith("deployment"))
        for (const cache of [asked, renewals.lately]) cache.drop((key) => key.startsWith(home));
      if (event.installationId !== null && event.name.startsWith("installation"))
        github.forgetInstallation(event.installationId);
    },
  };
}
