import type { Artifact } from "./artifacts.ts";
import { partOf } from "./report-names.ts";

/**
 * Several runs of one workflow (by push and by pull_request, say) each measure the whole: their reports are not added up,
 * and none takes another's place. Each layer has one measurement of every workflow; the worst of them counts. Of runs by
 * the same event one may have left out what another did (a label's run): a report of which the newer run has none of its
 * kind is the older's, and belongs to the whole.
 */
export function layersOf(artifacts: readonly Artifact[]): readonly (readonly Artifact[])[] {
  const workflows = [...grouped(artifacts, ({ run }) => run.workflow).values()].map((ofWorkflow) =>
    [...grouped(ofWorkflow, ({ run }) => run.event).values()].flatMap(measurements),
  );
  const depth = Math.max(0, ...workflows.map((all) => all.length));
  return Array.from({ length: depth }, (_, layer) => {
    const chosen = new Set(workflows.flatMap((all) => all[Math.min(layer, all.length - 1)] ?? []));
    return artifacts.filter((artifact) => chosen.has(artifact));
  });
}

/** Of one workflow and event, newest first: of each kind of report the run's, or that of the oldest run that has one. */
function measurements(artifacts: readonly Artifact[]): readonly (readonly Artifact[])[] {
  const kinds = [...grouped(artifacts, ({ name }) => partOf(name)).values()].map((ofKind) =>
    [...grouped(ofKind, ({ run }) => run.id)].sort(([a], [b]) => b - a).map(([, own]) => own),
  );
  const depth = Math.max(0, ...kinds.map((runs) => runs.length));
  return Array.from({ length: depth }, (_, at) =>
    kinds.flatMap((runs) => runs[Math.min(at, runs.length - 1)] ?? []),
  );
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
