import type { Ask } from "#core/facts/ask.ts";
import {
  changedFiles,
  directBaseOf,
  pullRequest,
  type ChangedFile,
} from "#core/facts/pull-request.ts";
import type { EventFilter, Triggers, WorkflowHere } from "#core/facts/reporting.ts";
import { repository } from "#core/facts/repository.ts";
import { branchRef } from "#core/facts/run-origin.ts";
import type { Subject } from "#core/model/subject.ts";
import { namesOf } from "../changed-names.ts";
import { isOfPaths, takesBranch, takesFiles } from "./event-filter.ts";

/** Paths of workflow files. */
export interface ExpectedWorkflows {
  /** GitHub starts a run of them for every such change. */
  readonly started: readonly string[];
  /** They test pull requests, and nothing starts them for the merge group. */
  readonly groupless: readonly string[];
  /** Their paths are among the changed files, but only beyond those that GitHub looks at: it starts none of them. */
  readonly unseen: readonly string[];
  /** The base's files start them for such a change, and the change itself keeps them from running on it. */
  readonly keptOff: readonly string[];
  /** The change is one of workflows and local actions alone. */
  readonly ofWorkflowsAlone: boolean;
  /** Whether they start shows in what was pushed last, or in what is done next: by `paths` of a push, or by `types`. */
  readonly maybe: readonly string[];
}

/**
 * "Diffs are limited to 300 files. If there are files changed that aren't matched in the first 300 files returned by the
 * filter, the workflow will not run" (GitHub's workflow syntax, `paths`). Git lists them by their paths.
 */
const mostCompared = 300;

const comparedOf = (files: readonly ChangedFile[]): readonly ChangedFile[] =>
  files.length <= mostCompared
    ? files
    : files
        .toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
        .slice(0, mostCompared);

/** Facts that it takes to tell which workflows should have run. */
export const expectingFacts = [pullRequest, changedFiles, repository] as const;

const none: ExpectedWorkflows = {
  started: [],
  groupless: [],
  unseen: [],
  keptOff: [],
  ofWorkflowsAlone: false,
  maybe: [],
};

/** Where workflows and what they are made of live. */
const isOfWorkflows = (path: string): boolean => /^\.github\/(?:workflows|actions)\//u.test(path);

/** How workflows are expected. */
export interface Expecting {
  /** The deployment's own; null for a tag or a commit. */
  readonly refs: ReadonlySet<string> | null;
  /**
   * The base's files say what tests its changes, whatever a pull request makes of them: one that it turns off is missing,
   * one that it adds is nobody's test but its own.
   */
  readonly byBase: boolean;
}

/**
 * What GitHub starts by the workflows' own files; `undefined` while a fact has not been read. One whose run depends on
 * what was in the last push alone is none.
 */
