import { z } from "zod";
import type { LostAnalysis } from "#core/facts/findings.ts";
import {
  type CodeScanningAnalysis,
  isGitHubs,
  uploaderOf,
} from "#core/formats/findings/github/code-scanning.ts";
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
  /** The workflow that uploaded it; left out where it came from elsewhere, or was kept before this was. */
  workflow: z.string().optional(),
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
        workflow: uploaderOf(analysis),
      }
    : null;

/** What was seen of the commit's analyses that found something: everybody with write access may delete one, with its alerts. */
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

/** The kept analyses that GitHub has no more. One beyond the end of a long list is asked for by its number. */
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

const analysed = ({ tool, commit, results }: KeptAnalysis): string =>
  `${tool} analysed ${commit.slice(0, 7)} with ${resultsOf(results)}`;

const runAgain = ({ workflow }: KeptAnalysis): string =>
  workflow === undefined
    ? "Its tool analyses this commit again and finds no less, or another commit is pushed and analysed"
    : `Somebody with write access runs ${isGitHubs(workflow) ? "GitHub's own code scanning" : workflow} on this commit again`;

/** The loss that is reported when code scanning was switched off, which removes its findings. */
export const whileOff = (one: KeptAnalysis): LostAnalysis => ({
  what: `${analysed(one)}, and code scanning has been switched off since`,
  remedy: "An administrator of the repository switches code scanning on again.",
});

/**
 * What an analysis found that no later one has looked at again. Its own workflow may look again and find less, for rules of
 * scanners are mended and advisories withdrawn; any other may only find as much, for everybody who may push may upload an
 * empty one. `changed`: paths that the judged change touches, asked only where it matters: a workflow among them is its author's.
 */
export async function lostAnalyses(
  own: readonly CodeScanningAnalysis[],
  gone: readonly KeptAnalysis[],
  changed: () => Promise<readonly string[]>,
): Promise<readonly LostAnalysis[]> {
  const sound = own.filter(({ error }) => (error ?? "") === "").flatMap((one) => asKept(one) ?? []);
  const isLater = (later: KeptAnalysis, one: KeptAnalysis): boolean =>
    later.id > one.id && later.tool === one.tool && later.category === one.category;
  const isByItsWorkflow = (later: KeptAnalysis, one: KeptAnalysis): boolean =>
    later.workflow !== undefined && later.workflow === one.workflow;
  const hasLess = [...gone, ...sound].some((one) =>
    sound.some(
      (later) => isLater(later, one) && isByItsWorkflow(later, one) && later.results < one.results,
    ),
  );
  const touched = new Set(hasLess ? await changed() : []);
  const takesItsPlace = (later: KeptAnalysis, one: KeptAnalysis): boolean =>
    isLater(later, one) && isByItsWorkflow(later, one) && !touched.has(later.workflow ?? "");
  const deleted = gone.flatMap((one): readonly LostAnalysis[] => {
    const isAnew = sound.some(
      (later) => takesItsPlace(later, one) || (isLater(later, one) && later.results >= one.results),
    );
    return isAnew
      ? []
      : [
          {
            what: `${analysed(one)}, and that analysis has been deleted since`,
            remedy: `${runAgain(one)}.`,
          },
        ];
  });
  const overwritten = sound.flatMap((one): readonly LostAnalysis[] => {
    const isHere = (other: KeptAnalysis): boolean =>
      other.commit === one.commit && other.ref === one.ref;
    const later = sound.filter((other) => isHere(other) && isLater(other, one));
    if (later.some((other) => takesItsPlace(other, one))) return [];
    const last = later.reduce((a, b) => (b.id > a.id ? b : a), one);
    if (last.results >= one.results) return [];
    const by = isByItsWorkflow(last, one)
      ? "by that workflow, which this change edits,"
      : last.workflow === undefined
        ? "by an upload from elsewhere"
        : `by ${isGitHubs(last.workflow) ? "GitHub's own code scanning" : last.workflow}`;
    return [
      {
        what: `${analysed(one)}, and later ${by} with ${last.results}`,
        remedy: isByItsWorkflow(last, one)
          ? "The author leaves that workflow as it is here, and changes it in a pull request of its own."
          : `${runAgain(one)}.`,
      },
    ];
  });
  return [...new Map([...deleted, ...overwritten].map((one) => [one.what, one])).values()].slice(
    0,
    10,
  );
}
