import { z } from "zod";
import { GatehouseError, isTransient } from "#core/model/errors.ts";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { directBaseOf, type LabelFact } from "#core/facts/pull-request.ts";
import type { GitHub } from "../client/client.ts";
import { asRepository } from "../client/requests.ts";
import { part } from "../client/connection.ts";
import type { BaseHistory, PullTimeline } from "./pull-timeline.ts";
import { type Overview, renamedAway } from "./overview.ts";
import {
  fromGraphqlPull,
  fromRestPull,
  graphqlPull,
  type PullParts,
  restPull,
} from "./parse-pull.ts";
import type { PullSource } from "./subject-source.ts";

const labelsShape = z.object({
  totalCount: z.number(),
  nodes: z.array(z.object({ name: z.string() })),
});
const counted = z.object({ totalCount: z.number() });

/** By REST. A pull request that GitHub does not know is gone, not unreadable. */
export async function readRestPull(
  github: GitHub,
  repository: RepositoryRecord,
  number: number,
): Promise<PullParts> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
    owner: repository.owner,
    repo: repository.name,
    pull_number: number,
  });
  try {
    const { data } = await github.rest(asRepository(repository), request, restPull);
    if (
      data.base.repo !== null &&
      data.base.repo !== undefined &&
      data.base.repo.id !== repository.id
    )
      throw renamedAway(repository);
    return fromRestPull(data);
  } catch (error) {
    if (error instanceof GatehouseError && error.code === "not_found")
      throw new GatehouseError(
        "gone",
        `there is no pull request ${number} in ${repository.owner}/${repository.name}`,
        { repository: repository.id },
      );
    throw error;
  }
}

/** From the overview; null when it does not hold the pull request in its documented shape. */
export function pullOfOverview(overview: Overview): PullParts | null {
  const raw = overview.pullRequest;
  const pull = part(graphqlPull, raw);
  if (raw === null || pull === null) return null;
  const labels = part(labelsShape, raw["labels"]);
  const whole = labels !== null && labels.nodes.length === labels.totalCount;
  return {
    ...fromGraphqlPull(pull),
    labels: whole ? labels.nodes.map(({ name }) => ({ name })) : null,
    commits: part(counted, raw["commits"])?.totalCount ?? null,
  };
}

/**
 * GraphQL does not tell stacks: what was told of this one last is taken, as long as its own base is the same. A green is
 * sent only once it was told anew.
 */
export function withStack(parts: PullParts, known: PullRequestRow | null): PullParts {
  const own = parts.pullRequest.baseRef;
  const { baseRef, directBaseRef } = known ?? {};
  if (known?.stackTold === undefined || directBaseRef !== own || baseRef === undefined)
    return parts;
  return { ...parts, pullRequest: { ...parts.pullRequest, baseRef, directBaseRef } };
}

/** When the base was changed last, as the timeline tells it: the overview's where that told, else REST's. */
async function historyOf(
  { pullRequest, tellsBaseChange, wasClosed }: PullParts,
  timeline: () => Promise<PullTimeline>,
): Promise<BaseHistory> {
  if (!tellsBaseChange) return (await timeline()).baseHistory();
  const { baseChangedAt: at, baseRewritten } = pullRequest;
  return {
    last: at === undefined ? undefined : { at, rewritten: baseRewritten === true },
    wasClosed: wasClosed === true,
  };
}

/**
 * Adds when the base was changed, where the answer does not tell all of it; and why that cannot be told, where no other
 * does. `rewrittenAt`: when a branch was rewritten last, which is asked only of one that was closed meanwhile.
 */
export async function withBaseHistory(
  parts: PullParts,
  timeline: () => Promise<PullTimeline>,
  rewrittenAt: (branch: string) => Promise<number | undefined>,
): Promise<PullParts> {
  const { pullRequest } = parts;
  const add = (more: Partial<PullParts["pullRequest"]>): PullParts => ({
    ...parts,
    pullRequest: { ...pullRequest, ...more },
  });
  try {
    const { last, wasClosed } = await historyOf(parts, timeline);
    const meanwhile =
      wasClosed && pullRequest.state !== "merged"
        ? await rewrittenAt(directBaseOf(pullRequest))
        : undefined;
    if (meanwhile !== undefined && meanwhile >= (last?.at ?? pullRequest.createdAt))
      return add({ baseChangedAt: meanwhile, baseRewritten: true });
    if (parts.tellsBaseChange) return parts;
    return add({
      baseChangedAt: last?.at,
      baseRewritten: last?.rewritten === true ? true : undefined,
    });
  } catch (error) {
    if (!(error instanceof GatehouseError) || isTransient(error.code)) throw error;
    return add({ baseHistoryUnknown: error.message });
  }
}

export async function readLabels(source: PullSource): Promise<readonly LabelFact[]> {
  const labels = (await source.pull()).labels ?? (await source.restPull()).labels;
  if (labels === null)
    throw new GatehouseError("invalid", "the pull request's answer has no labels");
  return labels;
}
