import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { asRepository } from "../client/requests.ts";
import { orAbsent } from "../client/or-absent.ts";

const entry = z.object({
  type: z.string(),
  sha: z.string(),
  size: z.number(),
  content: z.string().nullish(),
  encoding: z.string().nullish(),
  target: z.string().nullish(),
  submodule_git_url: z.string().nullish(),
});

const contents = z.union([
  z.array(z.looseObject({ name: z.string(), type: z.string(), sha: z.string() })),
  entry,
]);

/** What stands at a path. `bytes` null: GitHub does not hand the text out (above 1 MB). */
export type Content =
  | {
      readonly kind: "file";
      readonly sha: string;
      readonly size: number;
      readonly bytes: Buffer | null;
    }
  | {
      readonly kind: "directory";
      readonly entries: readonly {
        readonly name: string;
        readonly type: string;
        readonly sha: string;
      }[];
    }
  | { readonly kind: "symlink" }
  | { readonly kind: "submodule" };

/** GET contents in our words; null where nothing stands. `ref` null: the default branch. */
export async function readContents(
  github: GitHub,
  repository: RepositoryRecord,
  path: string,
  ref: string | null,
): Promise<Content | null> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/contents/{path}", {
    owner: repository.owner,
    repo: repository.name,
    path,
    ...(ref === null ? {} : { ref }),
  });
  const answer = await orAbsent(github.rest(asRepository(repository), request, contents));
  if (answer === null) return null;
  const { data } = answer;
  if (Array.isArray(data)) return { kind: "directory", entries: data };
  if (data.type === "symlink") return { kind: "symlink" };
  if (data.type === "submodule" || typeof data.submodule_git_url === "string")
    return { kind: "submodule" };
  if (data.type !== "file")
    throw new GitHubError("invalid", `${path}: GitHub calls it "${data.type}"`);
  const given =
    data.encoding === "base64" &&
    typeof data.content === "string" &&
    (data.content !== "" || data.size === 0);
  return {
    kind: "file",
    sha: data.sha,
    size: data.size,
    bytes: given ? Buffer.from(data.content ?? "", "base64") : null,
  };
}

/** The text of a file, null where no file stands. */
export async function readText(
  github: GitHub,
  repository: RepositoryRecord,
  path: string,
  ref: string | null,
): Promise<{ readonly sha: string; readonly text: string } | null> {
  const found = await readContents(github, repository, path, ref);
  if (found === null || found.kind !== "file") return null;
  if (found.bytes === null)
    throw new GitHubError(
      "incomplete",
      `${path} is too large (${found.size} bytes) for GitHub to show`,
    );
  return { sha: found.sha, text: found.bytes.toString("utf8") };
}
