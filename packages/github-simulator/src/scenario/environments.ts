import { actor } from "../world/accounts.ts";
import { repoNamed } from "../world/lookup.ts";
import type { Environment, ProtectionRule } from "../world/deployments.ts";
import type { World } from "../world/world.ts";
import { environmentNamed } from "./gates.ts";
import { app } from "./installations.ts";

export interface EnvironmentInput {
  readonly repo: string;
  readonly name: string;
  /** Apps whose rule guards it; `true` is the App under test, a name another App. */
  readonly gate?: boolean | readonly string[];
  readonly reviewers?: {
    readonly users?: readonly string[];
    readonly teams?: readonly string[];
    readonly preventSelfReview?: boolean;
  };
  readonly waitMinutes?: number;
  /** Branches that may deploy: those protected by a ruleset, or names (`release/*` too). */
  readonly branches?: "protected" | readonly string[];
}

/** Creates an environment, or sets all its rules anew. */
export function environment(world: World, input: EnvironmentInput): { id: number } {
  const repo = repoNamed(world, input.repo);
  const before = environmentNamed(world, repo, input.name);
  const slugs =
    input.gate === true
      ? [null]
      : Array.isArray(input.gate)
        ? input.gate.map((slug: string) => slug)
        : [];
  const rules: ProtectionRule[] = slugs.map((slug) => ({
    kind: "custom",
    id: world.nextId(),
    appId: slug === null ? world.appId : app(world, { slug }).id,
    enabled: true,
  }));
  if (input.reviewers !== undefined) {
    const { users = [], teams = [], preventSelfReview = false } = input.reviewers;
    rules.push({
      kind: "required_reviewers",
      id: world.nextId(),
      preventSelfReview,
      userIds: users.map((login) => actor(world, login).id),
      teamIds: [...world.teams.values()]
        .filter((one) => one.orgId === repo.ownerId && teams.includes(one.slug))
        .map((one) => one.id),
    });
  }
  if (input.waitMinutes !== undefined)
    rules.push({ kind: "wait_timer", id: world.nextId(), minutes: input.waitMinutes });
  if (input.branches !== undefined) rules.push({ kind: "branch_policy", id: world.nextId() });
  const names =
    input.branches === undefined || input.branches === "protected" ? [] : input.branches;
  const made: Environment = {
    ...before,
    rules,
    updatedAt: world.now(),
    branchPolicy:
      input.branches === undefined
        ? null
        : {
            protectedBranches: input.branches === "protected",
            customPolicies: input.branches !== "protected",
          },
    branchPolicies: names.map((name) => ({ id: world.nextId(), name, type: "branch" })),
  };
  repo.environments.set(input.name.toLowerCase(), made);
  return { id: made.id };
}

export function deleteEnvironment(world: World, input: { repo: string; name: string }): void {
  repoNamed(world, input.repo).environments.delete(input.name.toLowerCase());
}
