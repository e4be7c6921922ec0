import { labelsAdded } from "#core/facts/labels-added.ts";
import { accountOf, membersOf } from "./named-people.ts";
import * as pullRequestFacts from "#core/facts/pull-request.ts";
import { directBaseOf, type CommitFact, type PullRequestFact } from "#core/facts/pull-request.ts";
import * as reviewFacts from "#core/facts/reviews.ts";
import type { SameDiffFact } from "#core/facts/reviews.ts";
import type { Person } from "#core/model/actor.ts";
import type { Evidence } from "#core/model/evidence.ts";
import { baseTipOf } from "./base-tip.ts";
import type { FactCaches } from "./fact-caches.ts";
import { lineageOf } from "./lineage.ts";
import {
  mergesOfBaseIn,
  thatNameOthers,
  type MergeOfBase,
  type MergesOfBase,
} from "./merges-of-base.ts";
import { readCodeOwners } from "./read-code-owners.ts";
import { readCommits } from "./read-commits.ts";
import { readOrder } from "./read-comparison.ts";
import { readHeadFile } from "./read-head-file.ts";
import { readFiles } from "./read-files.ts";
import { readLabels } from "./read-pull.ts";
import { readRefusedOwners } from "./read-refused-owners.ts";
import { readPushers, type RecordedPushes } from "./read-pushers.ts";
import { readLinkedIssues, readReviews, readThreads } from "./read-reviews.ts";
import { collectable, compareChanges, readHeadChange, shownHeadChange } from "./read-same-diff.ts";
import { byText, type Readers } from "./shared-readers.ts";
import { once, type PullSource } from "./subject-source.ts";

/** Where it is kept who had a hand in the pull request. */
export interface Hands {
  readonly noteCommits: (pull: PullRequestFact, commits: readonly CommitFact[]) => Promise<void>;
  /** These and whom earlier looks found. */
  readonly allPushers: (
    pull: PullRequestFact,
    found: readonly Person[],
  ) => Promise<readonly Person[]>;
}

