import { appOf } from "../world/accounts.ts";
import { latestStatuses, suiteRuns, suiteState } from "../render/check.ts";
import type { Annotation, CheckRun, CheckSuite, Status } from "../world/checks.ts";
import type { WorkflowRun } from "../world/actions.ts";
import type { Repo } from "../world/repositories.ts";
import { iso, nodeId } from "../render/account.ts";
import { repoHtmlUrl } from "../render/repository.ts";
import { connection } from "./connection.ts";
import { shapeOrNull, type Args, type Gql, type Shape } from "./context.ts";

function app(g: Gql, id: number): Shape {
  const found = appOf(g.world, id);
  return {
    __typename: "App",
    id: nodeId("App", id),
    databaseId: id,
    slug: found.slug,
    name: found.name,
    description: "",
    clientId: `Iv1.${id}`,
    url: `${g.world.origin}/apps/${found.slug}`,
    createdAt: iso(found.createdAt),
    updatedAt: iso(found.createdAt),
    logoBackgroundColor: "ffffff",
    logoUrl: `${g.world.origin}/logo`,
  };
}

function workflowRun(g: Gql, repo: Repo, run: WorkflowRun): Shape {
  const url = `${repoHtmlUrl(g.world, repo)}/actions/runs/${run.id}`;
  const workflow = repo.workflows.get(run.path);
  const self = (): Shape => workflowRun(g, repo, run);
  return {
    __typename: "WorkflowRun",
    id: nodeId("WorkflowRun", repo.id, run.id),
    databaseId: run.id,
    runNumber: run.runNumber,
    event: run.event,
    url,
    resourcePath: new URL(url).pathname,
    createdAt: iso(run.createdAt),
    updatedAt: iso(run.updatedAt),
    checkSuite: () => shapeOrNull(repo.suites.get(run.suiteId), (one) => checkSuite(g, repo, one)),
    file: () => ({
      __typename: "WorkflowRunFile",
      id: nodeId("WorkflowRunFile", repo.id, run.id),
      path: run.path,
      url: `${url}/workflow`,
      resourcePath: `${new URL(url).pathname}/workflow`,
      repositoryFileUrl: `${repoHtmlUrl(g.world, repo)}/blob/${run.headSha}/${run.path}`,
      repositoryName: repoHtmlUrl(g.world, repo),
      run: self,
      viewerCanPushRepository: false,
      viewerCanReadRepository: true,
    }),
    workflow: () =>
      shapeOrNull(workflow, (one) => ({
        __typename: "Workflow",
        id: nodeId("Workflow", repo.id, one.id),
        databaseId: one.id,
        name: one.name,
        state: "ACTIVE",
        url: `${repoHtmlUrl(g.world, repo)}/actions/workflows/${one.path.split("/").at(-1)}`,
        resourcePath: `/actions/workflows/${one.id}`,
        createdAt: iso(one.createdAt),
        updatedAt: iso(one.createdAt),
      })),
  };
}

export function checkSuite(g: Gql, repo: Repo, suite: CheckSuite): Shape {
  const state = suiteState(repo, suite);
  const run = suite.runId === null ? undefined : repo.runs.get(suite.runId);
  const commit = g.world.git.commits.get(suite.headSha);
  const url = `${repoHtmlUrl(g.world, repo)}/commit/${suite.headSha}/checks?check_suite_id=${suite.id}`;
  return {
    __typename: "CheckSuite",
    id: nodeId("CheckSuite", repo.id, suite.id),
    databaseId: suite.id,
    status: state.status.toUpperCase(),
    conclusion: state.conclusion?.toUpperCase() ?? null,
    createdAt: iso(suite.createdAt),
    updatedAt: iso(suite.updatedAt),
    url,
    resourcePath: new URL(url).pathname,
    app: () => app(g, suite.appId),
    // A branch that is gone, or a fork's, is no ref of this repository.
    branch: () => {
      const name = run === undefined ? suite.headBranch : run.headBranch;
      return name === null
        ? null
        : (g.shapes.ref(g, repo, `refs/heads/${name}`) ??
            g.shapes.ref(g, repo, `refs/tags/${name}`));
    },
    creator: null,
    push: null,
    repository: () => g.shapes.repository(g, repo),
    commit: () => shapeOrNull(commit, (one) => g.shapes.commit(g, repo, one)),
    workflowRun: () => shapeOrNull(run, (one) => workflowRun(g, repo, one)),
    checkRuns: (args: Args) => {
      const filter =
        typeof args["filterBy"] === "object" && args["filterBy"] !== null
          ? ({ ...args["filterBy"] } as Record<string, unknown>)
          : {};
      const list = suiteRuns(repo, suite).filter(
        (one) => typeof filter["checkName"] !== "string" || one.name === filter["checkName"],
      );
      return connection("checkRuns", list, args, (one) => checkRun(g, repo, one));
    },
  };
}

/** Whether a ruleset of the pull request's base asks for this name (pinned to this App, or to none). */
function isRequired(repo: Repo, name: string, appId: number | null, args: Args): boolean {
  const number = Number(args["pullRequestNumber"] ?? Number.NaN);
  const pull = [...repo.pulls.values()].find(
    (one) =>
      one.number === number || nodeId("PullRequest", repo.id, one.number) === args["pullRequestId"],
  );
  const base = pull?.baseRef ?? repo.defaultBranch;
  return repo.rulesets.some(
    (ruleset) =>
      ruleset.enforcement === "active" &&
      ruleset.branches.some(
        (one) =>
          one === "~ALL" ||
          one === base ||
          one === `refs/heads/${base}` ||
          (one === "~DEFAULT_BRANCH" && base === repo.defaultBranch),
      ) &&
      ruleset.rules.some((rule) => {
        const parameters =
          typeof rule["parameters"] === "object" && rule["parameters"] !== null
            ? ({ ...rule["parameters"] } as Record<string, unknown>)
            : {};
        const checks = parameters["required_status_checks"];
        return (
          Array.isArray(checks) &&
          checks.some(
            (check: { context?: unknown; integration_id?: unknown }) =>
              check.context === name &&
              (check.integration_id === undefined || check.integration_id === appId),
          )
        );
      }),
  );
}

