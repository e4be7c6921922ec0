import { ringStates } from "#core/rollout/ring-state.ts";
import {
  get,
  inPath,
  instant,
  list,
  object,
  of,
  orNull,
  query,
  repository,
  text,
  whole,
  type Group,
} from "./schema.ts";

/** What stands where: repositories, environments, rings and freezes. */
export const placeEndpoints: Group = {
  paths: {
    "/api/v1/deployments": get(
      "listDeployments",
      "The newest deployments of a repository.",
      [repository, query("environment", "name of an environment")],
      object({ deployments: list(of("Deployment")) }),
    ),
    "/api/v1/freezes": get(
      "listFreezes",
      "Freezes now and next.",
      [],
      object({ freezes: list(of("Freeze")) }),
    ),
    "/api/v1/setup": get(
      "readSetUp",
      "What is left to do before the gate binds anybody.",
      [],
      object({ isDone: { type: "boolean" }, steps: list(of("SetUpStep")) }),
    ),
    "/api/v1/repositories/{owner}/{repo}": get(
      "readRepository",
      "Policy in force, open subjects, environments and history of a repository.",
      [inPath("owner"), inPath("repo")],
      of("Repository"),
    ),
    "/api/v1/repositories/{owner}/{repo}/environments/{name}": get(
      "readEnvironment",
      "What runs, what waits, history and calendar of an environment.",
      [inPath("owner"), inPath("repo"), inPath("name")],
      of("Environment"),
    ),
    "/api/v1/repositories/{owner}/{repo}/rollouts/{sha}": get(
      "readRollout",
      "Where a commit stands in the rings of the policy, ring by ring.",
      [inPath("owner"), inPath("repo"), inPath("sha")],
      of("Rollout"),
    ),
  },
  schemas: {
    Deployment: object({
      id: whole,
      environment: text,
      sha: text,
      ref: text,
      state: text,
      by: orNull(text),
      createdAt: instant,
      finishedAt: orNull(instant),
      answer: orNull({ enum: ["approved", "rejected"] }),
      answeredAt: orNull(instant),
    }),
    Rollout: object({
      repository: text,
      sha: text,
      pullRequest: orNull(whole),
      rollouts: list(
        object({
          title: text,
          changesAt: orNull(instant),
          rings: list(
            object({
              environment: text,
              after: list(text),
              state: { enum: [...ringStates] },
              says: text,
              since: orNull(instant),
              bakesUntil: orNull(instant),
              next: list(text),
              closedBy: orNull(text),
              letThrough: list(text),
              decision: orNull(text),
            }),
          ),
        }),
      ),
    }),
    Freeze: object({
      where: text,
      name: text,
      environment: text,
      isOn: { type: "boolean" },
      from: orNull(instant),
      until: orNull(instant),
      reason: text,
      by: orNull(text),
    }),
    SetUpStep: object({
      name: text,
      state: { enum: ["done", "open", "unknown"] },
      title: text,
      says: text,
      toDo: list(object({ text, url: orNull(text), command: orNull(text) })),
    }),
    Repository: { type: "object", description: "What the page of a repository shows." },
    Environment: { type: "object", description: "What the page of an environment shows." },
  },
};
