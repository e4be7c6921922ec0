import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asking, unreadOf } from "#core/facts/read-table.ts";
import type { FactResult } from "#core/model/fact.ts";
import { coverage } from "#core/rules/coverage/rule.ts";
import { findings } from "#core/rules/findings/rule.ts";
import type { AnyRule } from "#core/rules/kit/rule.ts";
import { tests } from "#core/rules/tests/rule.ts";
import { createFactReader } from "#io/github/facts/fact-reader.ts";
import { evidenceWorld, lcov, repo, type EvidenceWorld } from "./evidence-world.ts";
import { patience } from "../../../../support/patience.ts";

let world: EvidenceWorld;
beforeAll(async () => {
  world = await evidenceWorld();
});
afterAll(() => world.stop());

const junit = (isGood: boolean): string =>
  `<testsuite name="a"><testcase name="x">${isGood ? "" : '<failure message="no"/>'}</testcase></testsuite>`;
const sarif = (isGood: boolean): string =>
  JSON.stringify({
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Semgrep OSS",
            rules: [{ id: "r", properties: { "security-severity": "9.8" } }],
          },
        },
        results: isGood ? [] : [{ ruleId: "r", level: "error", message: { text: "x" } }],
      },
    ],
  });

interface Kind {
  readonly rule: AnyRule;
  readonly params: unknown;
  readonly report: (workflow: string, isGood: boolean) => Record<string, Record<string, string>>;
}
const kinds: Readonly<Record<string, Kind>> = {
  tests: {
    rule: tests,
    params: {},
    report: (workflow, isGood) => ({ [`junit-${workflow}`]: { "r.xml": junit(isGood) } }),
  },
  "tests that may be absent": {
    rule: tests,
    params: { if_absent: "skip" },
    report: (workflow, isGood) => ({ [`junit-${workflow}`]: { "r.xml": junit(isGood) } }),
  },
  "coverage that may be absent": {
    rule: coverage,
    params: { project: 80, if_absent: "skip" },
    report: (workflow, isGood) => ({
      [`coverage-${workflow}`]: {
        "lcov.info": lcov({ [`src/${workflow}.ts`]: { 1: 1, 2: isGood ? 1 : 0 } }),
      },
    }),
  },
  findings: {
    rule: findings,
    params: { block: "critical", from: ["artifacts"] },
    report: (workflow, isGood) => ({ [`scan-${workflow}`]: { "semgrep.sarif": sarif(isGood) } }),
  },
  "findings without a required scan": {
    rule: findings,
    params: { block: "critical", require_scan: "none" },
    report: (workflow, isGood) => ({ [`scan-${workflow}`]: { "semgrep.sarif": sarif(isGood) } }),
  },
};

/** What a rule makes of what GitHub shows now: to a process that was started just now, and has the store alone. */
async function judged({ rule, params }: Kind, number: number): Promise<string> {
  const subject = { kind: "pull_request", repository: world.repository.id, number } as const;
  const reader = createFactReader(world.github, {
    clock: { now: world.sim.now },
    log: world.log,
    store: world.store,
  }).open(subject, world.repository);
  const bound = rule.bind(params);
  const read = new Map<string, FactResult<unknown>>();
  for (;;) {
    const { answer, needs } = asking(read, (ask) =>
      bound.judge({ subject, policy: { owner: "acme", waivers: [] }, now: world.sim.now() }, ask),
    );
    const fresh = needs.filter((need) => !read.has(need.key));
    if (fresh.length === 0)
      return unreadOf(read, needs).length > 0 ? "unknown" : (answer?.kind ?? "");
    const table = await reader.read(fresh);
    for (const need of fresh) {
      const result = table.get(need.key);
      if (result === undefined) throw new Error(`not answered: ${need.key}`);
      read.set(need.key, result);
    }
  }
}
const allows = (kind: string): boolean => kind === "pass" || kind === "skipped";

const ends = ["success", "failure", "cancelled", "timed_out", "going"] as const;
const hidings = [
  "run again",
  "run again and cancelled",
  "run again without a report",
  "run again and cancelled after a good report",
  "cancelled",
  "artifact deleted",
  "run deleted",
] as const;
type Hiding = (typeof hidings)[number];

let pulls = 0;
function openedAnew(): { readonly number: number; readonly headSha: string } {
  pulls += 1;
  world.sim.advance(1_000);
  return world.sim.openPull({
    repo,
    author: "alice",
    head: `topic-${pulls}`,
    files: { "src/c.ts": `${pulls}\n` },
  });
}

function hide(kind: Kind, run: { readonly id: number; readonly name: string }, how: Hiding): void {
  const { sim } = world;
  const place = sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0);
  const row = place?.runs.get(run.id);
  if (place === undefined || row === undefined) return;
  const at = { repo, run: run.id, by: "alice" };
  const again = (): void => {
    if (row.status === "completed") {
      sim.advance(90_000);
      sim.rerun({ ...at, status: "queued" });
    }
  };
  const good = Object.entries(kind.report(run.name, true));
  switch (how) {
    case "run again":
      return again();
    case "run again and cancelled":
      again();
      return sim.cancelRun(at);
    case "run again without a report":
      // One that was stopped, and then runs to its end, has said all that it has to say.
      if (row.conclusion !== "success" && row.conclusion !== "failure") return;
      again();
      return sim.job({ repo, run: run.id, name: "job", conclusion: "success" });
    case "run again and cancelled after a good report":
      again();
      sim.advance(1_000);
      for (const [name, files] of good) sim.artifact({ repo, run: run.id, name, files });
      return sim.cancelRun(at);
    case "cancelled":
      if (row.status !== "completed") sim.cancelRun(at);
      return;
    case "artifact deleted":
      for (const one of [...place.artifacts.values()])
        if (one.runId === run.id) place.artifacts.delete(one.id);
      return;
    case "run deleted":
      if (row.status !== "completed") return;
      place.runs.delete(run.id);
      for (const one of [...place.artifacts.values()])
        if (one.runId === run.id) place.artifacts.delete(one.id);
  }
}

describe("evidence that is hidden or removed", () => {
  it.each(Object.keys(kinds))(
    "W12: never lets through what was held, %s",
    { timeout: 120_000 * patience },
    async (what) => {
      const kind = kinds[what];
      if (kind === undefined) throw new Error(what);
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              end: fc.constantFrom(...ends),
              report: fc.constantFrom("good", "bad", "none"),
            }),
            {
              minLength: 1,
              maxLength: 2,
            },
          ),
          fc.array(fc.tuple(fc.nat(1), fc.constantFrom(...hidings)), {
            minLength: 1,
            maxLength: 3,
          }),
          async (workflows, acts) => {
            const { number, headSha } = openedAnew();
            const runs = workflows.map(({ end, report }, index) => {
              const name = `w${index}`;
              const { id } = world.sim.workflowRun({
                repo,
                sha: headSha,
                path: `.github/workflows/${name}.yml`,
                name,
                jobs: [
                  end === "going"
                    ? { name: "job", status: "in_progress" }
                    : { name: "job", conclusion: end },
                ],
                artifacts: report === "none" ? {} : kind.report(name, report === "good"),
              });
              return { id, name };
            });
            let before = await judged(kind, number);
            const seen = [before];
            for (const [index, how] of acts) {
              const run = runs[index % runs.length];
              if (run !== undefined) hide(kind, run, how);
              const after = await judged(kind, number);
              seen.push(`${how} ${index}: ${after}`);
              if (!allows(before)) expect(allows(after), seen.join("; ")).toBe(false);
              before = after;
            }
          },
        ),
        { numRuns: 12 },
      );
    },
  );
});
