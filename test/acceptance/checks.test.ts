import { describe, expect, it } from "vitest";
import { ask } from "./ask.ts";
import { fail, pass, pending, ruleOf, table, unknown, type Row } from "./table.ts";

const unit = (more: string): string => `checks: [{ name: unit, ${more} }]`;
const conclusions = [
  "success",
  "failure",
  "neutral",
  "cancelled",
  "skipped",
  "timed_out",
  "action_required",
  "stale",
  "startup_failure",
] as const;
const negative: readonly string[] = [
  "failure",
  "timed_out",
  "startup_failure",
  "cancelled",
  "action_required",
];

/** Every conclusion where another one is allowed, and where it is allowed itself. */
table("each conclusion", [
  ...conclusions.map((conclusion): Row => [
    `${conclusion}, allowed`,
    `{ checks: { names: [unit], conclusions: [${conclusion}] } }`,
    unit(`conclusion: ${conclusion}`),
    pass,
  ]),
  ...conclusions.map((conclusion): Row => {
    const other = conclusion === "success" ? "neutral" : "success";
    return [
      `${conclusion}, not among them`,
      `{ checks: { names: [unit], conclusions: [${other}] } }`,
      unit(`conclusion: ${conclusion}`),
      negative.includes(conclusion) ? fail : pending,
    ];
  }),
  ...conclusions.map((conclusion): Row => [
    `all: ${conclusion}`,
    "{ checks: { all: true } }",
    unit(`conclusion: ${conclusion}`),
    conclusion === "success" ? pass : negative.includes(conclusion) ? fail : pending,
  ]),
  ...["queued", "in_progress", "waiting", "requested", "pending"].map((status): Row => [
    `status ${status}, every conclusion allowed`,
    `{ checks: { names: [unit], conclusions: [${conclusions.join(", ")}] } }`,
    unit(`status: ${status}`),
    pending,
  ]),
]);

table("which run of a check decides", [
  [
    "a re-run in progress after a failure",
    "{ checks: { names: [unit] } }",
    "checks: [{ name: unit, conclusion: failure, at: 2026-03-01T00:00:00Z }, { name: unit, status: queued, at: 2026-03-02T00:00:00Z }]",
    pending,
  ],
  [
    "an older run that never ended",
    "{ checks: { names: [unit] } }",
    "checks: [{ name: unit, conclusion: success, at: 2026-03-02T00:00:00Z }, { name: unit, status: in_progress, at: 2026-03-01T00:00:00Z }]",
    pass,
  ],
  [
    "a newer run that was skipped",
    "{ checks: { names: [unit] } }",
    "checks: [{ name: unit, conclusion: success, at: 2026-03-01T00:00:00Z }, { name: unit, conclusion: skipped, at: 2026-03-02T00:00:00Z }]",
    pending,
  ],
  [
    "two apps, no app asked for: a red one counts",
    "{ checks: { names: [unit] } }",
    "checks: [{ name: unit, app: a, conclusion: success, at: 2026-03-02T00:00:00Z }, { name: unit, app: b, conclusion: failure, at: 2026-03-01T00:00:00Z }]",
    fail,
  ],
  [
    "two apps, no app asked for: a running one counts",
    "{ checks: { names: [unit] } }",
    "checks: [{ name: unit, app: a, conclusion: success }, { name: unit, app: b, status: queued }]",
    pending,
  ],
  [
    "two apps, no app asked for: both green",
    "{ checks: { names: [unit] } }",
    "checks: [{ name: unit, app: a, conclusion: success }, { name: unit, app: b, conclusion: success }]",
    pass,
  ],
  [
    "a check and a status of one name are both asked for",
    "{ checks: { names: [unit] } }",
    "checks: [{ name: unit, conclusion: success }, { name: unit, kind: status, conclusion: failure }]",
    fail,
  ],
  [
    "W12: another creator's green status hides no red one",
    "{ checks: { names: [ci/x] } }",
    "checks: [{ name: ci/x, kind: status, conclusion: failure, at: 2026-03-01T00:00:00Z }, { name: ci/x, kind: status, by: mallory, conclusion: success, at: 2026-03-02T00:00:00Z }]",
    fail,
  ],
  [
    "W12: its own creator's newer green takes the place of a red status",
    "{ checks: { names: [ci/x] } }",
    "checks: [{ name: ci/x, kind: status, by: jenkins, conclusion: failure, at: 2026-03-01T00:00:00Z }, { name: ci/x, kind: status, by: jenkins, conclusion: success, at: 2026-03-02T00:00:00Z }]",
    pass,
  ],
  [
    "row l: the app's newest, not the other's",
    "{ checks: { names: [unit], app: github-actions } }",
    "checks: [{ name: unit, app: github-actions, conclusion: failure, at: 2026-03-01T00:00:00Z }, { name: unit, app: evil, conclusion: success, at: 2026-03-02T00:00:00Z }]",
    fail,
  ],
  [
    "row l: a status of that name has no app",
    "{ checks: { names: [unit], app: github-actions } }",
    "checks: [{ name: unit, kind: status, conclusion: success }]",
    pending,
  ],
  [
    "app slug in another case",
    "{ checks: { names: [unit], app: GitHub-Actions } }",
    "checks: [{ name: unit, app: github-actions, conclusion: success }]",
    pass,
  ],
  [
    "app by id, told by slug",
    "{ checks: { names: [unit], app: 15368 } }",
    "checks: [{ name: unit, app: github-actions, conclusion: success }]",
    pass,
  ],
  [
    "app by slug, told by id",
    "{ checks: { names: [unit], app: github-actions } }",
    "checks: [{ name: unit, app: 15368, conclusion: success }]",
    pass,
  ],
  [
    "no app told where one is asked for",
    "{ checks: { names: [unit], app: circleci } }",
    unit("conclusion: success"),
    pending,
  ],
]);

