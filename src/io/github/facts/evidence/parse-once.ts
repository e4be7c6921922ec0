import { GatehouseError } from "#core/model/errors.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { GitHubError } from "#io/github/client/github-error.ts";
import type { Artifact } from "./artifacts.ts";
import { download, identityOf } from "./commit-artifacts.ts";
import { type EvidenceContext, placeKey } from "./evidence-cache.ts";
import type { ParseResult, ParseTask } from "./parse-task.ts";
import type { ZipInput } from "./zip-input.ts";

/** How the artifacts of one kind of report are read together. */
export interface Parsing<R> {
  /** What tells this reading of the artifacts from any other. */
  readonly key: string;
  readonly taskOf: (archives: readonly ZipInput[]) => ParseTask;
  readonly tree?: () => Promise<Uint8Array | null>;
  /** The result if it is one of this kind. */
  readonly narrow: (result: ParseResult) => R | undefined;
  readonly weigh: (result: ParseResult) => number;
}

export const expiredReport = (name: string): GitHubError =>
  new GitHubError("incomplete", `artifact ${name}: expired; run its workflow again`);

export type Unread =
  | { readonly kind: "problem"; readonly problem: string }
  | { readonly kind: "expired"; readonly names: string };

/**
 * Reads artifacts by their content: the same ones are read once. `problem`: a report that cannot be read, because it is
 * too large or takes too long; nobody knows what is in it. `expired`: one is gone.
 */
export async function parseOnce<R>(
  context: EvidenceContext,
  repository: RepositoryRecord,
  wanted: readonly Artifact[],
  { key, taskOf, tree, narrow, weigh }: Parsing<R>,
): Promise<R | Unread> {
  const { pool, caches } = context;
  const ids = wanted.map(identityOf).sort().join(",");
  try {
    const { result } = await caches.parsed.get(
      `${placeKey(repository)}${key}:${ids}`,
      async () => {
        const archives = await Promise.all(
          wanted.map(async (artifact) => ({
            artifact: artifact.name,
            digest: artifact.digest,
            bytes: await download(context, repository, artifact),
          })),
        );
        return pool.parse(taskOf(archives), tree);
      },
      (parsed) => weigh(parsed.result),
    );
    return narrow(result) ?? { kind: "problem", problem: `${key} was answered by ${result.kind}` };
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error;
    if (error.code === "not_found")
      return { kind: "expired", names: wanted.map(({ name }) => name).join(", ") };
    if (error.code === "invalid" || error.code === "incomplete")
      return { kind: "problem", problem: error.message };
    throw error;
  }
}
