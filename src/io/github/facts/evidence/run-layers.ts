import type { Artifact } from "./artifacts.ts";

/**
 * Several runs of one workflow (by push and by pull_request, say) each measure the whole: their reports are not added up,
 * and none takes another's place. Each layer has one run of every workflow; the worst of them counts.
 */
export function layersOf(artifacts: readonly Artifact[]): readonly (readonly Artifact[])[] {
  const runs = new Map<string, number[]>();
  for (const { run } of artifacts) {
    const known = runs.get(run.workflow) ?? [];
    if (!known.includes(run.id))
      runs.set(
        run.workflow,
        [...known, run.id].sort((a, b) => b - a),
      );
  }
  const depth = Math.max(0, ...[...runs.values()].map((ids) => ids.length));
  return Array.from({ length: depth }, (_, layer) => {
    const chosen = new Set([...runs.values()].map((ids) => ids[Math.min(layer, ids.length - 1)]));
    return artifacts.filter(({ run }) => chosen.has(run.id));
  });
}