export function expectedWorkflows(
  workflows: readonly WorkflowHere[],
  subject: Subject,
  { refs, byBase }: Expecting,
  ask: Ask,
): ExpectedWorkflows | undefined {
  if (workflows.length === 0) return none;
  if (subject.kind === "deployment") return ofDeployment(workflows, refs, ask);
  const pull = ask(pullRequest.need());
  if (pull === undefined) return undefined;
  const [onBase, inHead] = [triggersAt(workflows, "base"), triggersAt(workflows, "head")];
  const paths = [...new Set(workflows.map(({ path }) => path))];
  const isGroup = subject.kind === "merge_group";
  const isUnlike = (path: string): boolean =>
    JSON.stringify(onBase.get(path)) !== JSON.stringify(inHead.get(path));
  const isNarrowed = workflows.some(
    ({ on }) => on !== "unreadable" && on.pull_request !== undefined && isOfPaths(on.pull_request),
  );
  const isRead = isNarrowed || ((!isGroup || byBase) && paths.some(isUnlike));
  const files = isRead ? ask(changedFiles.need()) : [];
  if (files === undefined) return undefined;
  const changed = files.flatMap(namesOf);
  const base = directBaseOf(pull);
  const compared = comparedOf(files).flatMap(namesOf);
  const testsPull = (on: Triggers | undefined, names = compared): boolean =>
    on !== undefined &&
    (on === "unreadable" ||
      (on.pull_request !== undefined && takesPull(on.pull_request, base, names)));

  const isChanged = (path: string): boolean => changed.includes(path);
  const inCommit = (path: string): Triggers | undefined =>
    (byBase && isChanged(path) ? onBase : inHead).get(path);

  if (isGroup) {
    const isStarted = (on: Triggers | undefined): boolean =>
      on !== undefined &&
      on !== "unreadable" &&
      on.merge_group !== undefined &&
      takesBranch(on.merge_group, base);
    const [started, others] = [true, false].map((wanted) =>
      paths.filter((path) => isStarted(inCommit(path)) === wanted),
    );
    return {
      ...none,
      started: started ?? [],
      groupless: (others ?? []).filter((path) => testsPull(inCommit(path))),
    };
  }
  // A pull request's run is of the merge of both: the head's file where the change touches it, else the base's.
  const merged = (path: string): Triggers | undefined =>
    (isChanged(path) && !byBase ? inHead : onBase).get(path);
  const isPushed = (on: Triggers | undefined): boolean =>
    !pull.fork &&
    on !== undefined &&
    on !== "unreadable" &&
    on.push !== undefined &&
    takesPush(on.push, pull.headRef);
  const isStarted = (path: string): boolean => testsPull(merged(path)) || isPushed(inCommit(path));
  // One that goes on under another name tests there.
  const isMoved = (path: string): boolean =>
    files.some(
      (file) => file.status === "renamed" && file.previousPath === path && isStarted(file.path),
    );
  const isUnseen = (path: string): boolean => testsPull(merged(path), changed);
  const others = paths.filter((path) => !isStarted(path));
  return {
    ...none,
    started: paths.filter(isStarted),
    unseen: others.filter(isUnseen),
    keptOff: others.filter(
      (path) =>
        isChanged(path) &&
        !isUnseen(path) &&
        (testsPull(onBase.get(path)) || isPushed(onBase.get(path))) &&
        !isMoved(path),
    ),
    ofWorkflowsAlone: changed.every(isOfWorkflows),
    maybe: others.filter(
      (path) =>
        mayTakePull(merged(path), base, changed) ||
        (!pull.fork && mayTakePush(inCommit(path), pull.headRef)),
    ),
  };
}

const triggersAt = (
  workflows: readonly WorkflowHere[],
  place: WorkflowHere["at"],
): ReadonlyMap<string, Triggers> =>
  new Map(workflows.filter(({ at }) => at === place).map(({ path, on }) => [path, on]));

/**
 * A push starts what the pushed commit itself says. A tag or a commit may be of any branch, or never have been pushed by
 * itself, and a name may be a tag's: certain is the default branch alone.
 */
function ofDeployment(
  workflows: readonly WorkflowHere[],
  refs: ReadonlySet<string> | null,
  ask: Ask,
): ExpectedWorkflows | undefined {
  const maybe = workflows.flatMap(({ at, path, on }) =>
    at === "head" && on !== "unreadable" && on.push !== undefined ? [path] : [],
  );
  if (refs === null) return { ...none, maybe };
  const here = ask(repository.need());
  if (here === undefined) return undefined;
  const branch = here.defaultBranch;
  if (!refs.has(branchRef(branch))) return { ...none, maybe };
  return {
    ...none,
    maybe,
    started: workflows.flatMap(({ at, path, on }) =>
      at === "head" && on !== "unreadable" && on.push !== undefined && takesPush(on.push, branch)
        ? [path]
        : [],
    ),
  };
}

/** As `takesPull`, for any of the types. */
const mayTakePull = (on: Triggers | undefined, base: string, changed: readonly string[]): boolean =>
  on !== undefined &&
  on !== "unreadable" &&
  on.pull_request !== undefined &&
  takesPull({ ...on.pull_request, types: undefined }, base, changed);

/** As `takesPush`, whatever was pushed. */
const mayTakePush = (on: Triggers | undefined, branch: string): boolean =>
  on !== undefined &&
  on !== "unreadable" &&
  on.push !== undefined &&
  takesPush({ ...on.push, paths: undefined, pathsIgnore: undefined }, branch);

/** `types` that leave out the opening, or a push to the branch, run on some of its commits only. */
const takesPull = (filter: EventFilter, base: string, changed: readonly string[]): boolean =>
  ["opened", "synchronize"].every((type) => filter.types?.includes(type) ?? true) &&
  takesBranch(filter, base) &&
  (!isOfPaths(filter) || takesFiles(filter, changed));

/** Narrowed to tags alone it is for tags alone. */
const takesPush = (filter: EventFilter, branch: string): boolean =>
  !isOfPaths(filter) &&
  (filter.tags === undefined ||
    filter.branches !== undefined ||
    filter.branchesIgnore !== undefined) &&
  takesBranch(filter, branch);
