import { commitsBetween } from "@gatehouse/github-simulator/git/history.ts";
import type { Deployment } from "@gatehouse/github-simulator/world/deployments.ts";
import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import { no, unjudged, yes, type Answer } from "./answer.ts";
import { textsOf, type Doc } from "./doc.ts";
import type { Scene } from "./scene.ts";

/** When a deployment succeeded, by statuses that prove something; undefined: it did not, or failed afterwards. */
function succeededAt(statuses: Deployment["statuses"]): number | undefined {
  const last = statuses.findLast(({ state }) => /^(?:success|failure|error)$/.test(state));
  return last?.state === "success" ? last.createdAt : undefined;
}

/** Whether the commit lacks nothing of what runs in the environment, and nothing newer is on its way there. */
export function judgeForward(
  { world }: Scene,
  repo: Repo,
  deployment: Deployment,
  provenStatuses: (one: Deployment) => Deployment["statuses"],
): Answer {
  const others = [...repo.deployments.values()].filter(
    (one) =>
      one.id !== deployment.id &&
      one.environment.toLowerCase() === deployment.environment.toLowerCase(),
  );
  const lacks = (one: Deployment): boolean =>
    commitsBetween(world.git, deployment.sha, one.sha).length > 0;
  const runs = others
    .map((one) => ({ one, at: succeededAt(provenStatuses(one)) }))
    .filter((each): each is { one: Deployment; at: number } => each.at !== undefined)
    .toSorted((a, b) => a.at - b.at)
    .at(-1)?.one;
  if (runs !== undefined && lacks(runs))
    return runs.runId === null
      ? unjudged("what somebody called a success through the API")
      : no(`${deployment.sha.slice(0, 7)} lacks commits of ${runs.sha.slice(0, 7)}, which runs`);
  // What waits may end at any moment; which of several is first is nobody's fault.
  return others.some(
    (one) => one.runId !== null && repo.runs.get(one.runId)?.status !== "completed" && lacks(one),
  )
    ? unjudged("a newer one is on its way")
    : yes();
}

/** Whether no open issue of this repository carries a label of an incident. */
export function judgeIncidents(repo: Repo, params: Doc): Answer {
  if (params["repository"] !== undefined) return unjudged("incidents of another repository");
  const labels = textsOf(params["labels"]).map((one) => one.toLowerCase());
  const open = [...repo.issues.values()].find(
    (issue) =>
      issue.state === "open" &&
      !repo.pulls.has(issue.number) &&
      issue.labels.some(({ name }) => labels.includes(name.toLowerCase())),
  );
  return open === undefined ? yes() : no(`#${open.number} is an open incident`);
}
