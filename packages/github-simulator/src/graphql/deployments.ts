import { iso, nodeId } from "../render/account.ts";
import type { Deployment } from "../world/deployments.ts";
import type { Repo } from "../world/repositories.ts";
import { connection } from "./connection.ts";
import { need, type Args, type Gql, type Shape } from "./context.ts";

const states = {
  error: "ERROR",
  failure: "FAILURE",
  inactive: "INACTIVE",
  in_progress: "IN_PROGRESS",
  queued: "QUEUED",
  pending: "PENDING",
  success: "ACTIVE",
  waiting: "WAITING",
} as const;

/** What GitHub's `DeploymentState` says of it: who stands before a protection rule is WAITING. */
function stateOf(value: Deployment): string {
  if (value.gate?.state === "waiting") return "WAITING";
  const last = value.statuses.at(-1);
  return last === undefined ? "PENDING" : states[last.state];
}

/** `deployments` of a repository. */
export function deployments(g: Gql, repo: Repo, args: Args): Shape {
  need(g, "deployments:read");
  const wanted = Array.isArray(args["environments"]) ? args["environments"] : null;
  const order = args["orderBy"];
  const isNewestFirst =
    typeof order === "object" &&
    order !== null &&
    "direction" in order &&
    order.direction === "DESC";
  const list = [...repo.deployments.values()]
    .filter((one) => wanted === null || wanted.includes(one.environment))
    .sort((a, b) => (isNewestFirst ? -1 : 1) * (a.createdAt - b.createdAt || a.id - b.id));
  return connection("deployments", list, args, (one) => ({
    __typename: "Deployment",
    id: nodeId("Deployment", repo.id, one.id),
    databaseId: one.id,
    commitOid: one.sha,
    environment: one.environment,
    originalEnvironment: one.environment,
    latestEnvironment: one.environment,
    description: one.description,
    task: one.task,
    state: stateOf(one),
    statuses: (of: Args) =>
      connection("statuses", one.statuses.toReversed(), of, (status) => ({
        __typename: "DeploymentStatus",
        state: status.state.toUpperCase(),
        createdAt: iso(status.createdAt),
      })),
    createdAt: iso(one.createdAt),
    updatedAt: iso(one.updatedAt),
    creator: () => g.shapes.actor(g, one.creatorId),
    repository: () => g.shapes.repository(g, repo),
  }));
}
