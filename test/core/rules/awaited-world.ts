import { type CheckFact, checks as checksFact, statusReports } from "#core/facts/checks.ts";
import {
  baseFile,
  changedFiles,
  headFile,
  pullRequest,
  type PullRequestFact,
} from "#core/facts/pull-request.ts";
import {
  reporting,
  switchedOffWorkflows,
  type ReportingFact,
  type Triggers,
} from "#core/facts/reporting.ts";
import { repository } from "#core/facts/repository.ts";
import { workflowRuns, type WorkflowRunFact } from "#core/facts/workflow-runs.ts";
import { checks } from "#core/rules/checks/rule.ts";
import { aCheck, aFile, aPullRequest, factsOf, minute, monday, tell, type Told } from "../build.ts";
import { judge, type Surroundings } from "../judge.ts";

/** A commit on which a quick App is green, in a repository with the workflow `ci`. */
export const ci = ".github/workflows/ci.yml";
export const dco = aCheck("DCO", { id: 5, app: { id: 3, slug: "dco" }, run: null, suite: 4 });
export const ofAda: CheckFact = {
  ...aCheck("fine", { id: 0, app: null, run: null }),
  kind: "status",
  creator: { id: 100, login: "ada", type: "User" },
};

export interface Around extends Surroundings {
  readonly seen?: readonly CheckFact[];
  readonly runs?: readonly WorkflowRunFact[];
  readonly here?: ReportingFact;
  readonly off?: readonly string[];
  readonly files?: readonly string[];
  readonly pull?: Partial<PullRequestFact>;
  readonly more?: readonly Told[] | undefined;
}

export const lint = ".github/workflows/lint.yml";

type Places = "base" | "head" | "both";
/** Of one workflow file; first asked about at `monday`, which is now. */
export const here = (on: Triggers, at: Places = "both", over: Partial<ReportingFact> = {}) =>
  ({
    signs: [],
    workflows: (["base", "head"] as const)
      .filter((place) => at === "both" || at === place)
      .map((place) => ({ path: ci, at: place, on })),
    askedFirstAt: monday,
    ...over,
  }) satisfies ReportingFact;

export const halfAnHour = 30 * minute;
export const later = monday + halfAnHour;

export const judged = (params: unknown, around: Around = {}) => {
  const { seen = [dco], runs = [], off = [], files = ["src/a.ts"], pull = {} } = around;
  return judge(
    checks,
    params,
    factsOf(
      tell(checksFact.need(), seen),
      tell(
        statusReports.need(),
        seen.filter(({ kind }) => kind === "status"),
      ),
      tell(workflowRuns.need(), runs),
      tell(pullRequest.need(), aPullRequest({ headRef: "topic", baseRef: "main", ...pull })),
      tell(
        changedFiles.need(),
        files.map((path) => aFile(path)),
      ),
      tell(repository.need(), {
        id: 1,
        owner: "acme",
        name: "shop",
        private: false,
        defaultBranch: "main",
      }),
      tell(reporting.need(), around.here ?? here({ push: {}, pull_request: {} })),
      tell(switchedOffWorkflows.need(), off),
      ...[ci, lint].flatMap((path) => [
        tell(baseFile.need(path), "jobs: {}"),
        tell(headFile.need(path), "jobs: {}"),
      ]),
      ...(around.more ?? []),
    ),
    around,
  );
};

export const aRun = (over: Partial<WorkflowRunFact> = {}): WorkflowRunFact => ({
  id: 900,
  name: "CI",
  event: "pull_request",
  path: ci,
  ref: "refs/heads/topic",
  status: "completed",
  conclusion: "success",
  startedAt: monday,
  url: null,
  ...over,
});
