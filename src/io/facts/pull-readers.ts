import { labelsAdded } from "../../core/facts/labels-added.ts";
import * as pullRequestFacts from "../../core/facts/pull-request.ts";
import * as reviewFacts from "../../core/facts/reviews.ts";
import type { Evidence } from "../../core/model/evidence.ts";
import { baseTipOf } from "./base-tip.ts";
import type { Memory } from "./memory.ts";
import { readCodeOwners } from "./read-code-owners.ts";
import { readCommits } from "./read-commits.ts";
import { readBehind, readSameDiff } from "./read-comparison.ts";
import { readHeadFile } from "./read-head-file.ts";
import { readFiles } from "./read-files.ts";
import { readLabelsAdded } from "./read-labels-added.ts";
import { readLabels } from "./read-pull.ts";
import { readPushers } from "./read-pushers.ts";
import { readLinkedIssues, readReviews, readThreads } from "./read-reviews.ts";
import { byText } from "./shared-readers.ts";
import type { Readers } from "./shared-readers.ts";
import { once } from "./subject-source.ts";
import type { PullSource } from "./subject-source.ts";

/** Facts that only a pull request has. */
export function pullReaders(source: PullSource, memory: Memory): Readers {
  const { github, repository } = source;
  const commits = once(() => readCommits(source));
  const commitShas = async (): Promise<ReadonlySet<string>> =>
    new Set((await commits()).map((commit) => commit.sha));
  const place = `${repository.installationId}:${repository.id}`;
  /** What is compared: commits where both are known, whose comparison never changes; else the base branch by its name. */
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
      base: tip ?? pullRequest.baseRef,
      head: pullRequest.headSha,
      fixed: tip !== undefined,
    };
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
    [labelsAdded.name]: withEvidence(() => readLabelsAdded(source)),
    [pullRequestFacts.changedFiles.name]: withEvidence(() => readFiles(source)),
    [pullRequestFacts.commits.name]: withEvidence(commits),
    [pullRequestFacts.pushers.name]: withEvidence(() =>
      readPushers(source, commitShas, memory.activity),
    ),
    [pullRequestFacts.behindBase.name]: withEvidence(async () => {
      const { base, head, fixed } = await ends();
      const read = () => readBehind(github, repository, base, head);
      return fixed ? memory.behind.get(`${place}:${base}:${head}`, read) : read();
    }),
    [pullRequestFacts.linkedIssues.name]: withEvidence(() => readLinkedIssues(source)),
    [pullRequestFacts.headFile.name]: byText(async (path) =>
      readHeadFile(github, repository, await source.sha(), path, memory.texts),
    ),
    [pullRequestFacts.baseFile.name]: byText(async (path) => {
      const { pullRequest } = await source.pull();
      const tip = baseTipOf(await source.overview()) ?? pullRequest.baseSha;
      return readHeadFile(github, repository, tip, path, memory.texts);
    }),
    [reviewFacts.reviews.name]: withEvidence(() => readReviews(source)),
    [reviewFacts.reviewThreads.name]: withEvidence(() => readThreads(source)),
    [reviewFacts.sameDiff.name]: byText(async (sha) => {
      const { base, head, fixed } = await ends();
      const read = () => readSameDiff(github, repository, base, sha, head);
      return fixed ? memory.sameDiffs.get(`${place}:${base}:${sha}:${head}`, read) : read();
    }),
    [reviewFacts.codeOwnersFile.name]: withEvidence(async () =>
      readCodeOwners(source, (await source.pull()).pullRequest.baseRef, memory.codeOwners),
    ),
  };
}
