import type { Ask } from "#core/facts/ask.ts";
import { changedFiles, directBaseOf, pullRequest } from "#core/facts/pull-request.ts";
import type { EventFilter, Triggers, WorkflowHere } from "#core/facts/reporting.ts";
import { repository } from "#core/facts/repository.ts";
import { refsOfDeployment } from "#core/facts/run-origin.ts";
import type { DeploymentSubject, Subject } from "#core/model/subject.ts";
import { namesOf } from "../changed-names.ts";
import { isOfPaths, takesBranch, takesFiles } from "./event-filter.ts";

export interface ExpectedWorkflow {
  readonly path: string;
  /** It tests pull requests, and nothing starts it for a merge group. */
  readonly lacksGroups: boolean;
}

/** Facts that it takes to tell which workflows should have run. */
export const expectingFacts = [pullRequest, changedFiles, repository] as const;

/**
 * Workflows of which GitHub starts a run for every such change, by their own files; `undefined` while a fact has not been
 * read. A file that cannot be read is one of them. One whose run depends on what was in the last push alone is none.
 */
export function expectedWorkflows(
  workflows: readonly WorkflowHere[],
  subject: Subject,
  ask: Ask,
): readonly ExpectedWorkflow[] | undefined {
  if (workflows.length === 0) return [];
  if (subject.kind === "deployment") return ofDeployment(workflows, subject, ask);
  const pull = ask(pullRequest.need());
  if (pull === undefined) return undefined;
  const isNarrowed = workflows.some(
    ({ on }) => on !== "unreadable" && on.pull_request !== undefined && isOfPaths(on.pull_request),
  );
  const files = isNarrowed ? ask(changedFiles.need()) : [];
  if (files === undefined) return undefined;
  const changed = files.flatMap(namesOf);
  const base = directBaseOf(pull);
  const isStarted = (on: Triggers): boolean =>
    on === "unreadable" ||
    (on.pull_request !== undefined && takesPull(on.pull_request, base, changed)) ||
    (subject.kind === "merge_group"
      ? on.merge_group !== undefined && takesBranch(on.merge_group, base)
      : !pull.fork && on.push !== undefined && takesPush(on.push, pull.headRef));
  return distinct(
    workflows
      .filter(({ on }) => isStarted(on))
      .map(({ path, on }) => ({
        path,
        lacksGroups:
          subject.kind === "merge_group" && on !== "unreadable" && on.merge_group === undefined,
      })),
  );
}

/** A push starts what the pushed commit itself says. What it changed is not known here. */
function ofDeployment(
  workflows: readonly WorkflowHere[],
  subject: DeploymentSubject,
  ask: Ask,
): readonly ExpectedWorkflow[] | undefined {
  const here = ask(repository.need());
  if (here === undefined) return undefined;
  const [ref = `refs/heads/${here.defaultBranch}`] = refsOfDeployment(subject.ref, undefined) ?? [];
  const branch = ref.replace(/^refs\/heads\//u, "");
  return distinct(
    workflows
      .filter(
        ({ at, on }) =>
          at === "head" &&
          (on === "unreadable" || (on.push !== undefined && takesPush(on.push, branch))),
      )
      .map(({ path }) => ({ path, lacksGroups: false })),
  );
}

/** `types` that leave out a push to the branch run on some of its commits only. */
const takesPull = (filter: EventFilter, base: string, changed: readonly string[]): boolean =>
  (filter.types === undefined || filter.types.includes("synchronize")) &&
  takesBranch(filter, base) &&
  (!isOfPaths(filter) || takesFiles(filter, changed));

/** Narrowed to tags alone it is for tags alone. */
const takesPush = (filter: EventFilter, branch: string): boolean =>
  !isOfPaths(filter) &&
  (filter.tags === undefined ||
    filter.branches !== undefined ||
    filter.branchesIgnore !== undefined) &&
  takesBranch(filter, branch);

/** A file stands on the base and in the commit, and may say different things there. */
const distinct = (found: readonly ExpectedWorkflow[]): readonly ExpectedWorkflow[] => [
  ...new Map(found.map((one) => [one.path, one])).values(),
];
