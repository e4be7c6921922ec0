import { z } from "zod";
import { ifReadable } from "#core/facts/if-readable.ts";
import { ofPullRequest } from "#core/facts/of-pull-request.ts";
import { wantedForDeployment } from "#core/decide/decide.ts";
import type { FactResult, FactTable, Need } from "#core/model/fact.ts";
import type { Hold } from "#core/model/decision.ts";
import type { DeploymentSubject, PullRequestSubject, Subject } from "#core/model/subject.ts";
import { factsCaps } from "#core/yaml/caps.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { problemsOf } from "#core/yaml/issues.ts";
import { parseYaml } from "#core/yaml/parse.ts";
import { type AskedBefore, askedBefore } from "#core/policy/asked-before.ts";
import { wantedFacts } from "#core/policy/plan.ts";
import { inOrder, type Problem } from "#core/yaml/problem.ts";
import { nowhere, type Source } from "#core/yaml/source.ts";
import { simulatedFact } from "./index.ts";
import { givenFactsSchema } from "./schema.ts";
import { standsFor } from "./unreadable-keys.ts";
import { environmentOf, makeWorld, type SimulatedFiles, type World } from "./world.ts";

/** Simulated facts: the subject that is judged, and an answer to every fact a rule may need. */
export interface SimulatedWorld {
  /** What is judged: the deployment where there is one, else the pull request. */
  readonly subject: Subject;
  readonly answer: (need: Need<unknown>) => FactResult<unknown>;
  /** Epoch ms. */
  readonly now: number;
  readonly holds: readonly Hold[];
  readonly world: World;
}

export type SimulatedWorldResult =
  | { readonly ok: true; readonly facts: SimulatedWorld }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads facts in plain words from YAML or JSON. `now` counts where they name no instant (epoch ms); `judgedAt` counts
 * whatever they name.
 */
export function simulateFacts(
  text: string,
  now: number,
  files: SimulatedFiles | null = null,
  judgedAt?: number,
): SimulatedWorldResult {
  const parsed = parseYaml(text, factsCaps);
  return parsed.ok
    ? factsFromSource(parsed.source, now, files, judgedAt)
    : { ok: false, problems: parsed.problems };
}

/** The same from data, as a policy test holds it. */
export function factsFromData(
  data: unknown,
  now: number,
  files: SimulatedFiles | null = null,
): SimulatedWorldResult {
  return factsFromSource({ data, positions: nowhere }, now, files);
}

function factsFromSource(
  source: Source,
  now: number,
  files: SimulatedFiles | null,
  judgedAt?: number,
): SimulatedWorldResult {
  const result = givenFactsSchema.safeParse(source.data ?? {});
  if (!result.success)
    return {
      ok: false,
      problems: inOrder(problemsOf(result.error.issues, source, givenFactsSchema)),
    };
  const world = makeWorld(result.data, judgedAt ?? result.data.now ?? now, files);
  return {
    ok: true,
    facts: {
      subject: subjectOf(world),
      answer: (need) => answer(need, world),
      now: world.now,
      holds: (world.given.holds ?? []).map((hold) => ({
        by: hold.by,
        reason: hold.reason ?? "",
        at: hold.at ?? world.now,
      })),
      world,
    },
  };
}

function subjectOf({ given: words, headSha }: World): PullRequestSubject | DeploymentSubject {
  const { deployment } = words;
  if (deployment === undefined)
    return { kind: "pull_request", repository: 1, number: words.pull_request?.number ?? 1 };
  return {
    kind: "deployment",
    repository: 1,
    deploymentId: deployment.id ?? 1,
    environment: environmentOf(deployment),
    sha: deployment.sha ?? headSha,
    ref: deployment.ref ?? words.repository?.default_branch ?? "main",
    runId: null,
  };
}

const innerNeed = z.object({
  need: z.object({ fact: z.string(), key: z.string(), params: z.unknown(), describe: z.string() }),
});

function answer(need: Need<unknown>, world: World): FactResult<unknown> {
  const refused = world.given.unreadable?.find(({ fact }) => standsFor(fact, need.fact));
  if (refused !== undefined)
    return {
      ok: false,
      code: refused.code ?? "unavailable",
      message: refused.reason ?? "unreadable, as the facts say",
    };
  // Simulated facts have one pull request, which answers for every deployed one.
  const inner = need.fact === ofPullRequest.name ? innerNeed.safeParse(need.params) : null;
  if (inner?.success === true) return answer(inner.data.need, world);
  // Facts that only explain are unreadable here: what simulated facts leave out is unknown, not empty.
  if (need.fact === ifReadable.name)
    return { ok: true, value: { told: false, code: "unsupported" }, evidence: [] };
  const simulated = simulatedFact(need.fact);
  if (simulated === undefined)
    return {
      ok: false,
      code: "unsupported",
      message: `facts in plain words cannot say ${need.describe}`,
    };
  return simulated.answer(need.params, world);
}

/** Every fact the policy wants, asked for in rounds as the live gate does. */
export function tableOf(
  policy: EffectivePolicy,
  facts: SimulatedWorld,
  before: AskedBefore = askedBefore(),
): FactTable {
  const table = new Map<string, FactResult<unknown>>();
  for (let round = 0; round < 50; round++) {
    const { subject } = facts;
    const wanted =
      subject.kind === "deployment"
        ? wantedForDeployment(policy, subject, table, facts.now, "full", before)
        : wantedFacts(policy, subject, table, facts.now, before);
    if (wanted.length === 0) return table;
    for (const need of wanted) table.set(need.key, facts.answer(need));
  }
  return table;
}
