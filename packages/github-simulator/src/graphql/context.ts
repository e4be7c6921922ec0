import { GraphQLError } from "graphql";
import { granted } from "../http/auth.ts";
import type { Call } from "../http/call.ts";
import type { Commit } from "../git/objects.ts";
import type { CheckRun, CheckSuite } from "../world/checks.ts";
import type { Comment, Issue, Label } from "../world/issues.ts";
import type { Pull, Review } from "../world/pulls.ts";
import type { Repo } from "../world/repositories.ts";
import type { Team } from "../world/people.ts";
import type { World } from "../world/world.ts";

/** Arguments of a field: hostile in content, but already of the schema's types. */
export type Args = Readonly<Record<string, unknown>>;

/** One object of an answer: plain values, and functions for what is only computed when asked for. */
export type Shape = Readonly<Record<string, unknown>>;

/** How each type is shown. Handed in as one table, because commit, repository and pull request show each other. */
export interface Shapes {
  readonly actor: (g: Gql, id: number | null) => Shape | null;
  readonly team: (g: Gql, team: Team) => Shape;
  readonly repository: (g: Gql, repo: Repo) => Shape;
  readonly commit: (g: Gql, repo: Repo, commit: Commit) => Shape;
  readonly pull: (g: Gql, repo: Repo, pull: Pull, issue: Issue) => Shape;
  readonly issue: (g: Gql, repo: Repo, issue: Issue) => Shape;
  readonly comment: (g: Gql, repo: Repo, issue: Issue, comment: Comment) => Shape;
  readonly label: (g: Gql, repo: Repo, label: Label) => Shape;
  readonly review: (g: Gql, repo: Repo, pull: Pull, issue: Issue, review: Review) => Shape;
  readonly checkRun: (g: Gql, repo: Repo, run: CheckRun) => Shape;
  readonly checkSuite: (g: Gql, repo: Repo, suite: CheckSuite) => Shape;
  readonly rollup: (g: Gql, repo: Repo, sha: string) => Shape | null;
  /** A branch or tag by its full name; null where there is none. */
  readonly ref: (g: Gql, repo: Repo, name: string) => Shape | null;
  readonly mergeQueue: (g: Gql, repo: Repo, base: string) => Shape;
}

export interface Gql {
  readonly world: World;
  readonly call: Call;
  readonly shapes: Shapes;
}

export function failure(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

/** A field that needs a permission the token lacks is null with FORBIDDEN beside it, as on GitHub. */
export function need(g: Gql, ...anyOf: readonly string[]): void {
  const { caller } = g.call;
  if (caller.kind === "anonymous" || !anyOf.some((permission) => granted(caller, permission))) {
    throw failure("FORBIDDEN", "Resource not accessible by integration");
  }
}

export function shapeOrNull<T>(
  value: T | null | undefined,
  shape: (value: T) => Shape | null,
): Shape | null {
  return value === null || value === undefined ? null : shape(value);
}
