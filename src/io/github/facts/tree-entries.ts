import { createHash } from "node:crypto";
import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { isUnusable } from "../client/connection.ts";
import { GitHubError } from "../client/github-error.ts";
import { asRepository } from "../client/requests.ts";

/** What stands at a path of a commit: what it is, and its content by git's own hash. */
export interface TreeEntry {
  readonly mode: string;
  readonly oid: string;
  /** Its lines, byte for byte: each character stands for one byte. null: binary, too large, or no file. */
  readonly bytes: () => Promise<string | null>;
}

/** Per commit and path; null where nothing stands. */
export type Entries = (commit: string, path: string) => TreeEntry | null;

const mostPaths = 100;
/** Up to so many paths the texts come with the answer. */
const withTexts = 20;

const blob = z.object({
  text: z.string().nullish(),
  isBinary: z.boolean().nullish(),
  isTruncated: z.boolean(),
});
const graphqlEntry = z.object({
  mode: z.number(),
  oid: z.string(),
  object: z.union([blob, z.object({})]).nullish(),
});
const graphqlAnswer = z.object({
  repository: z.record(z.string(), z.record(z.string(), graphqlEntry.nullable()).nullable()),
});

/** Whether these are the bytes of that blob, to the last one: git's own hash of them says so. */
function isBlob(bytes: Buffer, oid: string): boolean {
  const hash = createHash(oid.length === 64 ? "sha256" : "sha1");
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest("hex") === oid;
}

async function readBlob(
  github: GitHub,
  repository: RepositoryRecord,
  oid: string,
): Promise<string | null> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/git/blobs/{file_sha}", {
    owner: repository.owner,
    repo: repository.name,
    file_sha: oid,
  });
  const shape = z.object({ content: z.string(), encoding: z.string() });
  const { data } = await github.rest(asRepository(repository), request, shape);
  const bytes = Buffer.from(data.content, data.encoding === "base64" ? "base64" : "utf8");
  return bytes.includes(0) || !isBlob(bytes, oid) ? null : bytes.toString("latin1");
}

/** null: one of the commits is gone. */
async function byGraphql(
  github: GitHub,
  repository: RepositoryRecord,
  commits: readonly string[],
  paths: readonly string[],
): Promise<Entries | null> {
  const object =
    paths.length > withTexts ? "" : "object { ... on Blob { text isBinary isTruncated } }";
  const names = paths.map((_, index) => `$p${index}: String!`).join(", ");
  const files = paths.map((_, index) => `p${index}: file(path: $p${index}) { mode oid ${object} }`);
  const heads = commits.map((_, index) => `$c${index}: GitObjectID!`).join(", ");
  const objects = commits.map(
    (_, index) => `c${index}: object(oid: $c${index}) { ... on Commit { ${files.join(" ")} } }`,
  );
  const { repository: answer } = await github.graphql(asRepository(repository), {
    query: `query($owner: String!, $name: String!, ${heads}, ${names}) { repository(owner: $owner, name: $name) { ${objects.join(" ")} } }`,
    variables: {
      owner: repository.owner,
      name: repository.name,
      ...Object.fromEntries(commits.map((sha, index) => [`c${index}`, sha])),
      ...Object.fromEntries(paths.map((path, index) => [`p${index}`, path])),
    },
    schema: graphqlAnswer,
  });
  const isGone = (_: string, index: number): boolean => (answer[`c${index}`] ?? null) === null;
  if (commits.some(isGone)) return null;
  return (sha, path) => {
    const found = answer[`c${commits.indexOf(sha)}`]?.[`p${paths.indexOf(path)}`];
    if (found === undefined || found === null) return null;
    const { mode, oid, object: content } = found;
    return {
      mode: mode.toString(8).padStart(6, "0"),
      oid,
      bytes: async () => {
        if (content === undefined) return readBlob(github, repository, oid);
        const shown = blob.safeParse(content);
        if (!shown.success || shown.data.isTruncated || shown.data.isBinary === true) return null;
        // As text, bytes of another encoding become one and the same sign: then the blob itself is read.
        const text = Buffer.from(shown.data.text ?? "", "utf8");
        return isBlob(text, oid) ? text.toString("latin1") : readBlob(github, repository, oid);
      },
    };
  };
}

const restTree = z.object({
  truncated: z.boolean(),
  tree: z.array(
    z.object({ path: z.string(), mode: z.string(), type: z.string(), sha: z.string() }),
  ),
});

async function byRest(
  github: GitHub,
  repository: RepositoryRecord,
  commits: readonly string[],
): Promise<Entries> {
  const trees = new Map(
    await Promise.all(
      commits.map(async (sha) => {
        const request = github.endpoint("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", {
          owner: repository.owner,
          repo: repository.name,
          tree_sha: sha,
          recursive: "1",
        });
        const { data } = await github.rest(asRepository(repository), request, restTree);
        if (data.truncated)
          throw new GitHubError("incomplete", `GitHub shows only a part of ${sha.slice(0, 7)}`);
        const entries = data.tree.filter(({ type }) => type !== "tree");
        return [sha, new Map(entries.map((entry) => [entry.path, entry]))] as const;
      }),
    ),
  );
  return (sha, path) => {
    const found = trees.get(sha)?.get(path);
    if (found === undefined) return null;
    return {
      mode: found.mode,
      oid: found.sha,
      bytes: async () => (found.type === "blob" ? readBlob(github, repository, found.sha) : null),
    };
  };
}

/** What stands at these paths of these commits; "not_found" when one of the commits is gone. */
export async function readEntries(
  github: GitHub,
  repository: RepositoryRecord,
  commits: readonly string[],
  paths: readonly string[],
): Promise<Entries> {
  const asked = [...new Set(commits)];
  if (paths.length > mostPaths) return byRest(github, repository, asked);
  try {
    const entries = await byGraphql(github, repository, asked, paths);
    if (entries !== null) return entries;
  } catch (error) {
    if (!isUnusable(error)) throw error;
    return byRest(github, repository, asked);
  }
  throw new GitHubError("not_found", "GitHub has collected one of the compared commits");
}
