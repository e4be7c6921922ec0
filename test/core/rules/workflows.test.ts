import { describe, expect, it } from "vitest";
import { askingWorkflow, type WorkflowText } from "#core/facts/deployment.ts";
import { changedFiles, headFile } from "#core/facts/pull-request.ts";
import { workflows } from "#core/rules/workflows/rule.ts";
import { aDeployment, cannotRead, factsOf, tell } from "../build.ts";
import { judge } from "../judge.ts";

const path = ".github/workflows/ci.yml";
const changed = (text: string | null, params: Record<string, unknown>) =>
  judge(
    workflows,
    params,
    factsOf(
      tell(changedFiles.need(), [{ path, status: "modified", additions: 1, deletions: 0 }]),
      tell(headFile.need(path), text),
    ),
  );
const asks = (value: WorkflowText | null, called: readonly WorkflowText[] = []) =>
  judge(
    workflows,
    { permissions: "declared" },
    factsOf(tell(askingWorkflow.need(), value === null ? null : { ...value, called })),
    { subject: aDeployment },
  ).kind;

const steps = "    steps: [{ run: make }]\n";
const job = (more = "", runs = "ubuntu-latest"): string =>
  `jobs:\n  unit:\n    runs-on: ${runs}\n${more}${steps}`;
const target = (step: string, on = "pull_request_target"): string =>
  `on: ${on}\njobs:\n  unit:\n    runs-on: ubuntu-latest\n    steps:\n      - ${step}\n`;
const head = "${{ github.event.pull_request.head.sha }}";
const all = { forbid: ["untrusted_checkout", "secrets_inherit", "write_all"] };

