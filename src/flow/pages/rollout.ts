import { subjectKey } from "#core/model/subject.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { decisionId } from "#core/record/decision-address.ts";
import { saidOn } from "#core/render/rollback-lane.ts";
import { rolloutTitle } from "#core/render/rollout.ts";
import type { RingState } from "#core/rollout/ring-state.ts";
import type { Deps } from "#flow/deps.ts";
import { pullOfDeployment } from "#flow/in-force/pull-of-deployment.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { readRollouts, type ToldRollout } from "#flow/rollout/read-rollout.ts";
import { forReadersOf } from "./reader-texts.ts";
import type { Viewer } from "./viewer.ts";

/** One ring of a rollout. Instants are epoch ms. */
export interface RolloutRingView {
  readonly environment: string;
  /** Rings that it waits for. */
  readonly after: readonly string[];
  readonly state: RingState;
  readonly says: string;
  readonly since: number | null;
  readonly bakesUntil: number | null;
  /** Who can do what next. */
  readonly next: readonly string[];
  /** What keeps it shut; null: no ring before it does. */
  readonly closedBy: string | null;
  /** What overrides let through. */
  readonly letThrough: readonly string[];
  /** Its decision's page is /decisions/<this>; null: nobody asked. */
  readonly decision: string | null;
}

export interface RolloutView {
  readonly repository: string;
  readonly sha: string;
  /** The pull request that carries the conversation; null: none is known. */
  readonly pullRequest: number | null;
  /** One for each order of rings that the commit is in. */
  readonly rollouts: readonly {
    readonly title: string;
    readonly changesAt: number | null;
    readonly rings: readonly RolloutRingView[];
  }[];
}

type Reading = Pick<Deps, "store" | "github" | "clock"> & {
  readonly policies: Pick<Policies, "of">;
};

const mostRows = 200;

/** The one commit that was deployed somewhere and begins like this; null: none, or several. */
async function commitNamed(
  { store }: Reading,
  { id }: RepositoryRecord,
  written: string,
): Promise<string | null> {
  if (!/^[0-9a-f]{7,64}$/i.test(written)) return null;
  const start = written.toLowerCase();
  // Written in full it is found however long ago that was.
  if ((await store.deployments.ofSha(id, start)).length > 0) return start;
  const found = new Set<string>();
  for (const environment of await store.deployments.environments(id))
    for (const { sha } of await store.deployments.inEnvironment(id, environment, mostRows))
      if (sha.startsWith(start)) found.add(sha);
  const [first] = found;
  return first !== undefined && found.size === 1 ? first : null;
}

function ringsFor({ rollout, rings }: ToldRollout, viewer: Viewer): readonly RolloutRingView[] {
  return rollout.rings.flatMap((ring, at): readonly RolloutRingView[] => {
    const words = rings[at];
    if (words === undefined || !viewer.sees(ring.environment)) return [];
    const { environment, after, state, since, bakesUntil, row, closedBy } = ring;
    return [
      {
        environment,
        after: after.filter(viewer.sees),
        state,
        says: words.says,
        since,
        bakesUntil,
        next: words.next,
        closedBy: closedBy !== null && viewer.sees(closedBy.environment) ? words.closedBy : null,
        letThrough: words.letThrough,
        decision:
          row === null
            ? null
            : decisionId({ subjectKey: subjectKey(subjectOf(row)), headSha: row.sha }),
      },
    ];
  });
}

/** Where a commit stands in its rings, as the viewer may see it; null: it is in none, or not for them. */
export async function readRollout(
  deps: Reading,
  viewer: Viewer,
  owner: string,
  name: string,
  written: string,
): Promise<RolloutView | null> {
  const { store } = deps;
  const repository = await store.records.repositoryByName(owner, name);
  if (repository === null || !(await viewer.mayRead(repository))) return null;
  const sha = await commitNamed(deps, repository, written);
  const resolved = await deps.policies.of(repository);
  if (sha === null || resolved.kind !== "effective") return null;
  const pullRequest = await pullOfDeployment(store.records, repository.id, sha);
  const told = await readRollouts(deps, repository, resolved.policy, sha, saidOn(pullRequest));
  const rollouts = told
    .map((each) => ({
      title: rolloutTitle(each.rollout),
      changesAt: each.rollout.changesAt,
      rings: ringsFor(each, viewer),
    }))
    .filter(({ rings }) => rings.length > 0);
  if (rollouts.length === 0) return null;
  return forReadersOf(deps, repository, {
    repository: `${repository.owner}/${repository.name}`,
    sha,
    pullRequest,
    rollouts,
  });
}
