import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { isUnusable } from "../client/connection.ts";
import { asRepository } from "../client/requests.ts";

/** Pages of a hundred: older deployments than that are not looked at. */
const mostPages = 10;

const query = `query($owner: String!, $name: String!, $environment: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    databaseId
    deployments(environments: [$environment], first: 100, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {
      pageInfo { hasNextPage endCursor }
      nodes { databaseId statuses(first: 20) { totalCount nodes { state } } }
    }
  }
}`;

const answer = z.object({
  repository: z.object({
    databaseId: z.number(),
    deployments: z.object({
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
      nodes: z.array(
        z
          .object({
            databaseId: z.number(),
            statuses: z
              .object({
                totalCount: z.number(),
                nodes: z.array(z.object({ state: z.string() }).nullable()),
              })
              .nullish(),
          })
          .nullable(),
      ),
    }),
  }),
});

type Deployment = NonNullable<z.infer<typeof answer>["repository"]["deployments"]["nodes"][number]>;

/** More statuses than were shown may hold a success. */
const mayHaveSucceeded = ({ statuses }: Deployment): boolean =>
  statuses === null ||
  statuses === undefined ||
  statuses.totalCount > statuses.nodes.length ||
  statuses.nodes.some((status) => status?.state === "SUCCESS");

export interface OnceSucceeded {
  /** Numbers of the deployments, newest first. */
  readonly ids: readonly number[];
  /** Whether the list was read to its end. */
  readonly isWhole: boolean;
}

/**
 * Deployments to an environment of which anybody ever reported a success: a hundred of them cost one question, where their
 * statuses would cost one each. null: GitHub does not tell.
 */
export async function readOnceSucceeded(
  github: GitHub,
  repository: RepositoryRecord,
  environment: string,
): Promise<OnceSucceeded | null> {
  const ids: number[] = [];
  let after: string | null = null;
  try {
    for (let page = 0; page < mostPages; page += 1) {
      const read: z.infer<typeof answer> = await github.graphql(asRepository(repository), {
        query,
        variables: { owner: repository.owner, name: repository.name, environment, after },
        schema: answer,
      });
      if (read.repository.databaseId !== repository.id) return null;
      const { nodes, pageInfo } = read.repository.deployments;
      for (const node of nodes)
        if (node !== null && mayHaveSucceeded(node)) ids.push(node.databaseId);
      if (!pageInfo.hasNextPage || pageInfo.endCursor === null) return { ids, isWhole: true };
      after = pageInfo.endCursor;
    }
  } catch (error) {
    if (isUnusable(error)) return null;
    throw error;
  }
  return { ids, isWhole: false };
}
