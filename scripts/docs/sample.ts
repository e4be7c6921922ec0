import { evaluateSimulated } from "#core/simulate/evaluate.ts";
import { problemText } from "#core/yaml/problem.ts";
import { textOf } from "./generated.ts";
import { policiesOf } from "./markdown.ts";

/** The pull request of the sample, in the words of policy tests. */
const facts = `
now: 2026-03-02T10:00:00Z
pull_request:
  number: 42
  author: mona
  title: Round totals once
  files: [{ path: src/checkout/totals.ts, additions: 61, deletions: 17 }]
  commits: [{ sha: 4f6c1d2e9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d, author: mona, committer: mona, verified: true }]
reviews: []
checks:
  - { name: unit, app: github-actions, status: completed, conclusion: success }
  - { name: integration, app: github-actions, status: in_progress }
`;

/** What a pull request shows under the first policy of README.md, made by the code that makes it for real. */
export function sampleCheckRun(root: string): string {
  const example = policiesOf(textOf(root, "README.md") ?? "")[0];
  if (example === undefined) throw new Error("README.md: shows no policy; write one as a yaml block with version: 1");
  const result = evaluateSimulated({ policy: example.text, facts, clock: 0, presets: new Map() });
  if (!result.ok) throw new Error(`README.md:${example.line}: the sample cannot be judged (${result.input}): ${result.problems.map(problemText).join("; ")}`);
  const { title, summary } = result.answer;
  return [`**gatehouse** — ${title}`, "", ...summary.split("\n")].map((line) => `> ${line}`.trimEnd()).join("\n");
}