table("names", [
  [
    "case matters, as at GitHub",
    "{ checks: { names: [Unit] } }",
    unit("conclusion: success"),
    pending,
  ],
  [
    "a name with a slash is one name",
    "{ checks: { names: ['ci/*'] } }",
    "checks: [{ name: ci/a, conclusion: success }]",
    pass,
  ],
  [
    "a job of a matrix",
    "{ checks: { names: ['build (*)'] } }",
    "checks: [{ name: 'build (ubuntu)', conclusion: success }, { name: 'build (macos)', conclusion: failure }]",
    fail,
  ],
  [
    "a name with parentheses, as it stands",
    "{ checks: { names: ['build (ubuntu)'] } }",
    "checks: [{ name: 'build (ubuntu)', conclusion: success }]",
    pass,
  ],
  [
    "a name with brackets, as it stands",
    "{ checks: { names: ['test [20]'] } }",
    "checks: [{ name: 'test [20]', conclusion: success }]",
    pass,
  ],
  [
    "W14: names have no segments: a star matches a slash as well",
    "{ checks: { names: ['*'] } }",
    "checks: [{ name: ci/a, conclusion: failure }, { name: b, conclusion: success }]",
    fail,
  ],
  [
    "** is everything",
    "{ checks: { names: ['**'] } }",
    "checks: [{ name: ci/a, conclusion: failure }, { name: b, conclusion: success }]",
    fail,
  ],
  [
    "braces",
    "{ checks: { names: ['{unit,lint}'] } }",
    "checks: [{ name: unit, conclusion: success }, { name: lint, conclusion: failure }]",
    fail,
  ],
  [
    "each of two globs needs a run",
    "{ checks: { names: ['a*', 'b*'] } }",
    "checks: [{ name: a1, conclusion: success }]",
    pending,
  ],
  ["the same name twice", "{ checks: { names: [unit, unit] } }", unit("conclusion: success"), pass],
  [
    "a name with blanks and an emoji",
    "{ checks: { names: ['🧪 unit tests'] } }",
    "checks: [{ name: '🧪 unit tests', conclusion: success }]",
    pass,
  ],
  [
    "others do not matter",
    "{ checks: { names: [unit] } }",
    "checks: [{ name: unit, conclusion: success }, { name: lint, conclusion: failure }]",
    pass,
  ],
]);

table("all", [
  ["W13: nothing reported yet", "{ checks: { all: true } }", "{}", pending],
  [
    "W13: nothing reported, and nothing in the repository does",
    "{ checks: { all: true, if_none: pass_without_ci } }",
    "{}",
    pass,
  ],
  [
    "W13: nothing reported yet in a repository that has checks",
    "{ checks: { all: true, if_none: pass_without_ci } }",
    "repository: { reports_checks: true }",
    pending,
  ],
  [
    "W47: another App's check of our name",
    "{ checks: { all: true } }",
    "checks: [{ name: unit, conclusion: success }, { name: gatehouse / e2e, app: evil, conclusion: failure }]",
    fail,
  ],
  [
    "none of our own, whatever their names",
    "{ checks: { all: true } }",
    "checks: [{ name: unit, conclusion: success }, { name: gatehouse / production, status: in_progress }, { name: gatehouse / policy, conclusion: failure }]",
    pass,
  ],
  [
    "statuses count",
    "{ checks: { all: true } }",
    "checks: [{ name: ci/x, kind: status, conclusion: failure }]",
    fail,
  ],
  [
    "a conclusion that is allowed",
    "{ checks: { all: true, conclusions: [success, skipped, neutral] } }",
    "checks: [{ name: a, conclusion: skipped }, { name: b, conclusion: neutral }]",
    pass,
  ],
  [
    "of one app",
    "{ checks: { all: true, app: github-actions } }",
    "checks: [{ name: a, app: github-actions, conclusion: success }, { name: b, app: evil, conclusion: failure }]",
    pass,
  ],
  [
    "names must be there",
    "{ checks: { names: [unit], all: true } }",
    "checks: [{ name: lint, conclusion: success }]",
    pending,
  ],
  [
    "an older failure that was repeated",
    "{ checks: { all: true } }",
    "checks: [{ name: a, conclusion: failure, at: 2026-03-01T00:00:00Z }, { name: a, conclusion: success, at: 2026-03-02T00:00:00Z }]",
    pass,
  ],
  [
    "false beside names",
    "{ checks: { names: [unit], all: false } }",
    "checks: [{ name: unit, conclusion: success }, { name: b, conclusion: failure }]",
    pass,
  ],
]);