function annotation(g: Gql, repo: Repo, run: CheckRun, value: Annotation): Shape {
  return {
    __typename: "CheckAnnotation",
    path: value.path,
    message: value.message,
    title: value.title,
    rawDetails: value.raw_details,
    annotationLevel: value.annotation_level.toUpperCase(),
    databaseId: null,
    blobUrl: `${repoHtmlUrl(g.world, repo)}/blob/${run.headSha}/${value.path}`,
    location: {
      start: { line: value.start_line, column: value.start_column },
      end: { line: value.end_line, column: value.end_column },
    },
  };
}

export function checkRun(g: Gql, repo: Repo, run: CheckRun): Shape {
  const url = `${repoHtmlUrl(g.world, repo)}/runs/${run.id}`;
  const suite = repo.suites.get(run.suiteId);
  return {
    __typename: "CheckRun",
    id: nodeId("CheckRun", repo.id, run.id),
    databaseId: run.id,
    name: run.name,
    status: run.status.toUpperCase(),
    conclusion: run.conclusion?.toUpperCase() ?? null,
    startedAt: iso(run.startedAt),
    completedAt: iso(run.completedAt),
    detailsUrl: run.detailsUrl ?? url,
    externalId: run.externalId ?? "",
    title: run.title,
    summary: run.summary,
    text: run.text,
    url,
    permalink: url,
    resourcePath: new URL(url).pathname,
    repository: () => g.shapes.repository(g, repo),
    checkSuite: () => shapeOrNull(suite, (one) => checkSuite(g, repo, one)),
    isRequired: (args: Args) => isRequired(repo, run.name, run.appId, args),
    deployment: null,
    pendingDeploymentRequest: null,
    annotations: (args: Args) =>
      connection("annotations", run.annotations, args, (one) => annotation(g, repo, run, one)),
    // Only jobs have steps; a check run that some token merely created has none.
    steps: (args: Args) =>
      connection("steps", run.jobId === null ? [] : [run], args, () => ({
        __typename: "CheckStep",
        name: "Run",
        number: 1,
        status: run.status.toUpperCase(),
        conclusion: run.conclusion?.toUpperCase() ?? null,
        startedAt: iso(run.startedAt),
        completedAt: iso(run.completedAt),
        externalId: null,
        secondsToCompletion: null,
      })),
  };
}

function statusContext(g: Gql, repo: Repo, status: Status): Shape {
  const commit = g.world.git.commits.get(status.sha);
  return {
    __typename: "StatusContext",
    id: nodeId("StatusContext", repo.id, status.id),
    context: status.context,
    state: status.state.toUpperCase(),
    description: status.description,
    targetUrl: status.targetUrl,
    createdAt: iso(status.createdAt),
    avatarUrl: null,
    creator: () => g.shapes.actor(g, status.creatorId),
    commit: () => shapeOrNull(commit, (one) => g.shapes.commit(g, repo, one)),
    isRequired: (args: Args) => isRequired(repo, status.context, null, args),
  };
}

function rollupState(runs: readonly CheckRun[], statuses: readonly Status[]): string {
  const bad =
    runs.some(
      (run) =>
        run.conclusion !== null && !["success", "neutral", "skipped"].includes(run.conclusion),
    ) || statuses.some((one) => one.state === "failure");
  if (statuses.some((one) => one.state === "error")) return "ERROR";
  if (bad) return "FAILURE";
  return runs.some((run) => run.status !== "completed") ||
    statuses.some((one) => one.state === "pending")
    ? "PENDING"
    : "SUCCESS";
}

function countsByState(states: readonly string[]): { state: string; count: number }[] {
  return [...new Set(states)].sort().map((state) => ({
    state,
    count: states.filter((one) => one === state).length,
  }));
}

/** All checks and statuses of a commit; `null` when there are none. Of a name, only the newest run in its suite. */
export function rollup(g: Gql, repo: Repo, sha: string): Shape | null {
  const newest = new Map<string, CheckRun>();
  for (const run of repo.checkRunsBySha.get(sha) ?? [])
    newest.set(`${run.suiteId} ${run.name}`, run);
  const runs = [...newest.values()];
  const statuses = latestStatuses(repo, sha);
  if (runs.length + statuses.length === 0) return null;
  const commit = g.world.git.commits.get(sha);
  const all: (() => Shape)[] = [
    ...runs.map((run) => () => checkRun(g, repo, run)),
    ...statuses.map((one) => () => statusContext(g, repo, one)),
  ];
  return {
    __typename: "StatusCheckRollup",
    id: nodeId("StatusCheckRollup", repo.id, sha),
    state: rollupState(runs, statuses),
    commit: () => shapeOrNull(commit, (one) => g.shapes.commit(g, repo, one)),
    contexts: (args: Args) =>
      connection("contexts", all, args, (show) => show(), {
        checkRunCount: runs.length,
        statusContextCount: statuses.length,
        checkRunCountsByState: countsByState(
          runs.map((run) => (run.conclusion ?? run.status).toUpperCase()),
        ),
        statusContextCountsByState: countsByState(statuses.map((one) => one.state.toUpperCase())),
      }),
  };
}
