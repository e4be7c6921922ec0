import { GatehouseError } from "#core/model/errors.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { GitHubError } from "#io/github/client/github-error.ts";
import type { Artifact } from "./artifacts.ts";
import { download, identityOf } from "./commit-artifacts.ts";
import { type EvidenceContext, placeKey } from "./evidence-cache.ts";
import { keepReading, keptReading } from "./kept-readings.ts";
import type { Parsed } from "./parse-pool.ts";
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

/** Somebody deleted it: what it said still counts, and nobody can read it any more. */
export const whyExpired = ({ gone }: Pick<Artifact, "gone">): string =>
  gone === undefined
    ? "expired; run its workflow again"
    : "its report was read and has been deleted since; run its workflow again";

export const lostReport = (artifact: Artifact): GitHubError =>
  new GitHubError("incomplete", `artifact ${artifact.name}: ${whyExpired(artifact)}`);

export type Unread =
  | { readonly kind: "problem"; readonly problem: string }
  | { readonly kind: "expired"; readonly names: string };

/**
 * Reads artifacts by their content: the same ones are read once. `problem`: a report that cannot be read, because it is
 * too large or takes too long; nobody knows what is in it. `expired`: one is gone, and these were not read before.
 */
export async function parseOnce<R>(
  context: EvidenceContext,
  repository: RepositoryRecord,
  wanted: readonly Artifact[],
  { key, taskOf, tree, narrow, weigh }: Parsing<R>,
): Promise<R | Unread> {
  const reading = `${key}:${wanted.map(identityOf).sort().join(",")}`;
  const whole = `${placeKey(repository)}${reading}`;
  const gone = wanted.filter((artifact) => artifact.expired);
  const kept = async (missing: readonly Artifact[]): Promise<R | Unread> => {
    const result = (await keptReading(context, repository, reading))?.result;
    return (
      (result === undefined ? undefined : narrow(result)) ?? {
        kind: "expired",
        names: missing.map(({ name }) => name).join(", "),
      }
    );
  };
  if (gone.length > 0) return kept(gone);
  try {
    const { result } = await parsedOnce(
      context,
      whole,
      async () => {
        const archives = await Promise.all(
          wanted.map(async (artifact) => ({
            artifact: artifact.name,
            digest: artifact.digest,
            bytes: await download(context, repository, artifact),
          })),
        );
        return taskOf(archives);
      },
      tree,
      (parsed) => weigh(parsed.result),
      (parsed) => keepReading(context, repository, reading, parsed),
    );
    return narrow(result) ?? { kind: "problem", problem: `${key} was answered by ${result.kind}` };
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error;
    if (error.code === "not_found") return kept(wanted);
    if (error.code === "invalid" || error.code === "incomplete")
      return { kind: "problem", problem: error.message };
    throw error;
  }
}

/** Reads once what is read, and for a while does not try again what could not be: it is the same text each time. */
export async function parsedOnce(
  { pool, caches }: Pick<EvidenceContext, "pool" | "caches">,
  key: string,
  taskOf: () => Promise<ParseTask>,
  tree: (() => Promise<Uint8Array | null>) | undefined,
  weigh: (parsed: Parsed) => number,
  keep: (parsed: Parsed) => Promise<void> = async () => undefined,
): Promise<Parsed> {
  const known = caches.unparsed.get(key);
  if (known !== undefined) throw new GatehouseError("invalid", known);
  return caches.parsed.get(
    key,
    async () => {
      const task = await taskOf();
      try {
        const parsed = await pool.parse(task, tree);
        await keep(parsed);
        return parsed;
      } catch (error) {
        if (error instanceof GatehouseError && error.code === "invalid")
          caches.unparsed.put(key, error.message);
        throw error;
      }
    },
    weigh,
  );
}
