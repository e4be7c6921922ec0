import { z } from "zod";
import type { IssueText } from "#core/ports/github.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { eachPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";
import { fromGraphqlActor, graphqlActor } from "../facts/person.ts";

const actor = "{ __typename login ... on User { databaseId } ... on Bot { databaseId } }";

const bodyQuery = `query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) {
      body
      author ${actor}
      userContentEdits(first: 100) { totalCount nodes { editor ${actor} } }
      comments(last: 100) { nodes { databaseId body lastEditedAt author ${actor} editor ${actor} } }
    }
  }
}`;

// Of some kinds of accounts no number is asked: anybody who cannot be named counts for nobody.
const written = z.object({
  databaseId: z.number(),
  body: z.string(),
  lastEditedAt: z.string().nullish(),
  author: graphqlActor.catch(null),
  editor: graphqlActor.catch(null),
});
const editor = z.object({ editor: graphqlActor.catch(null) }).nullable();
const bodyShape = z.object({
  repository: z
    .object({
      issue: z
        .object({
          body: z.string(),
          author: graphqlActor.catch(null),
          comments: z.object({ nodes: z.array(written.nullable()) }),
          userContentEdits: z.object({ totalCount: z.number(), nodes: z.array(editor) }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

const comment = z.object({
  id: z.number(),
  performed_via_github_app: z.object({ id: z.number() }).nullish(),
});

/** More comments than a thousand are no answer to a form. */
const mostPages = 10;

/** Which comments no App wrote in somebody's name: only REST tells. */
async function ownWords(
  github: GitHub,
  repository: RepositoryRecord,
  number: number,
): Promise<ReadonlySet<number>> {
  const own = new Set<number>();
  await eachPage(
    github,
    asRepository(repository),
    github.endpoint("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
      owner: repository.owner,
      repo: repository.name,
      issue_number: number,
      per_page: 100,
    }),
    z.array(comment),
    (page) => {
      for (const row of page) if ((row.performed_via_github_app ?? null) === null) own.add(row.id);
      return page.length;
    },
    { maxPages: mostPages, partWillDo: true },
  );
  return own;
}

/** A comment as its author left it; null: somebody else changed it, or nobody can be named for it. */
function asAuthored(
  row: z.infer<typeof written> | null,
  own: ReadonlySet<number>,
): IssueText["comments"][number] | null {
  if (row === null || !own.has(row.databaseId)) return null;
  const by = fromGraphqlActor(row.author);
  if (by?.type !== "User") return null;
  const isChanged = typeof row.lastEditedAt === "string";
  return isChanged && fromGraphqlActor(row.editor)?.id !== by.id ? null : { by, body: row.body };
}

/** What is written in an issue, and who had a hand in it; null where it is not there (any more). */
export async function readIssueText(
  github: GitHub,
  repository: RepositoryRecord,
  number: number,
): Promise<IssueText | null> {
  const { repository: seen } = await github.graphql(asRepository(repository), {
    query: bodyQuery,
    variables: { owner: repository.owner, name: repository.name, number },
    schema: bodyShape,
    optional: ["repository", "repository.issue"],
  });
  const issue = seen?.issue ?? null;
  if (issue === null) return null;
  const { body, comments, userContentEdits } = issue;
  const author = fromGraphqlActor(issue.author);
  const nodes = userContentEdits?.nodes ?? [];
  const editors = nodes
    .map((node) => fromGraphqlActor(node?.editor ?? null))
    .filter((person) => person === null || person.id !== author?.id);
  const own =
    comments.nodes.length === 0 ? new Set<number>() : await ownWords(github, repository, number);
  return {
    body,
    // Of more changes than are told, somebody's are not known.
    editors: nodes.length < (userContentEdits?.totalCount ?? 0) ? [...editors, null] : editors,
    comments: comments.nodes.flatMap((row) => asAuthored(row, own) ?? []),
  };
}
