import { z } from "zod";
import { authorShape, commentShape } from "./recent-comments.ts";

const oid = z.object({ oid: z.string() });
export const checkNodes = z.array(
  z
    .looseObject({
      checkSuite: z
        .looseObject({
          databaseId: z.number().nullish(),
          app: z.object({ databaseId: z.number().nullish() }).nullish(),
        })
        .nullish(),
    })
    .nullable(),
);
const counts = z.array(z.object({ state: z.string(), count: z.number() })).nullish();
const reported = z.object({
  contexts: z.object({
    totalCount: z.number(),
    checkRunCountsByState: counts,
    statusContextCountsByState: counts,
    nodes: checkNodes,
  }),
});
export const suites = z
  .object({
    nodes: z.array(
      z
        .object({
          databaseId: z.number(),
          status: z.string(),
          conclusion: z.string().nullish(),
          app: z.object({ databaseId: z.number().nullish() }).nullish(),
        })
        .nullable(),
    ),
  })
  .nullish();
export const headCommit = z.object({ checkSuites: suites }).nullish();
export const rollup = reported.nullish();
const threads = z
  .object({
    totalCount: z.number(),
    nodes: z.array(z.object({ id: z.string(), isResolved: z.boolean() }).nullable()),
  })
  .nullish();
export type Rollup = z.infer<typeof rollup>;
export const seen = z.looseObject({
  number: z.number(),
  state: z.string(),
  updatedAt: z.string(),
  headRefOid: z.string(),
  headRefName: z.string(),
  baseRefName: z.string(),
});
export const pull = seen.extend({
  baseRef: z.object({ target: oid.nullish() }).nullish(),
  baseChanges: z.object({ nodes: z.array(z.looseObject({})) }).nullish(),
  statusCheckRollup: rollup,
  late: z.object({ contexts: z.object({ nodes: checkNodes }) }).nullish(),
  latestOpinionatedReviews: z
    .object({
      totalCount: z.number(),
      nodes: z.array(
        z
          .object({ state: z.string(), author: z.object({ login: z.string() }).nullish() })
          .nullable(),
      ),
    })
    .nullish(),
  reviewThreads: threads,
  lateThreads: threads,
  mergeQueueEntry: z
    .looseObject({
      headCommit: oid
        .extend({ statusCheckRollup: z.object({ state: z.string() }).nullish() })
        .nullish(),
      baseCommit: oid.nullish(),
    })
    .nullish(),
  inGroup: z
    .object({
      headCommit: z
        .object({
          checkSuites: suites,
          statusCheckRollup: reported.extend({ late: z.object({ nodes: checkNodes }) }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
export const recentPull = seen.extend({
  repository: z.object({
    databaseId: z.number(),
    name: z.string(),
    owner: z.object({ login: z.string() }),
  }),
  author: authorShape,
  comments: commentShape,
  reviews: commentShape,
});
export const place = z.looseObject({
  databaseId: z.number(),
  yml: oid.nullish(),
  yaml: oid.nullish(),
  defaultBranchRef: z.object({ name: z.string(), target: oid.nullish() }).nullish(),
  opened: z.object({ totalCount: z.number() }).nullish(),
  isArchived: z.boolean().optional(),
  isPrivate: z.boolean().optional(),
  deployments: z
    .object({ nodes: z.array(z.object({ databaseId: z.number(), state: z.string().nullable() })) })
    .nullish(),
});
export const commit = z.object({ checkSuites: suites, statusCheckRollup: rollup }).nullish();
const team = z
  .object({
    databaseId: z.number(),
    members: z.object({
      totalCount: z.number(),
      nodes: z.array(z.object({ databaseId: z.number() }).nullable()),
    }),
  })
  .nullish();
const found = z.object({
  issueCount: z.number(),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  nodes: z.array(z.looseObject({ __typename: z.string() }).nullable()),
});
export const answer = z.looseObject({
  recent: found.optional(),
  organization: z.record(z.string(), team).nullish(),
  above: z.object({ databaseId: z.number() }).nullish(),
  lively: z
    .object({
      repositories: z.object({
        nodes: z.array(
          z
            .object({
              databaseId: z.number(),
              name: z.string(),
              pushedAt: z.string().nullable(),
              owner: z.object({ login: z.string() }),
            })
            .nullable(),
        ),
      }),
    })
    .nullish(),
});
