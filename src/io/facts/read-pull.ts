import { z } from "zod";
import { GatehouseError } from "../../core/model/errors.ts";
import type { RepositoryRecord } from "../../core/ports.ts";
import type { LabelFact } from "../../core/facts/pull-request.ts";
import type { GitHub } from "../github/client.ts";
import { asRepository } from "../github/requests.ts";
import { part } from "../github/connection.ts";
import { renamedAway } from "./overview.ts";
import type { Overview } from "./overview.ts";
import { fromGraphqlPull, fromRestPull, graphqlPull, restPull } from "./parse-pull.ts";
import type { PullParts } from "./parse-pull.ts";
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

export async function readLabels(source: PullSource): Promise<readonly LabelFact[]> {
  const labels = (await source.pull()).labels ?? (await source.restPull()).labels;
  if (labels === null)
    throw new GatehouseError("invalid", "the pull request's answer has no labels");
  return labels;
}
