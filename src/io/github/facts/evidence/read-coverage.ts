import type { CoverageFact, CoverageSource } from "#core/facts/coverage.ts";
import { flagOfArtifact } from "#core/formats/coverage/flags.ts";
import { matchesName } from "#core/formats/glob.ts";
import type { Evidence } from "#core/model/evidence.ts";
import { readAllChecks } from "../read-checks.ts";
import type { Artifact } from "./artifacts.ts";
import { heldAgainst, type CommitArtifacts } from "./commit-artifacts.ts";
import { measured, type CoverageOf } from "./measured-coverage.ts";
import type { EvidenceContext } from "./evidence-cache.ts";
import { lostReport } from "./parse-once.ts";
import { readServiceWord } from "./read-service.ts";
import { mayHaveReported } from "./read-tests.ts";
import { layersOf } from "./run-layers.ts";
import { isOfFork } from "./workflow-runs.ts";

const defaultArtifact = "coverage*";

/** Reads what is known of a commit's coverage: reports in its own runs' artifacts first, else the word of a known service. */
export async function readCoverage(
  context: EvidenceContext,
  of: CoverageOf,
  place: CoverageSource,
): Promise<CoverageFact> {
  const { from } = place;
  const looksAtArtifacts =
    from === undefined || from.artifact !== undefined || from.workflow !== undefined;
  const found = looksAtArtifacts ? await of.artifacts(from?.workflow) : nothingFound;
  const glob = from?.artifact ?? defaultArtifact;
  const isReport = (name: string): boolean => matchesName(glob, name);
  const isNamed = ({ name }: Artifact): boolean =>
    isReport(name) && place.artifacts?.includes(name) !== false;
  const named = found.artifacts.filter(isNamed);
  const against = heldAgainst(found, "coverage").filter(isNamed);
  const deleted = against.find((artifact) => artifact.gone !== undefined);
  if (deleted !== undefined) throw lostReport(deleted);
  const layers = layersOf(named).map((layer) => choose(layer, place.flags));
  const { wanted, missing } = layers.find((layer) => layer.missing.length > 0) ??
    layers[0] ?? { wanted: [], missing: place.flags ?? [] };
  const notes = [...found.ignored.filter((line) => mayHaveReported.test(line))];
  const { waiting, cut } = found;
  const lacking = unmatched(against, named);
  if (lacking.length > 0) return { kind: "absent", waiting, cut, ignored: [...lacking, ...notes] };
  const beside = await Promise.all(
    layersOf(against.filter(isWhole)).map((layer) => measured(context, of, layer, found, isReport)),
  );
  await found.keep("coverage", [...named, ...against]);
  if (wanted.length > 0 && missing.length === 0) {
    const facts = await Promise.all(
      layers.map((layer) => measured(context, of, layer.wanted, found, isReport)),
    );
    const fact = worstOf(facts);
    if (fact.kind !== "absent") return worstOf([fact, ...withFigures(beside)]);
    notes.push(...fact.ignored);
  }
  if ((missing.length > 0 && wanted.length > 0) || place.artifacts !== undefined)
    return {
      kind: "absent",
      waiting,
      cut,
      ignored: [
        ...(missing.length === 0 ? [] : [`no report of the flag ${missing.join(", ")}`]),
        ...notes,
      ],
    };
  const word =
    of.source !== null &&
    (from === undefined || from.check !== undefined || from.status !== undefined)
      ? await readServiceWord(
          context.github,
          of.repository,
          of.sha,
          await readAllChecks(of.source),
          place,
        )
      : null;
  if (word !== null && (word.project !== null || word.patch !== null))
    return worstOf([said(word.project, word.patch, word.evidence, found), ...withFigures(beside)]);
  return {
    kind: "absent",
    waiting: [...waiting, ...(word?.waiting ?? [])],
    cut,
    ignored: [...notes, ...(word?.ignored ?? [])],
  };
}

