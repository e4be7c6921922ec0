import { z } from "zod";
import type { CommitFact, CommitIdentity } from "#core/facts/pull-request.ts";
import { GitHubError } from "../client/github-error.ts";
import { fromNoReply, fromRestUser, isWebFlow, restUser } from "./person.ts";

const gitPerson = z.object({ name: z.string().nullish(), email: z.string().nullish() }).nullish();

export const restCommit = z.object({
  sha: z.string(),
  commit: z.object({
    message: z.string(),
    author: gitPerson,
    committer: gitPerson,
    verification: z.object({ verified: z.boolean() }).nullish(),
  }),
  // An unmapped author is null in some answers and an empty object in others.
  author: z.union([restUser, z.strictObject({}).transform(() => null)]),
  committer: z.union([restUser, z.strictObject({}).transform(() => null)]),
  parents: z.array(z.object({ sha: z.string().optional() })),
});

/** A commit with its parents, as far as the answer names them. */
export interface ListedCommit extends CommitFact {
  readonly parentShas: readonly string[];
}

export type RestCommit = z.infer<typeof restCommit>;

const coAuthor = /^co-authored-by:[ \t]*([^<\n]{0,200})<([^>\n]{1,254})>[ \t]*$/gim;

/** REST leaves co-authors in the message. Each is a contributor, known only when the address names an account. */
function coAuthorsOf(message: string): readonly CommitIdentity[] {
  return [...message.matchAll(coAuthor)].map((match) => ({
    person: fromNoReply(match[2]),
    name: (match[1] ?? "").trim(),
  }));
}

function identity(user: z.infer<typeof restUser>, git: z.infer<typeof gitPerson>): CommitIdentity {
  return { person: fromRestUser(user) ?? fromNoReply(git?.email), name: git?.name ?? "" };
}

export function fromRestCommit(row: z.infer<typeof restCommit>): ListedCommit {
  const { message, author, committer, verification } = row.commit;
  return {
    sha: row.sha,
    message,
    parents: row.parents.length,
    parentShas: row.parents.flatMap(({ sha: parent }) => parent ?? []),
    authors: [identity(row.author, author), ...coAuthorsOf(message)],
    committer: isWebFlow(row.committer?.login, committer?.email)
      ? null
      : identity(row.committer, committer),
    verified: verification?.verified ?? false,
  };
}

/**
 * A list of commits by REST. It leaves co-authors in the message, by address: one that belongs to no account we can name
 * may be anybody's, and then it is not known who wrote the commits.
 */
export function fromRestCommits(rows: readonly RestCommit[]): readonly ListedCommit[] {
  const accounts = new Map(
    rows.flatMap((row) =>
      [
        [row.commit.author?.email, fromRestUser(row.author)] as const,
        [row.commit.committer?.email, fromRestUser(row.committer)] as const,
      ].flatMap(([email, person]) =>
        typeof email === "string" && person !== null
          ? [[email.toLowerCase(), person] as const]
          : [],
      ),
    ),
  );
  const addresses = (message: string): readonly string[] =>
    [...message.matchAll(coAuthor)].map((match) => (match[2] ?? "").trim().toLowerCase());
  return rows.map((row) => {
    const known = fromRestCommit(row);
    const others = addresses(row.commit.message);
    const authors = known.authors.map((author, index) => {
      const address = others[index - 1];
      if (index === 0 || address === undefined || author.person !== null) return author;
      const person = accounts.get(address);
      if (person === undefined && !isWebFlow(null, address))
        throw new GitHubError(
          "incomplete",
          `whose account the co-author ${author.name} of ${row.sha.slice(0, 7)} has is known to GraphQL only`,
        );
      return { ...author, person: person ?? null };
    });
    return { ...known, authors };
  });
}

const graphqlGitActor = z.object({
  name: z.string().nullish(),
  email: z.string().nullish(),
  user: z.object({ login: z.string(), databaseId: z.number() }).nullish(),
});

export const graphqlCommit = z.object({
  oid: z.string(),
  message: z.string(),
  parents: z.object({
    totalCount: z.number(),
    nodes: z.array(z.object({ oid: z.string() })).optional(),
  }),
  authors: z.object({ totalCount: z.number(), nodes: z.array(graphqlGitActor) }),
  committer: graphqlGitActor.nullish(),
  signature: z.object({ isValid: z.boolean() }).nullish(),
});

function actorIdentity(actor: z.infer<typeof graphqlGitActor>): CommitIdentity {
  const user = actor.user;
  const known =
    user === null || user === undefined
      ? null
      : fromRestUser({ id: user.databaseId, login: user.login, type: "User" });
  return { person: known ?? fromNoReply(actor.email), name: actor.name ?? "" };
}

/** Whether the answer names every author of the commit. */
export function namesAllAuthors(commit: z.infer<typeof graphqlCommit>): boolean {
  return commit.authors.nodes.length === commit.authors.totalCount;
}

export function fromGraphqlCommit(commit: z.infer<typeof graphqlCommit>): ListedCommit {
  const { committer } = commit;
  const github =
    committer !== null &&
    committer !== undefined &&
    isWebFlow(committer.user?.login, committer.email);
  return {
    sha: commit.oid,
    message: commit.message,
    parents: commit.parents.totalCount,
    parentShas: (commit.parents.nodes ?? []).map(({ oid }) => oid),
    authors: commit.authors.nodes.map(actorIdentity),
    committer: github ? null : actorIdentity(committer ?? { name: "", email: null, user: null }),
    verified: commit.signature?.isValid ?? false,
  };
}
