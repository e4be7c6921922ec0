import { describe, expect, it } from "vitest";
import { type CheckFact, checks as checksFact, statusReports } from "#core/facts/checks.ts";
import { changedFiles, pullRequest, type PullRequestFact } from "#core/facts/pull-request.ts";
import {
  reporting,
  switchedOffWorkflows,
  type ReportingFact,
  type Triggers,
} from "#core/facts/reporting.ts";
import { repository } from "#core/facts/repository.ts";
import { workflowRuns, type WorkflowRunFact } from "#core/facts/workflow-runs.ts";
import type { VerdictKind } from "#core/model/verdict.ts";
import { checks } from "#core/rules/checks/rule.ts";
import { triggersOf } from "#core/rules/kit/triggers/read-triggers.ts";
import {
  aCheck,
  aDeployment,
  aFile,
  aMergeGroup,
  aPullRequest,
  factsOf,
  monday,
  tell,
} from "../build.ts";
import { judge, type Surroundings } from "../judge.ts";

const ci = ".github/workflows/ci.yml";
const dco = aCheck("DCO", { id: 5, app: { id: 3, slug: "dco" }, run: null, suite: 4 });
const ofAda: CheckFact = {
  ...aCheck("fine", { id: 0, app: null, run: null }),
  kind: "status",
  creator: { id: 100, login: "ada", type: "User" },
};

interface Around extends Surroundings {
  readonly seen?: readonly CheckFact[];
  readonly runs?: readonly WorkflowRunFact[];
  readonly here?: ReportingFact;
  readonly off?: readonly string[];
  readonly files?: readonly string[];
  readonly pull?: Partial<PullRequestFact>;
}

const here = (on: Triggers, at: "base" | "head" = "base"): ReportingFact => ({
  signs: [],
  workflows: [{ path: ci, at, on }],
});

const judged = (params: unknown, around: Around = {}) => {
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
    ),
    around,
  );
};

