import { z } from "zod";
import {
  behindBase,
  changedFiles,
  commits,
  baseFile,
  draftState,
  headFile,
  labels,
  linkedIssues,
  pullRequest,
  pushers,
  text,
  type ChangedFile,
  type CommitFact,
  type CommitIdentity,
} from "#core/facts/pull-request.ts";
import { isWorkflowPath } from "#core/facts/workflows.ts";
import type { Person } from "#core/model/actor.ts";
import { coAuthorsOf } from "./co-authors.ts";
import { noParams, NotGiven, simulateFact } from "./simulated-fact.ts";
import type { World } from "./world.ts";

type CommitWords = NonNullable<NonNullable<World["given"]["pull_request"]>["commits"]>[number];
type FileWords = NonNullable<NonNullable<World["given"]["pull_request"]>["files"]>[number];

function identity(login: string | null, { person }: World): CommitIdentity {
  return login === null
    ? { person: null, name: "unknown" }
    : { person: person(login), name: login };
}

/** How git and GitHub word the message of a merge: plain words need not count parents. */
const mergeMessage = /^Merge (?:branch|branches|commit|pull request|remote-tracking branch|tag) /;

function commitFact(commit: CommitWords, sha: string, world: World): CommitFact {
  const author: CommitIdentity =
    commit.author === undefined
      ? { person: world.author, name: world.author?.login ?? "ghost" }
      : identity(commit.author, world);
  const { committer } = commit;
  const message = commit.message ?? "";
  return {
    sha,
    message,
    parents: commit.parents ?? (mergeMessage.test(message) ? 2 : 1),
    authors: [
      author,
      ...(commit.co_authors ?? coAuthorsOf(message)).map((login) => identity(login, world)),
    ],
    committer:
      committer === undefined
        ? author
        : committer?.toLowerCase() === "web-flow"
          ? null
          : identity(committer, world),
    verified: commit.verified ?? false,
  };
}

function changedFile(file: FileWords): ChangedFile {
  return {
    path: file.path,
    ...(file.previous === undefined ? {} : { previousPath: file.previous }),
    status: file.status ?? (file.previous === undefined ? "modified" : "renamed"),
    additions: file.additions ?? 0,
    deletions: file.deletions ?? 0,
  };
}

function contentOf(path: string, { given: words }: World): string | null {
  const file = words.pull_request?.files?.find((each) => each.path === path);
  // A workflow that nobody describes is one that uses nothing else of the repository.
  if (file === undefined) return isWorkflowPath(path) ? "" : null;
  if (file.status === "removed") return null;
  if (file.content === undefined) throw new NotGiven(`the facts give no content for ${path}`);
  return file.content;
}

/** One commit of the author's where none is named: every pull request has one. */
const onlyCommit: CommitWords = {};

export function commitFactsOf(world: World): readonly CommitFact[] {
  const given = world.given.pull_request?.commits ?? [];
  const told = given.length === 0 ? [onlyCommit] : given;
  return told.map((commit, index) =>
    commitFact(
      commit,
      commit.sha ?? (index === told.length - 1 ? world.headSha : `commit-${index + 1}`),
      world,
    ),
  );
}

/** Who pushed; where nobody says, who opened it. */
export function pushersOf(world: World): readonly Person[] {
  const given = world.given.pull_request?.pushers;
  if (given !== undefined) return given.map(world.person);
  return world.author === null ? [] : [world.author];
}

/** Who wrote or committed what a force-push took out of the list. */
export const earlierOf = ({ given: words, person }: World): readonly Person[] =>
  (words.pull_request?.earlier_contributors ?? []).map(person);

/** Who asked a coding agent for it. */
export const askedByOf = ({ given: words, person }: World): readonly Person[] =>
  (words.pull_request?.asked_by ?? []).map(person);

/** Issues that GitHub would link because of the description's closing keywords. */
function closedBy(body: string): readonly number[] {
  return [
    ...body.matchAll(
      /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):? +(?:[\w.-]+\/[\w.-]+)?#(\d{1,9})\b/gi,
    ),
  ].map((match) => Number(match[1]));
}

export const pullRequestFacts = {
  pullRequest: simulateFact(pullRequest, noParams, (_params, world) => {
    const { given: words } = world;
    const given = words.pull_request;
    const earlier = earlierOf(world);
    const askedBy = askedByOf(world);
    return {
      number: given?.number ?? 1,
      url: `https://github.com/${world.owner}/${world.name}/pull/${given?.number ?? 1}`,
      author: world.author,
      state: given?.state ?? "open",
      draft: given?.draft ?? false,
      baseRef: given?.base ?? words.repository?.default_branch ?? "main",
      baseSha: "base",
      headRef: given?.head ?? "feature",
      headSha: world.headSha,
      headRepository: 1,
      fork: given?.fork ?? false,
      createdAt: world.now,
      ...(earlier.length === 0 ? {} : { earlierContributors: earlier }),
      ...(askedBy.length === 0 ? {} : { askedBy }),
    };
  }),
  draftState: simulateFact(
    draftState,
    noParams,
    (_params, { given: words }) => words.pull_request?.draft ?? false,
  ),
  text: simulateFact(text, noParams, (_params, { given: words }) => ({
    title: words.pull_request?.title ?? "",
    body: words.pull_request?.body ?? "",
  })),
  labels: simulateFact(labels, noParams, (_params, { given: words }) =>
    (words.pull_request?.labels ?? []).map(({ name }) => ({ name })),
  ),
  changedFiles: simulateFact(changedFiles, noParams, (_params, { given: words }) =>
    (words.pull_request?.files ?? []).map(changedFile),
  ),
  commits: simulateFact(commits, noParams, (_params, world) => commitFactsOf(world)),
  pushers: simulateFact(pushers, noParams, (_params, world) => pushersOf(world)),
  behindBase: simulateFact(
    behindBase,
    noParams,
    (_params, { given: words }) => words.pull_request?.behind ?? 0,
  ),
  linkedIssues: simulateFact(
    linkedIssues,
    noParams,
    (_params, { given: words }) =>
      words.pull_request?.linked_issues ?? closedBy(words.pull_request?.body ?? ""),
  ),
  headFile: simulateFact(headFile, z.string(), contentOf),
  // Asked of files that the change leaves alone: they are the same at both ends.
  baseFile: simulateFact(baseFile, z.string(), contentOf),
};
