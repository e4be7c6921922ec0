import {
  changedFiles,
  commits,
  draftState,
  labels,
  linkedIssues,
  behindBase,
  pullRequest,
  pushers,
  text,
  type ChangedFile,
} from "#core/facts/pull-request.ts";
import { checks } from "#core/facts/checks.ts";
import { teamMembers } from "#core/facts/people.ts";
import { reporting } from "#core/facts/reporting.ts";
import { codeOwner, codeOwnersFile, reviews, reviewThreads } from "#core/facts/reviews.ts";
import { workflowRuns } from "#core/facts/workflow-runs.ts";
import type { Person } from "#core/model/actor.ts";
import type { Decision } from "#core/model/decision.ts";
import type { FactResult, FactTable, Need } from "#core/model/fact.ts";
import type { PullRequestSubject } from "#core/model/subject.ts";
import { askedBefore } from "#core/policy/asked-before.ts";
import { effectivePolicy } from "#core/policy/assemble.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { evaluate } from "#core/policy/evaluate.ts";
import { wantedFacts } from "#core/policy/plan.ts";
import { problemText } from "#core/yaml/problem.ts";
import { validatePolicy } from "#core/policy/validate.ts";
import { ms, percentile, type Row } from "./row.ts";

const fileCount = 3_000;
const teams = 30;
const now = Date.UTC(2026, 2, 2, 10);
const subject: PullRequestSubject = { kind: "pull_request", repository: 1, number: 7 };
const headSha = "b".repeat(40);

/** A monorepo's policy: a team for each of thirty areas, and what such repositories ask of everybody. */
function policyText(): string {
  const areas = Array.from({ length: teams }, (_, n) => [
    `  - name: area-${n}`,
    `    when: { paths: ["services/area-${n}/**", "packages/*/area-${n}/**", "**/area-${n}.config.{ts,json}"] }`,
    `    require: { reviews: { approvals: 1, teams: [team-${n}] } }`,
  ]).flat();
  return `
version: 1
rules:
  - { name: reviewed, require: { reviews: { approvals: 2, code_owners: true, resolved_threads: true } } }
  - { name: tests, require: { checks: { names: ["unit*", "lint"], app: ci } } }
  - { name: e2e, when: { paths: "services/**" }, require: { checks: { names: ["e2e / *"], app: ci } } }
  - { name: everything, require: { checks: { all: true } } }
  - { name: docs-only, when: { only_paths: ["docs/**", "**/*.md"] }, require: { labels: { all: [docs] } } }
  - { name: code-labelled, when: { not: { only_paths: ["docs/**", "**/*.md"] } }, require: { labels: { any: ["kind/*"] } } }
  - { name: small, require: { size: { max_files: 5000, ignore: ["**/*.lock", "**/generated/**", "**/*.snap"] } } }
  - { name: short, enforcement: evaluate, require: { size: { max_lines: 900, ignore: ["**/*.{lock,snap,svg}", "docs/**"] } } }
  - { name: migrations-alone, require: { separate: { paths: ["**/migrations/**"] } } }
  - { name: terraform-alone, require: { separate: { paths: ["infra/**/*.tf"], from: ["services/**", "packages/**"] } } }
  - { name: proto-alone, require: { separate: { paths: ["**/*.proto"], from: ["**/*.ts"] } } }
  - { name: large, when: { changed_lines: ">500" }, require: { reviews: { approvals: 3 } } }
  - { name: release, when: { branches: ["release/*"] }, require: { labels: { all: [release] } } }
  - { name: forks, when: { fork: true }, require: { reviews: { approvals: 2, stale: dismiss } } }
  - { name: workflows, when: { paths: [".github/**", "**/action.{yml,yaml}"] }, require: { reviews: { approvals: 1, teams: [platform] } } }
  - { name: titled, require: { title: { pattern: "^(feat|fix|chore|docs|refactor)(\\\\([a-z-]+\\\\))?: " } } }
  - { name: described, require: { body: { pattern: "## Why" } } }
  - { name: branch, require: { branch_name: { pattern: "^[a-z0-9-]+/[a-z0-9-]+$" } } }
  - { name: linked, require: { ticket: { pattern: "SHOP-[0-9]+", in: [title] } } }
  - { name: signed, require: { commits: { signed: true } } }
${areas.join("\n")}
`;
}