const aRun = (over: Partial<WorkflowRunFact> = {}): WorkflowRunFact => ({
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

describe("A16: all of what reported is not all, where the tests have not run", () => {
  it.each<[string, unknown, Around]>([
    ["a quick App alone", { all: true }, {}],
    ["a status that the author set", { all: true }, { seen: [ofAda] }],
    ["a pattern of everything", { names: ["*"] }, {}],
    [
      "a run that tests no change",
      { all: true },
      { runs: [aRun({ event: "pull_request_target", ref: "refs/heads/main" })] },
    ],
    [
      "a run of another branch",
      { all: true },
      { runs: [aRun({ event: "push", ref: "refs/heads/b" })] },
    ],
    ["a workflow file that cannot be read", { all: true }, { here: here("unreadable") }],
    [
      "the pinned workflow",
      { all: true, workflow: "other.yml" },
      {
        seen: [],
        here: here({ pull_request: {} }),
      },
    ],
  ])("%s waits", (_what, params, around) => {
    expect(judged(params, around).kind).toBe("pending");
  });

  it("names what is awaited, and why nothing may have come", () => {
    const verdict = judged({ all: true });
    expect(verdict.need).toBe(`No run of ${ci} has tested this commit`);
    expect(verdict.next).toContain("[skip ci]");
  });

  it.each<[string, unknown, Around]>([
    ["a run for the pull request is there", { all: true }, { runs: [aRun()] }],
    ["its push was tested", { all: true }, { runs: [aRun({ event: "push" })] }],
    ["exact names say what counts", { names: ["DCO"] }, {}],
    ["another App is asked for", { all: true, app: "dco" }, {}],
    ["no workflow tests changes here", { all: true }, { here: here({}) }],
    ["the workflow is switched off", { all: true }, { off: [ci] }],
    [
      "it is for another base",
      { all: true },
      { here: here({ pull_request: { branches: ["rel/**"] } }) },
    ],
    ["it is for pushes to main", { all: true }, { here: here({ push: { branches: ["main"] } }) }],
    ["it is for tags", { all: true }, { here: here({ push: { tags: ["v*"] } }) }],
    [
      "it is for opening alone",
      { all: true },
      { here: here({ pull_request: { types: ["opened"] } }) },
    ],
    [
      "a push to a fork starts it there",
      { all: true },
      { here: here({ push: {} }), pull: { fork: true } },
    ],
    [
      "no such file changed",
      { all: true },
      { here: here({ pull_request: { paths: ["docs/**"] } }) },
    ],
    [
      "only such files changed",
      { all: true },
      {
        here: here({ pull_request: { pathsIgnore: ["src/**"] } }),
      },
    ],
  ])("%s: it passes", (_what, params, around) => {
    expect(judged(params, around).kind).toBe("pass");
  });

  it.each<[string, Triggers, readonly string[], VerdictKind]>([
    ["**.ts", { pull_request: { paths: ["**.ts"] } }, ["src/a.ts"], "pending"],
    ["*.ts", { pull_request: { paths: ["*.ts"] } }, ["src/a.ts"], "pass"],
    ["**/a.ts", { pull_request: { paths: ["**/a.ts"] } }, ["a.ts"], "pending"],
    ["taken out", { pull_request: { paths: ["src/**", "!src/**.md"] } }, ["src/a.md"], "pass"],
    [
      "one left in",
      { pull_request: { paths: ["src/**", "!src/**.md"] } },
      ["src/a.md", "src/b"],
      "pending",
    ],
    [
      "some not ignored",
      { pull_request: { pathsIgnore: ["docs/**"] } },
      ["docs/a", "src/b"],
      "pending",
    ],
    ["jsx?", { pull_request: { paths: ["**.jsx?"] } }, ["src/a.js"], "pending"],
    ["unreadable", { pull_request: { paths: ["src/[a"] } }, ["docs/a"], "pending"],
  ])("filters are GitHub's own: %s", (_what, on, files, kind) => {
    expect(judged({ all: true }, { here: here(on), files }).kind).toBe(kind);
  });

  it("a merge group is told which event is missing", () => {
    const verdict = judged(
      { all: true },
      { subject: aMergeGroup, here: here({ pull_request: {} }) },
    );
    expect(verdict.kind).toBe("pending");
    expect(verdict.next).toContain("adds `merge_group`");
    const run = aRun({ event: "merge_group", ref: aMergeGroup.headRef });
    expect(judged({ all: true }, { subject: aMergeGroup, runs: [run] }).kind).toBe("pass");
  });

  it("a deployed commit is tested by what its own files start for the branch", () => {
    const subject = { ...aDeployment, ref: "main" };
    const push = { push: { branches: ["main"] } };
    expect(judged({ all: true }, { subject, here: here(push, "head") }).kind).toBe("pending");
    expect(judged({ all: true }, { subject, here: here(push, "base") }).kind).toBe("pass");
    const run = aRun({ event: "push", ref: "refs/heads/main" });
    expect(judged({ all: true }, { subject, here: here(push, "head"), runs: [run] }).kind).toBe(
      "pass",
    );
  });

  it("where the tests run elsewhere, who reported on each of the last merged is awaited", () => {
    const elsewhere = {
      signs: [],
      elsewhere: {
        where: ["#1", "#2"],
        reporters: [
          { key: "app 3", name: "dco" },
          { key: "account 7", name: "circleci" },
        ],
      },
    };
    const verdict = judged({ all: true }, { here: elsewhere });
    expect(verdict.need).toBe("No check of circleci is on this commit");
    expect(verdict.next).toContain("#1, #2");
    const theirs = { ...ofAda, creator: { id: 7, login: "circleci", type: "Bot" as const } };
    expect(judged({ all: true }, { here: elsewhere, seen: [dco, theirs] }).kind).toBe("pass");
  });

  it("what is red or runs is said first", () => {
    const running = { ...dco, status: "in_progress" as const, conclusion: null };
    expect(judged({ all: true }, { seen: [running] }).need).toBe("Waiting for the check DCO");
  });
});

describe("what starts a workflow", () => {
  it.each<[string, Triggers]>([
    ["on: push", { push: {} }],
    ["on: [push, schedule]", { push: {} }],
    ["on:\n  pull_request:\n  workflow_dispatch:\n", { pull_request: {} }],
    [
      "on:\n  pull_request:\n    branches: [main]\n    paths-ignore: ['docs/**']\n",
      { pull_request: { branches: ["main"], pathsIgnore: ["docs/**"] } },
    ],
    [
      "on: { push: { branches: main, tags: [v1] } }",
      { push: { branches: ["main"], tags: ["v1"] } },
    ],
    ["on: { schedule: [{ cron: '0 0 * * *' }] }", {}],
    ["jobs: {}", "unreadable"],
    ["on: [push", "unreadable"],
  ])("%s", (text, on) => {
    expect(triggersOf(text)).toEqual(on);
  });
});
