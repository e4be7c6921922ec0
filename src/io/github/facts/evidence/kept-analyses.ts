import { z } from "zod";
import type { CodeScanningAnalysis } from "#core/formats/findings/github/code-scanning.ts";
import { toolId } from "#core/formats/findings/tool-name.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { orAbsent } from "#io/github/client/or-absent.ts";
import { asRepository } from "#io/github/client/requests.ts";
import type { EvidenceContext } from "./evidence-cache.ts";

const keptShape = z.object({
  id: z.number(),
  tool: z.string(),
  category: z.string(),
  commit: z.string(),
  ref: z.string(),
  results: z.number(),
});
/** An analysis that found something, as it was seen. */
export type KeptAnalysis = z.infer<typeof keptShape>;

const keyOf = (repository: RepositoryRecord, sha: string): string =>
  `analyses:${repository.id}:${sha}`;

const keptIn = (text: string | null): readonly KeptAnalysis[] =>
  text === null ? [] : z.array(keptShape).parse(JSON.parse(text));

/** More are not kept of one commit. */
const most = 200;

const asKept = (analysis: CodeScanningAnalysis): KeptAnalysis | null =>
  typeof analysis.id === "number" && typeof analysis.results_count === "number"
    ? {
        id: analysis.id,
        tool: toolId(analysis.tool.name),
        category: analysis.category ?? "",
        commit: analysis.commit_sha,
        ref: analysis.ref ?? "",
        results: analysis.results_count,
      }
    : null;

/** What was seen of the commit's analyses that found something: whoever may write may delete one, with its alerts. */
export async function keptAnalyses(
  { store }: EvidenceContext,
  repository: RepositoryRecord,
  sha: string,
): Promise<readonly KeptAnalysis[]> {
  return keptIn(await store.records.getValue(keyOf(repository, sha)));
}

export async function keepAnalyses(
  { store }: EvidenceContext,
  repository: RepositoryRecord,
  sha: string,
  known: readonly KeptAnalysis[],
  own: readonly CodeScanningAnalysis[],
): Promise<void> {
  const ids = new Set(known.map(({ id }) => id));
  const fresh = own.flatMap((analysis) => {
    const kept = asKept(analysis);
    return kept !== null && kept.results > 0 && !ids.has(kept.id) ? [kept] : [];
  });
  if (fresh.length === 0) return;
  await store.records.changeValue(keyOf(repository, sha), (text) => {
    const all = new Map([...keptIn(text), ...fresh].map((one) => [one.id, one]));
    return JSON.stringify([...all.values()].sort((a, b) => a.id - b.id).slice(0, most));
  });
}

const idShape = z.object({ id: z.number() });

/** Those that GitHub has no more. One that a long list does not reach is asked for itself. */
export async function deletedAnalyses(
  { github }: EvidenceContext,
  repository: RepositoryRecord,
  kept: readonly KeptAnalysis[],
  listed: readonly CodeScanningAnalysis[],
): Promise<readonly KeptAnalysis[]> {
  const there = new Set(listed.map(({ id }) => id));
  const gone: KeptAnalysis[] = [];
  for (const one of kept) {
    if (there.has(one.id)) continue;
    const request = github.endpoint(
      "GET /repos/{owner}/{repo}/code-scanning/analyses/{analysis_id}",
      { owner: repository.owner, repo: repository.name, analysis_id: one.id },
    );
    if ((await orAbsent(github.rest(asRepository(repository), request, idShape))) === null)
      gone.push(one);
  }
  return gone;
}

const resultsOf = (results: number): string => `${results} ${results === 1 ? "result" : "results"}`;

/**
 * What an analysis found that no later one has looked at again, in words. One that was deleted stands until its tool has
 * analysed the commit anew and found no less. Of the same commit a later one that found less mends nothing: the commit is
 * the same, and everybody who may push may upload an empty one.
 */
export function lostAnalyses(
  own: readonly CodeScanningAnalysis[],
  gone: readonly KeptAnalysis[],
): readonly string[] {
  const sound = own.filter(({ error }) => (error ?? "") === "").flatMap((one) => asKept(one) ?? []);
  const isOfSameTool = (a: KeptAnalysis, b: KeptAnalysis): boolean =>
    a.tool === b.tool && a.category === b.category;
  const deleted = gone.flatMap((one) => {
    const isAnew = sound.some(
      (later) => isOfSameTool(later, one) && later.id > one.id && later.results >= one.results,
    );
    return isAnew
      ? []
      : [
          `${one.tool} analysed ${one.commit.slice(0, 7)} with ${resultsOf(one.results)}, and that analysis has been deleted since; run it again`,
        ];
  });
  const overwritten = sound.flatMap((one) => {
    const same = sound.filter(
      (other) => isOfSameTool(other, one) && other.commit === one.commit && other.ref === one.ref,
    );
    const last = same.reduce((a, b) => (b.id > a.id ? b : a), one);
    return last.results < one.results
      ? [
          `${one.tool} analysed ${one.commit.slice(0, 7)} with ${resultsOf(one.results)} and later with ${last.results}: the same commit is no better for it; push another`,
        ]
      : [];
  });
  return [...new Set([...deleted, ...overwritten])].slice(0, 10);
}