function boundPolicy(): EffectivePolicy {
  const { policy, problems } = validatePolicy(policyText(), { presets: new Map() });
  if (policy === undefined)
    throw new Error(`the bench's policy is wrong: ${problems.map(problemText).join("; ")}`);
  const made = effectivePolicy({
    repository: { owner: "acme", name: "shop", properties: {} },
    organization: null,
    own: policy,
    presets: new Map(),
    extended: new Map(),
    digest: "bench",
  });
  if (!made.ok)
    throw new Error(`the bench's policy is wrong: ${made.problems.map(problemText).join("; ")}`);
  return made.policy;
}

/** Another change each time: nothing that was matched for the one before helps. */
function filesOf(round: number): readonly ChangedFile[] {
  const kinds = ["ts", "ts", "ts", "md", "json", "snap"];
  return Array.from({ length: fileCount }, (_, n): ChangedFile => {
    const folder =
      n % 3 === 0
        ? `packages/lib-${n % 40}/area-${n % teams}`
        : n % 3 === 1
          ? `services/area-${n % teams}/src/part-${n % 17}`
          : `docs/guide-${n % 50}/chapter-${n % 9}`;
    const path = `${folder}/file-${round}-${n}.${kinds[n % kinds.length] ?? "ts"}`;
    return {
      path,
      status: n % 20 === 0 ? "renamed" : "modified",
      additions: 3,
      deletions: 1,
      ...(n % 20 === 0 ? { previousPath: `${folder}/old-${round}-${n}.ts` } : {}),
    };
  });
}

const person = (id: number): Person => ({ id, login: `dev-${id}`, type: "User" });
const author = person(1);

function codeowners(): string {
  return [
    "* @acme/platform",
    ...Array.from(
      { length: teams },
      (_, n) => `/services/area-${n}/ @acme/team-${n}\n/packages/*/area-${n}/ @acme/team-${n}`,
    ),
    "/docs/ @acme/writers",
    "*.md @acme/writers",
  ].join("\n");
}

/** Every fact of one ordinary, well reviewed pull request; approvals by a member of each team. */
function answersOf(round: number): (need: Need<unknown>) => unknown {
  const identity = { person: author, name: author.login };
  const told = new Map<string, unknown>([
    [
      pullRequest.name,
      {
        number: 7,
        url: "https://github.example/acme/shop/pull/7",
        author,
        state: "open",
        draft: false,
        baseRef: "main",
        baseSha: "f".repeat(40),
        headRef: "feat/many-files",
        headSha,
        headRepository: 1,
        fork: false,
        createdAt: now - 3_600_000,
      },
    ],
    [draftState.name, false],
    [text.name, { title: "feat(shop): SHOP-12 many files", body: "## Why\nIt is asked for." }],
    [labels.name, [{ name: "kind/feature" }]],
    [changedFiles.name, filesOf(round)],
    [
      commits.name,
      Array.from({ length: 20 }, (_, n) => ({
        sha: n === 19 ? headSha : n.toString(16).padStart(40, "0"),
        message: "feat: part",
        parents: 1,
        authors: [identity],
        committer: identity,
        verified: true,
      })),
    ],
    [pushers.name, [author]],
    [behindBase.name, 0],
    [linkedIssues.name, []],
    [
      reviews.name,
      Array.from({ length: teams }, (_, n) => ({
        by: person(100 + n),
        state: "approved",
        commitSha: headSha,
        submittedAt: now - 60_000,
        canPush: true,
      })),
    ],
    [reviewThreads.name, { unresolved: 0, total: 12 }],
    [codeOwnersFile.name, { path: ".github/CODEOWNERS", text: codeowners() }],
    [
      checks.name,
      ["unit (20)", "unit (22)", "lint", "e2e / shop", "build"].map((name, id) => ({
        id,
        kind: "check_run",
        name,
        app: { id: 5, slug: "ci" },
        status: "completed",
        conclusion: "success",
        startedAt: now - 600_000,
        completedAt: now - 500_000,
        url: null,
        run: null,
        externalId: null,
      })),
    ],
    [workflowRuns.name, []],
    [reporting.name, { signs: ["a check on the base's tip"] }],
  ]);
  return (need) => {
    if (need.fact !== teamMembers.name && need.fact !== codeOwner.name) return told.get(need.fact);
    const team = Number(/\d+$/.exec(String(need.params))?.[0] ?? 0);
    return [person(100 + team)];
  };
}

