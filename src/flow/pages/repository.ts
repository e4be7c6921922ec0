import { isProvenSuccess } from "#core/deployments/proof.ts";
import type { Enforcement, RuleSource } from "#core/model/decision.ts";
import { type Gate, environmentOfKey } from "#core/model/subject.ts";
import { requiredCheckMode } from "#core/render/required-check-words.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { readRequiredCheck } from "#flow/policy/required-check-values.ts";
import { policyLines, type PolicyLines } from "./policy-lines.ts";
import { forReadersOf, namingOwnTeams } from "./reader-texts.ts";
import { timelineOf, type TimelineItem } from "./timeline.ts";
import type { Viewer } from "./viewer.ts";
import { viewOf, type WaitingView } from "./waiting.ts";

export interface RuleInForce {
  readonly name: string;
  readonly description: string;
  readonly source: RuleSource;
  readonly gates: readonly Gate[];
  readonly enforcement: Enforcement;
  readonly lines: PolicyLines | null;
}

export interface EnvironmentState {
  readonly name: string;
  /** Whether a deployment there ever asked the gate. */
  readonly isGated: boolean;
  readonly running: string | null;
  readonly waiting: number;
}

export interface RepositoryView {
  readonly repository: string;
  readonly url: string;
  readonly policy:
    | { readonly kind: "ungoverned" }
    | { readonly kind: "broken"; readonly title: string }
    | {
        readonly kind: "effective";
        readonly notice: string | null;
        readonly rules: readonly RuleInForce[];
        readonly warnings: readonly string[];
      };
  readonly requiredCheck: string;
  readonly environments: readonly EnvironmentState[];
  readonly open: readonly WaitingView[];
  readonly history: readonly TimelineItem[];
}

type Reading = Pick<Deps, "store" | "github" | "webUrl"> & {
  readonly policies: Pick<Policies, "of">;
};

const shown = 50;

async function environmentsOf(
  { store }: Reading,
  viewer: Viewer,
  repository: number,
): Promise<readonly EnvironmentState[]> {
  const names = (await store.deployments.environments(repository)).filter(viewer.sees);
  return Promise.all(
    names.slice(0, 100).map(async (name) => {
      const rows = await store.deployments.inEnvironment(repository, name, shown);
      return {
        name,
        isGated: rows.some(({ gateRequestedAt }) => gateRequestedAt !== null),
        running: rows.find(isProvenSuccess)?.sha ?? null,
        waiting: rows.filter((row) => row.gateRequestedAt !== null && row.gateAnsweredAt === null)
          .length,
      };
    }),
  );
}

async function policyOf(
  deps: Reading,
  viewer: Viewer,
  repository: RepositoryRecord,
): Promise<RepositoryView["policy"]> {
  const standing = await deps.policies.of(repository);
  switch (standing.kind) {
    case "ungoverned":
      return { kind: "ungoverned" };
    case "broken":
      return { kind: "broken", title: standing.rendered.title };
    case "effective": {
      const lines = await policyLines(deps, viewer, repository, standing.files);
      return {
        kind: "effective",
        notice: standing.notice ?? null,
        warnings: standing.policy.warnings,
        rules: standing.policy.rules.map((rule) => ({
          name: rule.name,
          description: rule.description,
          source: rule.source,
          gates: rule.gates,
          enforcement: rule.enforcement,
          lines: lines(rule),
        })),
      };
    }
  }
}

/** One repository as the viewer may see it; null: there is none, or not for them. */
export async function readRepository(
  deps: Reading,
  viewer: Viewer,
  owner: string,
  name: string,
): Promise<RepositoryView | null> {
  const { store, webUrl } = deps;
  const repository = await store.records.repositoryByName(owner, name);
  if (repository === null || !(await viewer.mayRead(repository))) return null;
  const naming = namingOwnTeams(repository, await viewer.teams());
  const [policy, standing, environments, open, history] = await Promise.all([
    policyOf(deps, viewer, repository),
    readRequiredCheck(store.records, repository.id, repository.defaultBranch),
    environmentsOf(deps, viewer, repository.id),
    // Who sees no pull requests must not have their places taken by them.
    store.views.openIn(repository.id, viewer.sees(null) ? {} : { kinds: ["deployment"] }),
    store.views.ofRepository(repository.id, { limit: shown }),
  ]);
  const isTheirs = (subject: string | null): boolean => viewer.sees(environmentOfKey(subject));
  return forReadersOf(deps, repository, {
    repository: `${repository.owner}/${repository.name}`,
    url: `${webUrl}/${repository.owner}/${repository.name}`,
    policy,
    requiredCheck: requiredCheckMode(standing, repository.defaultBranch),
    environments,
    open: open
      .filter(({ environment }) => viewer.sees(environment))
      .map((state) => viewOf(state, repository, webUrl, naming)),
    history: timelineOf(
      history.filter(({ subject }) => isTheirs(subject)),
      repository,
    ),
  });
}