const ci = ".github/workflows/ci.yml";
table("workflow and trusted", [
  [
    "the path with its ref, as Actions writes it",
    `{ checks: { names: [unit], workflow: ${ci} } }`,
    unit(`conclusion: success, workflow: "${ci}@refs/heads/main"`),
    pass,
  ],
  [
    "the file's name alone is not the path",
    `{ checks: { names: [unit], workflow: ${ci} } }`,
    unit("conclusion: success, workflow: ci.yml"),
    pending,
  ],
  [
    "a red run of another workflow does not matter",
    `{ checks: { names: [unit], workflow: ${ci} } }`,
    `checks: [{ name: unit, conclusion: success, workflow: ${ci}, at: 2026-03-01T00:00:00Z }, { name: unit, conclusion: failure, workflow: .github/workflows/other.yml, at: 2026-03-02T00:00:00Z }]`,
    pass,
  ],
  [
    "a red run of this workflow",
    `{ checks: { names: [unit], workflow: ${ci} } }`,
    unit(`conclusion: failure, workflow: ${ci}`),
    fail,
  ],
  [
    "trusted: another workflow is changed",
    "{ checks: { names: [unit], trusted: true } }",
    `pull_request: { files: [.github/workflows/release.yml] }\n${unit(`conclusion: success, workflow: ${ci}`)}`,
    pass,
  ],
  [
    "trusted: the workflow is renamed",
    "{ checks: { names: [unit], trusted: true } }",
    `pull_request: { files: [{ path: .github/workflows/new.yml, previous: ${ci}, status: renamed }] }\n${unit(`conclusion: success, workflow: ${ci}`)}`,
    pending,
  ],
  [
    "trusted: changed, and red: what a changed workflow says counts for nothing",
    "{ checks: { names: [unit], trusted: true } }",
    `pull_request: { files: [${ci}] }\n${unit(`conclusion: failure, workflow: ${ci}`)}`,
    pending,
  ],
  [
    "trusted: no workflow is known",
    "{ checks: { names: [unit], trusted: true } }",
    unit("conclusion: success"),
    pending,
  ],
  [
    "trusted: files cannot be read",
    "{ checks: { names: [unit], trusted: true } }",
    `${unit(`conclusion: success, workflow: ${ci}`)}\nunreadable: [files]`,
    unknown,
  ],
  [
    "not trusted: files cannot be read, and nobody asks",
    "{ checks: { names: [unit] } }",
    `${unit(`conclusion: success, workflow: ${ci}`)}\nunreadable: [files]`,
    pass,
  ],
]);

async function said(
  require: string,
  facts: string,
): Promise<{ readonly title: string; readonly reason: string; readonly summary: string }> {
  const { json, stderr } = await ask({ policy: ruleOf(require), facts });
  if (json === null) throw new Error(stderr);
  return { title: json.title, reason: json.rules[0]?.reason ?? "", summary: json.summary };
}

describe("what is said about checks", () => {
  it("row l: the summary names both apps", async () => {
    const { summary } = await said(
      "{ checks: { names: [unit], app: github-actions } }",
      "checks: [{ name: unit, app: evil, conclusion: success }]",
    );
    expect(summary).toMatch(/evil/);
    expect(summary).toMatch(/github-actions/);
  });

  it.each<[string, string, RegExp, RegExp]>([
    ["absent", "{}", /^Waiting for the check unit$/, /not reported|no run|absent|missing/i],
    ["failed", unit("conclusion: failure"), /^The check unit must pass$/, /fail/],
    ["timed out", unit("conclusion: timed_out"), /^The check unit must pass$/, /timed.out/],
    ["running", unit("status: in_progress"), /^Waiting for the check unit$/, /running|in progress/],
    ["skipped", unit("conclusion: skipped"), /^Waiting for the check unit$/, /skipped/],
  ])("%s", async (_what, facts, title, reason) => {
    const found = await said("{ checks: { names: [unit] } }", facts);
    expect(found.title).toMatch(title);
    expect(found.reason).toMatch(reason);
  });
});