/** Of the processor, so that a busy machine measures the same. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

interface Judged {
  readonly decision: Decision;
  readonly planMs: number;
  readonly evaluateMs: number;
}

/** As the flow does it: rounds of planning until nothing more is asked for, then the evaluation. */
function judge(policy: EffectivePolicy, round: number): Judged {
  const answer = answersOf(round);
  const before = askedBefore();
  let table: FactTable = new Map();
  let planMs = 0;
  for (;;) {
    const from = processorMs();
    const wanted = wantedFacts(policy, subject, table, now, before);
    planMs += processorMs() - from;
    if (wanted.length === 0) break;
    table = new Map([
      ...table,
      ...wanted.map((need): readonly [string, FactResult<unknown>] => {
        const value = answer(need);
        return [
          need.key,
          value === undefined
            ? { ok: false, code: "unsupported", message: `the bench does not answer ${need.fact}` }
            : { ok: true, value, evidence: [] },
        ];
      }),
    ]);
  }
  const from = processorMs();
  const decision = evaluate({
    policy,
    subject,
    facts: table,
    now,
    holds: [],
    overrides: [],
    before,
  });
  return { decision, planMs, evaluateMs: processorMs() - from };
}

/** 50 rules over 3,000 files, warm: the code is compiled, the pull request is another each time. */
export const run = (): Promise<readonly Row[]> => measure({ cold: 20, warm: 40 });

/** @throws where a fact that the rules ask for is not answered here. */
export async function measure(rounds: { cold: number; warm: number }): Promise<readonly Row[]> {
  const policy = boundPolicy();
  const judged: Judged[] = [];
  for (let round = 0; round < rounds.cold + rounds.warm; round += 1) {
    judged.push(judge(policy, round));
    await Promise.resolve();
  }
  const unread =
    judged[0]?.decision.rules
      .filter((rule) => rule.verdict.kind === "unknown")
      .map((rule) => `${rule.name}: ${rule.verdict.found}`) ?? [];
  if (unread.length > 0) throw new Error(`the bench leaves facts unanswered: ${unread.join("; ")}`);
  const warm = judged.slice(rounds.cold);
  const p95 = (of: (each: Judged) => number): string => ms(percentile(warm.map(of), 0.95));
  const together = percentile(
    warm.map((each) => each.planMs + each.evaluateMs),
    0.5,
  );
  const shape = `${policy.rules.length} rules over ${fileCount} files`;
  const alone = percentile(
    warm.map((each) => each.evaluateMs),
    0.5,
  );
  return [
    {
      name: `evaluate ${shape}`,
      budget: "< 20 ms",
      measured: `${ms(alone)} (p95 ${p95((each) => each.evaluateMs)})`,
      kept: alone < 20,
    },
    {
      name: `plan and evaluate ${shape}, all rounds`,
      budget: "< 20 ms",
      measured: `${ms(together)} (p95 ${p95((each) => each.planMs + each.evaluateMs)})`,
      kept: together < 20,
    },
  ];
}
