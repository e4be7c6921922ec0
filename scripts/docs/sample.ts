import type { CheckFact } from "../../src/core/facts/checks.ts";
import type { ChangedFile, CommitFact, PullRequestFact } from "../../src/core/facts/pull-request.ts";
import type { FactResult, FactTable, Need } from "../../src/core/model/fact.ts";
import type { Person } from "../../src/core/model/actor.ts";
import type { Subject } from "../../src/core/model/subject.ts";
import { effectivePolicy } from "../../src/core/policy/assemble.ts";
import { evaluate } from "../../src/core/policy/evaluate.ts";
import { wantedFacts } from "../../src/core/policy/plan.ts";
import { validatePolicy } from "../../src/core/policy/validate.ts";
import { renderDecision } from "../../src/core/render/decision.ts";
import { textOf } from "./generated.ts";
import { policiesOf } from "./markdown.ts";

const now = Date.UTC(2026, 2, 2, 10);
const head = "4f6c1d2e9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d";
const author: Person = { id: 583, login: "mona", type: "User" };
const subject: Subject = { kind: "pull_request", repository: 1, number: 42 };

const pullRequest: PullRequestFact = {
  number: 42,
  url: "https://github.com/acme/shop/pull/42",
  author,
  state: "open",
  draft: false,
  baseRef: "main",
  baseSha: "a".repeat(40),
  headRef: "checkout-totals",
  headSha: head,
  headRepository: 1,
  fork: false,
  createdAt: now - 3_600_000,
};

const check = (name: string, conclusion: CheckFact["conclusion"]): CheckFact => ({
  id: name.length,
  kind: "check_run",
  name,
  app: { id: 15_368, slug: "github-actions" },
  status: conclusion === null ? "in_progress" : "completed",
  conclusion,
  startedAt: now - 600_000,
  completedAt: conclusion === null ? null : now - 300_000,
  url: null,
  run: { id: 900, event: "pull_request", path: ".github/workflows/ci.yml" },
  externalId: null,
});

const files: readonly ChangedFile[] = [{ path: "src/checkout/totals.ts", status: "modified", additions: 61, deletions: 17 }];
const commits: readonly CommitFact[] = [
  { sha: head, message: "Round totals once", parents: 1, authors: [{ person: author, name: "mona" }], committer: { person: author, name: "mona" }, verified: true },
];

/** What is known of the example's pull request; a fact that is not here reads as one that could not be read. */
const told: Readonly<Record<string, unknown>> = {
  pull_request: pullRequest,
  draft: false,
  text: { title: "Round totals once", body: "" },
  labels: [],
  files,
  commits,
  pushers: [author],
  behind: 0,
  reviews: [],
  review_threads: { unresolved: 0, total: 0 },
  checks: [check("unit", "success"), check("integration", null)],
  job_behind_check: true,
  codeowners: null,
};

function answer(need: Need<unknown>): FactResult<unknown> {
  return Object.hasOwn(told, need.fact) ? { ok: true, value: told[need.fact], evidence: [] } : { ok: false, code: "unavailable", message: "not part of the example" };
}

/** Asks in rounds, as the flow does. */
function tableFor(want: (known: FactTable) => readonly Need<unknown>[]): FactTable {
  const table = new Map<string, FactResult<unknown>>();
  for (;;) {
    const fresh = want(table).filter((need) => !table.has(need.key));
    if (fresh.length === 0) return table;
    for (const need of fresh) table.set(need.key, answer(need));
  }
}

/** What a pull request shows under the first policy of README.md, made by the code that makes it for real. */
export function sampleCheckRun(root: string): string {
  const example = policiesOf(textOf(root, "README.md") ?? "")[0];
  if (example === undefined) throw new Error("README.md: shows no policy; write one as a yaml block with version: 1");
  const own = validatePolicy(example.text).policy;
  if (own === undefined) throw new Error(`README.md:${example.line}: the first policy is not valid`);
  const effective = effectivePolicy({ repository: { owner: "acme", name: "shop", properties: {} }, organization: null, own, presets: new Map(), extended: new Map(), digest: "4b1c9d2" });
  if (!effective.ok) throw new Error(`README.md:${example.line}: the first policy cannot be used`);
  const { policy } = effective;
  const facts = tableFor((known) => wantedFacts(policy, subject, known, now));
  const decision = evaluate({ policy, subject, facts, now, holds: [], overrides: [] });
  const { title, summary } = renderDecision(decision);
  return [`> **gatehouse** — ${title}`, ...summary.split("\n")].map((line) => (line.startsWith(">") ? line : `> ${line}`.trimEnd())).join("\n").replace("\n>", "\n>\n>");
}