/** Facts that only a pull request has. */
export function pullReaders(
  source: PullSource,
  caches: FactCaches,
  heard: RecordedPushes,
  identifyOwner: (text: string, owner: string, id: number) => Promise<void>,
  hands: Hands,
  mergesOfBase: MergesOfBase,
): Readers {
  const { github, repository } = source;
  const commits = once(async () => {
    const list = await readCommits(source);
    const { pullRequest } = await source.pull();
    const merges = thatNameOthers(mergesOfBaseIn(list), list, pullRequest.author);
    const clean = await mergesOfBase.clean(repository, merges, addsNothing);
    const marked = list.map(({ parentShas: _, ...commit }): CommitFact =>
      clean.has(commit.sha) ? { ...commit, cleanMerge: true } : commit,
    );
    if (pullRequest.state === "open") await hands.noteCommits(pullRequest, marked);
    return marked;
  });
  const commitShas = async (): Promise<ReadonlySet<string>> =>
    new Set((await commits()).map((commit) => commit.sha));
  const place = `${repository.installationId}:${repository.id}`;
  /** What its own change is compared with: commits where both are known, which never change; else the branch by its name. */
  const ends = async (): Promise<{
    readonly base: string;
    readonly head: string;
    readonly fixed: boolean;
  }> => {
    const { pullRequest } = await source.pull();
    // A merged head is part of its base branch: against the tip of today every commit would look like every other.
    if (pullRequest.state !== "open")
      return { base: pullRequest.baseSha, head: pullRequest.headSha, fixed: true };
    const tip = baseTipOf(await source.overview());
    return {
      base: tip ?? directBaseOf(pullRequest),
      head: pullRequest.headSha,
      fixed: tip !== undefined,
    };
  };
  const files = once(() => readFiles(source));
  const ownPaths = async (): Promise<readonly string[] | null> => {
    const all = await files().catch(() => null);
    return (
      all?.flatMap(({ path, previousPath }) =>
        previousPath === undefined ? [path] : [path, previousPath],
      ) ?? null
    );
  };
  const changeKey = async (sha: string): Promise<string> =>
    `${place}:${directBaseOf((await source.pull()).pullRequest)}:${sha}`;
  /** The head's own change, remembered for when it is the head no more. */
  const headChange = once(async () => {
    const { base, head } = await ends();
    return caches.heads.get(
      await changeKey(head),
      async () =>
        (await shownHeadChange(source, head, ownPaths)) ??
        readHeadChange(github, repository, base, head),
    );
  });
  /** Costs nothing: kept only where the overview tells all of it. */
  const noteHead = async (): Promise<void> => {
    const { head } = await ends();
    const shown = await shownHeadChange(source, head, ownPaths);
    if (shown !== null && shown.paths !== null)
      await caches.heads.get(await changeKey(head), async () => shown);
  };
  const readSameDiff = async (reviewed: string): Promise<SameDiffFact> => {
    const { base, head } = await ends();
    if (reviewed === head) return { same: true, changedPaths: [] };
    const lineage = lineageOf(await source.overview());
    const mergeBase = lineage?.mergeBaseOf(reviewed);
    const now = await headChange();
    // A plain push on top: nothing of the base came in, so the two trees say it all.
    if (mergeBase !== undefined && mergeBase === now.mergeBase) {
      const tree = lineage?.treeOf(reviewed);
      if (tree === now.tree) return { same: true, changedPaths: [] };
      return { same: false, changedPaths: now.paths?.length === 1 ? now.paths : [] };
    }
    const then = await collectable(
      caches.heads.get(await changeKey(reviewed), () =>
        readHeadChange(github, repository, base, reviewed),
      ),
    );
    const compared =
      then === null
        ? null
        : await collectable(
            compareChanges(github, repository, { ...then, sha: reviewed }, { ...now, sha: head }),
          );
    return compared ?? { same: false, changedPaths: [] };
  };
  const sameDiffAs = async (reviewed: string): Promise<SameDiffFact> => {
    const { base, head, fixed } = await ends();
    const read = () => readSameDiff(reviewed);
    return fixed ? caches.sameDiffs.get(`${place}:${base}:${reviewed}:${head}`, read) : read();
  };
  /** Whether a merge of the base changes there what its own parent changed. */
  const addsNothing = async ({ sha, own, base }: MergeOfBase): Promise<boolean> => {
    // Of the head a review may ask the same: it is read once for both.
    if (sha === (await source.sha()) && (await headChange()).mergeBase === base)
      return (await sameDiffAs(own)).same;
    const [then, now] = await Promise.all(
      [own, sha].map((commit) => readHeadChange(github, repository, base, commit)),
    );
    if (then === undefined || now === undefined) return false;
    const { same } = await compareChanges(
      github,
      repository,
      { ...then, sha: own },
      { ...now, sha },
    );
    return same;
  };
  const withEvidence = (read: () => Promise<unknown>) => async () => {
    const value = await read();
    const { pullRequest } = await source.pull();
    const evidence: readonly Evidence[] = [
      { label: `#${pullRequest.number}`, url: pullRequest.url, sha: pullRequest.headSha },
    ];
    return { value, evidence };
  };
  return {
    [pullRequestFacts.pullRequest.name]: withEvidence(
      async () => (await source.pull()).pullRequest,
    ),
    [pullRequestFacts.draftState.name]: withEvidence(async () => (await source.pull()).draft),
    [pullRequestFacts.text.name]: withEvidence(async () => (await source.pull()).text),
    [pullRequestFacts.labels.name]: withEvidence(() => readLabels(source)),
    [labelsAdded.name]: withEvidence(async () => (await source.timeline()).labelsAdded()),
    [pullRequestFacts.changedFiles.name]: withEvidence(async () => {
      const all = await files();
      await noteHead();
      return all;
    }),
    [pullRequestFacts.commits.name]: withEvidence(commits),
    [pullRequestFacts.pushers.name]: withEvidence(async () => {
      const found = await readPushers(source, commitShas, caches.activity, heard, mergesOfBase);
      return hands.allPushers((await source.pull()).pullRequest, found);
    }),
    [pullRequestFacts.behindBase.name]: withEvidence(async () => {
      const { pullRequest } = await source.pull();
      // A stack is held for another branch than the overview shows the tip of.
      const { base, head, fixed } =
        pullRequest.directBaseRef === undefined
          ? await ends()
          : { base: pullRequest.baseRef, head: pullRequest.headSha, fixed: false };
      const read = () => readOrder(github, repository, base, head);
      const { behind } = await (fixed
        ? caches.orders.get(`${place}:${base}:${head}`, read)
        : read());
      return behind;
    }),
    [pullRequestFacts.linkedIssues.name]: withEvidence(() => readLinkedIssues(source)),
    [pullRequestFacts.headFile.name]: byText(async (path) =>
      readHeadFile(github, repository, await source.sha(), path, caches.texts),
    ),
    [pullRequestFacts.baseFile.name]: byText(async (path) => {
      const { pullRequest } = await source.pull();
      const tip = baseTipOf(await source.overview()) ?? pullRequest.baseSha;
      return readHeadFile(github, repository, tip, path, caches.texts);
    }),
    [reviewFacts.reviews.name]: withEvidence(() => readReviews(source)),
    [reviewFacts.reviewThreads.name]: withEvidence(() => readThreads(source)),
    [reviewFacts.sameDiff.name]: byText(sameDiffAs),
    [reviewFacts.codeOwnersFile.name]: withEvidence(async () =>
      readCodeOwners(source, (await source.pull()).pullRequest, caches.codeOwners),
    ),
    [reviewFacts.codeOwner.name]: byText(async (owner) => {
      const file = await readCodeOwners(
        source,
        (await source.pull()).pullRequest,
        caches.codeOwners,
      );
      const name = owner.replace(/^@/, "");
      const account = name.includes("/") ? null : await accountOf(github, repository, caches, name);
      const { id, people } = name.includes("/")
        ? await membersOf(github, repository, caches, name)
        : { id: account?.id ?? null, people: account === null ? null : [account] };
      if (id !== null) await identifyOwner(file?.text ?? "", owner, id);
      return people;
    }),
    [reviewFacts.refusedOwners.name]: withEvidence(async () => {
      const { baseRef } = (await source.pull()).pullRequest;
      return caches.refusedOwners.get(`${place}:${baseRef}`, () =>
        readRefusedOwners(github, repository, baseRef),
      );
    }),
  };
}