const nothingFound: CommitArtifacts = {
  artifacts: [],
  runs: [],
  against: [],
  waiting: [],
  cut: [],
  ignored: [],
  keep: async () => undefined,
};

/** What a run that was not stopped has reported so far can be measured; a part says nothing of the whole. */
const isWhole = ({ run }: Artifact): boolean => run.status !== "completed" || isOfFork(run);

/** Drops facts without a report: that one place has none proves nothing. */
const withFigures = (facts: readonly CoverageFact[]): readonly CoverageFact[] =>
  facts.filter(({ kind }) => kind !== "absent");

/** Reports of runs that were stopped, or of earlier attempts, in whose place no later report of their workflow has come. */
const unmatched = (against: readonly Artifact[], named: readonly Artifact[]): readonly string[] =>
  against.flatMap((artifact) =>
    isWhole(artifact) ||
    named.some(({ name, run }) => name === artifact.name && run.workflow === artifact.run.workflow)
      ? []
      : [
          `artifact ${artifact.name} of run ${artifact.run.id}: nothing has come in its place since`,
        ],
  );

/** Unusable before absent, absent before figures; of figures the lowest, the project's and the patch's each. */
function worstOf(facts: readonly CoverageFact[]): CoverageFact {
  const bad =
    facts.find(({ kind }) => kind === "unusable") ?? facts.find(({ kind }) => kind === "absent");
  if (bad !== undefined) return bad;
  const figures = facts.filter((fact) => fact.kind === "figures");
  const lowest = (of: "project" | "patch") =>
    figures.toSorted((a, b) => (a[of]?.percent ?? -1) - (b[of]?.percent ?? -1))[0];
  const [project, patch] = [lowest("project"), lowest("patch")];
  if (project === undefined || patch === undefined)
    return { kind: "absent", waiting: [], ignored: [] };
  if (figures.length === 1) return project;
  return {
    ...project,
    patch: patch.patch,
    noPatch: patch.noPatch,
    workflows: [...new Set(figures.flatMap(({ workflows }) => workflows))],
    called: project.called.filter((one) =>
      figures.every(({ called }) =>
        called.some(({ path, sha }) => path === one.path && sha === one.sha),
      ),
    ),
    unexplained: [...new Set(figures.flatMap(({ unexplained = [] }) => unexplained))],
    warnings: [
      ...new Set([
        ...figures.flatMap(({ warnings }) => warnings),
        ...(figures.some((one) => one.project?.percent !== project.project?.percent)
          ? [
              "a workflow ran more than once on this commit and measured differently: the lowest figure counts",
            ]
          : []),
      ]),
    ],
    evidence: figures.flatMap(({ evidence }) => evidence),
  };
}

function choose(
  named: readonly Artifact[],
  flags: CoverageSource["flags"],
): { readonly wanted: readonly Artifact[]; readonly missing: readonly string[] } {
  const flagOf = (artifact: Artifact): string | undefined =>
    flagOfArtifact(artifact.name)?.toLowerCase();
  const wanted =
    flags === undefined
      ? named
      : named.filter((artifact) => flags.some((flag) => flag.toLowerCase() === flagOf(artifact)));
  return {
    wanted,
    missing: (flags ?? []).filter(
      (flag) => !wanted.some((artifact) => flagOf(artifact) === flag.toLowerCase()),
    ),
  };
}

function said(
  project: number | null,
  patch: number | null,
  evidence: readonly Evidence[],
  { waiting, cut }: Pick<CommitArtifacts, "waiting" | "cut">,
): CoverageFact {
  return {
    kind: "figures",
    from: "service",
    reports: [],
    waiting,
    cut,
    project: project === null ? null : { percent: project, covered: null, valid: null },
    patch:
      patch === null
        ? null
        : {
            percent: patch,
            covered: null,
            valid: null,
            unseen: [],
            uncovered: [],
            uncoveredRanges: 0,
            uncoveredLines: 0,
          },
    noPatch: patch === null ? "the service does not say it" : null,
    workflows: [],
    called: [],
    warnings: [],
    evidence,
  };
}
