import { z } from "zod";
import type { RecentAuthor, RecentReview } from "#core/sweep/activity.ts";

const pageInfo = z.object({ hasPreviousPage: z.boolean(), startCursor: z.string().nullish() });

export const authorShape = z
  .object({ __typename: z.string(), login: z.string(), databaseId: z.number().nullish() })
  .nullish();

/** A comment, or a review: what it has of its own is told by which instant it has. */
const wordShape = z.object({
  databaseId: z.number(),
  body: z.string(),
  createdAt: z.string().nullish(),
  submittedAt: z.string().nullish(),
  lastEditedAt: z.string().nullish(),
  authorAssociation: z.string(),
  author: authorShape,
  commit: z.object({ oid: z.string() }).nullish(),
});

export const commentShape = z.object({ pageInfo, nodes: z.array(wordShape.nullable()) });
export type CommentPage = z.infer<typeof commentShape>;

export const personOf = (raw: z.infer<typeof authorShape>): RecentAuthor | null =>
  raw === null || raw === undefined || typeof raw.databaseId !== "number"
    ? null
    : { id: raw.databaseId, login: raw.login, type: "User" };

/** What was said on one page; a review that is not submitted says nothing yet. */
export const wordsOf = ({ nodes }: CommentPage): readonly RecentReview[] =>
  nodes.flatMap((row) => {
    const at = row?.submittedAt ?? row?.createdAt;
    return row === null || typeof at !== "string"
      ? []
      : [
          {
            id: row.databaseId,
            body: row.body,
            author: personOf(row.author),
            authorAssociation: row.authorAssociation,
            createdAt: Date.parse(at),
            edited: typeof row.lastEditedAt === "string",
            commit: row.commit?.oid ?? null,
          },
        ];
  });

const fields = {
  comments: "createdAt",
  reviews: "submittedAt commit { oid }",
} as const;

export type CommentKind = keyof typeof fields;

/** What GraphQL is asked of a page. GitHub's price is by the connection, not by what it holds. */
export const commentFields = (
  kind: CommentKind,
): string => `pageInfo { hasPreviousPage startCursor }
    nodes { databaseId body lastEditedAt authorAssociation author { __typename login ... on User { databaseId } } ${fields[kind]} }`;

/** An earlier page of what was said on one pull request. */
export const earlierQuery = (
  kind: CommentKind,
): string => `query($owner: String!, $name: String!, $number: Int!, $before: String!) {
  repository(owner: $owner, name: $name) {
    databaseId
    pullRequest(number: $number) { said: ${kind}(last: 100, before: $before) { ${commentFields(kind)} } }
  }
}`;

export const earlierShape = z.object({
  repository: z
    .object({
      databaseId: z.number(),
      pullRequest: z.object({ said: commentShape }).nullish(),
    })
    .nullish(),
});

/** Five thousand words on one pull request between two sweeps are nobody's talk. */
const mostPages = 50;

/**
 * What was said from an instant of GitHub's clock on, and a little before: in a lively talk a command is soon far behind
 * the last page. `ask` reads the page before a cursor; null: it is gone.
 */
export async function commentsSince(
  last: CommentPage,
  from: number,
  ask: (before: string) => Promise<CommentPage | null>,
): Promise<readonly RecentReview[]> {
  let page = last;
  let words = wordsOf(last);
  for (let asked = 0; asked < mostPages; asked += 1) {
    const { hasPreviousPage, startCursor } = page.pageInfo;
    const reachesBack = wordsOf(page).some(({ createdAt }) => createdAt < from);
    if (!hasPreviousPage || typeof startCursor !== "string" || reachesBack) break;
    const earlier = await ask(startCursor);
    if (earlier === null) break;
    page = earlier;
    words = [...wordsOf(earlier), ...words];
  }
  return words;
}