describe("workflows", () => {
  it.each([
    ["permissions that nobody declares", job(), { permissions: "declared" }, "fail"],
    ["empty permissions", `permissions:\n${job()}`, { permissions: "declared" }, "fail"],
    [
      "permissions of the workflow",
      `permissions: {}\n${job()}`,
      { permissions: "declared" },
      "pass",
    ],
    [
      "permissions of the job",
      job("    permissions: { contents: write }\n"),
      { permissions: "declared" },
      "pass",
    ],
    [
      "a job that may write",
      job("    permissions: { contents: write }\n"),
      { permissions: "read" },
      "fail",
    ],
    [
      "a job that widens",
      `permissions: read-all\n${job("    permissions: write-all\n")}`,
      { permissions: "read" },
      "fail",
    ],
    [
      "an alias that widens",
      `x: &w { contents: write }\n${job("    permissions: *w\n")}`,
      { permissions: "read" },
      "fail",
    ],
    [
      "reading only",
      `permissions: { contents: read, issues: none }\n${job()}`,
      { permissions: "read" },
      "pass",
    ],
    ["write-all", `permissions: write-all\n${job()}`, all, "fail"],
    [
      "secrets handed on",
      "jobs:\n  a:\n    uses: ./.github/workflows/b.yml\n    secrets: inherit\n",
      all,
      "fail",
    ],
    [
      "secrets by name",
      "jobs:\n  a:\n    uses: ./.github/workflows/b.yml\n    secrets: { A: x }\n",
      all,
      "pass",
    ],
    [
      "a stranger's head",
      target(`{ uses: actions/checkout@v5, with: { ref: "${head}" } }`),
      all,
      "fail",
    ],
    [
      "a stranger's repository",
      target(
        '{ uses: actions/checkout@v5, with: { repository: "${{ github.event.pull_request.head.repo.full_name }}" } }',
      ),
      all,
      "fail",
    ],
    [
      "a ref that nobody can follow",
      target(
        '{ uses: actions/checkout@v5, with: { ref: "${{ steps.x.outputs.sha }}" } }',
        "[push, workflow_run]",
      ),
      all,
      "fail",
    ],
    [
      "the test merge",
      target('{ uses: actions/checkout@v5, with: { ref: "refs/pull/1/merge" } }'),
      all,
      "fail",
    ],
    ["by hand", target("{ run: gh pr checkout 1 }", "{ issue_comment: {} }"), all, "fail"],
    [
      "what it changes, applied",
      target('{ run: "gh pr diff 1 | git apply" }', "{ issue_comment: {} }"),
      all,
      "fail",
    ],
    [
      "a variable whose twin in another case is harmless",
      target(`{ env: { REF: "${head}", ref: main }, run: 'git fetch origin "$REF"' }`),
      all,
      "fail",
    ],
    [
      "a clone by gh",
      target(
        `{ env: { REPO: "\${{ github.event.pull_request.head.repo.full_name }}" }, run: 'gh repo clone "$REPO"' }`,
      ),
      all,
      "fail",
    ],
    [
      "a commit that a step before names",
      target('{ run: "git fetch origin ${{ steps.pr.outputs.sha }}" }'),
      all,
      "fail",
    ],
    [
      "a tag that a step before names",
      target('{ run: "git tag v${{ steps.version.outputs.next }}" }'),
      all,
      "pass",
    ],
    [
      "a variable that Python reads",
      target(
        `{ env: { REF: "${head}" }, shell: python, run: 'import os; os.system("git fetch origin " + os.environ["REF"])' }`,
      ),
      all,
      "fail",
    ],
    ["what it changes, read", target('{ run: "gh pr diff 1 > diff" }'), all, "pass"],
    [
      "an archive of the head",
      target(
        `{ run: "curl -L https://github.example/x/y/archive/\${{ github.event.pull_request.head.sha }}.tar.gz | tar xz" }`,
      ),
      all,
      "fail",
    ],
    [
      "a status of the head",
      target(
        `{ run: "gh api repos/x/y/statuses/\${{ github.event.pull_request.head.sha }} -f state=success" }`,
      ),
      all,
      "pass",
    ],
    [
      "a called workflow that is given the head",
      `permissions: {}\non: pull_request_target\njobs: { a: { uses: ./.github/workflows/b.yml, with: { ref: "${head}" } } }`,
      all,
      "fail",
    ],
    [
      "a called workflow that is given the base",
      `permissions: {}\non: pull_request_target\njobs: { a: { uses: ./.github/workflows/b.yml, with: { ref: "\${{ github.event.pull_request.base.sha }}" } } }`,
      all,
      "pass",
    ],
    [
      "the base",
      target(
        '{ uses: actions/checkout@v5, with: { ref: "${{ github.event.pull_request.base.sha }}" } }',
      ),
      all,
      "pass",
    ],
    ["no ref, which is the base", target("{ uses: actions/checkout@v5 }"), all, "pass"],
    [
      "the head where strangers have no rights",
      target(`{ uses: actions/checkout@v5, with: { ref: "${head}" } }`, "pull_request"),
      all,
      "pass",
    ],
    ...(
      [
        ["in the step", `env: { SHA: "${head}" }, run: 'git fetch origin "$SHA"'`, ""],
        ["of the workflow", "run: 'git fetch origin ${SHA}'", `env: { SHA: "${head}" }\n`],
        [
          "handed on",
          'env: { REF: "${{ env.SHA }}" }, run: "git fetch origin $REF"',
          `env: { SHA: "${head}" }\n`,
        ],
        ["as an expression", 'run: "git fetch origin ${{ env.SHA }}"', `env: { SHA: "${head}" }\n`],
        ["in another shell", "run: 'git fetch origin $env:SHA'", `env: { SHA: "${head}" }\n`],
        [
          "with brackets",
          `env: { SHA: "\${{ github.event['pull_request']['head']['sha'] }}" }, run: "git fetch origin $SHA"`,
          "",
        ],
        [
          "the merge",
          "run: 'git fetch origin ${{ github.event.pull_request.merge_commit_sha }}'",
          "",
        ],
      ] as const
    ).map(
      ([what, step, top]) =>
        [
          `by hand, through a variable: ${what}`,
          `${top}${target(`{ ${step} }`)}`,
          all,
          "fail",
        ] as const,
    ),
    ...(
      [
        ["not used", `env: { SHA: "${head}" }, run: "git fetch origin && git rev-parse sha"`, ""],
        [
          "another value in its place",
          'env: { SHA: "${{ github.event.pull_request.base.sha }}" }, run: "git fetch origin $SHA"',
          `env: { SHA: "${head}" }\n`,
        ],
        ["no git", `env: { SHA: "${head}" }, run: "echo $SHA"`, ""],
      ] as const
    ).map(
      ([what, step, top]) =>
        [
          `a variable that fetches nothing: ${what}`,
          `${top}${target(`{ ${step} }`)}`,
          all,
          "pass",
        ] as const,
    ),
    [
      "a ref that a caller chooses",
      target('{ uses: actions/checkout@v5, with: { ref: "${{ inputs.ref }}" } }', "workflow_call"),
      all,
      "fail",
    ],
    [
      "a called workflow that checks out nothing of strangers",
      target("{ uses: actions/checkout@v5 }", "workflow_call"),
      all,
      "pass",
    ],
    ["an allowed runner", job("", "ubuntu-24.04"), { runners: ["ubuntu-*"] }, "pass"],
    ["another runner", job("", "[self-hosted, prod]"), { runners: ["ubuntu-*"] }, "fail"],
    [
      "a group",
      job("", "{ group: prod, labels: ubuntu-24.04 }"),
      { runners: ["ubuntu-*"] },
      "fail",
    ],
    ["a runner behind an expression", job("", "${{ matrix.os }}"), { runners: ["**"] }, "fail"],
    [
      "a called workflow elsewhere",
      "jobs:\n  a:\n    uses: acme/ci/.github/workflows/b.yml@v1\n",
      { runners: ["ubuntu-*"] },
      "fail",
    ],
    ["broken YAML", "jobs: [", all, "fail"],
    ["no jobs", "on: push\n", all, "fail"],
    ["a file that is not there", null, all, "pending"],
  ] as const)("%s", (_what, text, params, kind) => {
    expect(changed(text, params).kind).toBe(kind);
  });

  it("annotates the line", () => {
    expect(changed(`permissions: write-all\n${job()}`, { forbid: ["write_all"] })).toMatchObject({
      need: `The token may write everything: ${path}:1`,
      annotations: [{ path, startLine: 1, level: "failure" }],
    });
    expect(changed(job(), { permissions: "declared" }).annotations[0]?.startLine).toBe(2);
  });

  it("other files are nobody's workflow", () => {
    const table = factsOf(
      tell(changedFiles.need(), [{ path: "a.yml", status: "added", additions: 1, deletions: 0 }]),
    );
    expect(judge(workflows, all, table).kind).toBe("pass");
  });

  it("at a deployment: the workflow that asks, at the deployed commit", () => {
    const here = { path, text: `permissions: {}\n${job()}` };
    expect(asks(here)).toBe("pass");
    expect(asks({ path, text: job() })).toBe("fail");
    expect(asks({ path: "dynamic/pages", text: null })).toBe("unknown");
    expect(asks(null)).toBe("unknown");
    const below = { path: ".github/workflows/below.yml" };
    expect(asks(here, [{ ...below, text: `permissions: {}\n${job()}` }])).toBe("pass");
    expect(asks(here, [{ ...below, text: job() }])).toBe("fail");
    expect(asks(here, [{ ...below, text: null }])).toBe("unknown");
    const table = factsOf(cannotRead(askingWorkflow.need()));
    expect(judge(workflows, all, table, { subject: aDeployment }).kind).toBe("unknown");
  });

  it("at a deployment: a file that is not there, and one that does not keep to it, say who does what", () => {
    const asked = (text: string | null) =>
      judge(
        workflows,
        { permissions: "declared" },
        factsOf(tell(askingWorkflow.need(), { path, text, called: [] })),
        { subject: aDeployment },
      );
    expect(asked(null)).toMatchObject({
      kind: "unknown",
      next: `Somebody deploys a commit that holds ${path}.`,
    });
    expect(asked(job())).toMatchObject({
      kind: "fail",
      next: "The author changes these lines, then somebody deploys again.",
    });
  });

  it.each([
    ["pull_request_target", "fail"],
    ["[push, issue_comment]", "fail"],
    ["push", "pass"],
    ["workflow_call", "pass"],
  ])("at a deployment: a called workflow runs for whom its caller runs: on %s → %s", (on, kind) => {
    const called = target(
      `{ uses: actions/checkout@v5, with: { ref: "${head}" } }`,
      "workflow_call",
    );
    const table = factsOf(
      tell(askingWorkflow.need(), {
        path,
        text: `on: ${on}\n${job()}`,
        called: [{ path: ".github/workflows/below.yml", text: called }],
      }),
    );
    expect(judge(workflows, all, table, { subject: aDeployment }).kind).toBe(kind);
  });

  const jobOf = (more: string, lines: readonly string[], before = ""): string =>
    `on: pull_request_target\n${before}jobs:\n  unit:\n    runs-on: ubuntu-latest\n${more}    steps:\n${lines
      .map((line) => `      - ${line}\n`)
      .join("")}`;
  const checksOut = 'run: git fetch origin "$REF" && git checkout FETCH_HEAD';

  it.each([
    [
      "a variable that a step exports",
      "",
      [`run: echo "REF=${head}" >> $GITHUB_ENV`, checksOut],
      "fail",
    ],
    [
      "one exported from another",
      "    env: { SHA: '${{ github.head_ref }}' }\n",
      ['run: echo REF=$SHA >> "$GITHUB_ENV"', checksOut],
      "fail",
    ],
    [
      "one exported from GitHub's answer",
      "",
      [
        'run: echo "REF=$(gh pr view 1 --json headRefOid -q .headRefOid)" >> $GITHUB_ENV',
        checksOut,
      ],
      "fail",
    ],
    [
      "a file of exports, in which no name shows",
      "",
      [
        `run: 'jq -r .pull_request.head.sha "$GITHUB_EVENT_PATH" | ./name >> $GITHUB_ENV'`,
        checksOut,
      ],
      "fail",
    ],
    [
      "one exported by a script of an action",
      "",
      [
        `{ uses: actions/github-script@v7, with: { script: "core.exportVariable('REF', context.payload.pull_request.head.sha)" } }`,
        checksOut,
      ],
      "fail",
    ],
    ["an export of something else", "", ["run: echo REF=main >> $GITHUB_ENV", checksOut], "pass"],
    [
      "an action's script that fetches it",
      "",
      [
        `{ uses: actions/github-script@v7, with: { script: "await exec.exec('git', ['checkout', '${head}'])" } }`,
      ],
      "fail",
    ],
    [
      "an action's script that reads its files",
      "",
      [
        `{ uses: actions/github-script@v7, with: { script: "github.rest.repos.getContent({ ref: context.payload.pull_request.head.sha })" } }`,
      ],
      "fail",
    ],
    [
      "an action's script that sets a status on it",
      "",
      [
        `{ uses: actions/github-script@v7, with: { script: "github.rest.repos.createCommitStatus({ sha: context.payload.pull_request.head.sha })" } }`,
      ],
      "pass",
    ],
    [
      "a local action that is given it",
      "",
      [`{ uses: ./.github/actions/get, with: { what: "${head}" } }`],
      "fail",
    ],
    [
      "a local action that is given it by a variable",
      "",
      [`{ uses: ./.github/actions/get, env: { WHAT: "${head}" } }`],
      "fail",
    ],
    [
      "a local action that is not",
      "",
      ["{ uses: ./.github/actions/get, with: { what: all } }"],
      "pass",
    ],
    ["another's checkout", "", [`{ uses: acme/checkout@v1, with: { ref: "${head}" } }`], "fail"],
    [
      "another's checkout of what a step found",
      "",
      ['{ uses: acme/checkout@v1, with: { ref: "${{ steps.find.outputs.sha }}" } }'],
      "fail",
    ],
    ["another's status on it", "", [`{ uses: acme/status@v1, with: { sha: "${head}" } }`], "pass"],
    [
      "variables that an expression makes as a whole",
      "    env: ${{ fromJSON(needs.before.outputs.env) }}\n",
      [checksOut],
      "fail",
    ],
    [
      "the same, where only the runner's own are used",
      "    env: ${{ fromJSON(needs.before.outputs.env) }}\n",
      ["run: git fetch origin $GITHUB_SHA"],
      "pass",
    ],
    [
      "an expression that reads JSON",
      "",
      ["run: git checkout ${{ fromJSON(vars.X).ref }}"],
      "fail",
    ],
    [
      "all that the event says",
      "",
      ["run: git checkout $(echo '${{ toJSON(github.event) }}' | ./ref)"],
      "fail",
    ],
    [
      "a matrix",
      `    strategy: { matrix: { ref: ["${head}"] } }\n`,
      ["run: git fetch origin ${{ matrix.ref }}"],
      "fail",
    ],
    ["what a caller gives", "", ["run: git checkout ${{ inputs.ref }}"], "fail"],
    ["gh pr checkout with options", "", ["run: gh -R acme/shop pr checkout 1"], "fail"],
    ["gh pr checkout over two lines", "", ['run: "gh pr \\\\\\n checkout 1"'], "fail"],
    ["gh co", "", ["run: gh co 1"], "fail"],
    ["a package from the fork", "", [`run: npm install github:acme/shop#${head}`], "fail"],
  ])("untrusted_checkout: %s", (_what, more, lines, kind) => {
    expect(changed(jobOf(more, lines), { forbid: ["untrusted_checkout"] }).kind).toBe(kind);
  });

  it.each([
    ["what another job found", '{ ref: "${{ needs.find.outputs.sha }}" }', "fail"],
    ["a matrix", '{ ref: "${{ matrix.ref }}" }', "fail"],
    ["all of it by an expression", "${{ fromJSON(needs.find.outputs.all) }}", "fail"],
    ["a version", '{ version: "${{ needs.find.outputs.version }}" }', "pass"],
  ])("untrusted_checkout: a called workflow is given %s", (_what, given, kind) => {
    const text = `on: workflow_run\njobs:\n  unit:\n    uses: ./.github/workflows/b.yml\n    with: ${given}\n`;
    expect(changed(text, { forbid: ["untrusted_checkout"] }).kind).toBe(kind);
  });

  it("forbids all three where nothing is written", () => {
    for (const text of [
      `permissions: write-all\n${job()}`,
      "jobs:\n  a:\n    uses: ./.github/workflows/b.yml\n    secrets: inherit\n",
      target(`{ uses: actions/checkout@v5, with: { ref: "${head}" } }`),
    ]) {
      expect(changed(text, {}).kind).toBe("fail");
      expect(changed(text, { permissions: "declared" }).kind).toBe("fail");
    }
    expect(changed(job(), {}).kind).toBe("pass");
    expect(workflows.params.safeParse({ forbid: [] }).success).toBe(false);
  });

  it.each([
    [{ permissions: "declared" }, { permissions: "read" }, "tighter"],
    [{ permissions: "read" }, { permissions: "declared" }, "looser"],
    [{}, { forbid: ["write_all"] }, "looser"],
    [{ forbid: ["write_all"] }, {}, "tighter"],
    [{ forbid: ["write_all"] }, { forbid: ["write_all", "secrets_inherit"] }, "tighter"],
    [{ runners: ["a", "b"] }, { runners: ["a"] }, "tighter"],
    [{ runners: ["a"] }, { permissions: "read" }, "looser"],
  ])("%j by the organisation, %j here: %s", (ours, theirs, is) => {
    expect(workflows.compare(ours, theirs)).toBe(is);
  });
});
