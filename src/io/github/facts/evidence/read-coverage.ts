import { createHash } from "node:crypto";
import type { CoverageFact, CoverageSource } from "#core/facts/coverage.ts";
import { unnamedWorkflow, type CalledWorkflow } from "#core/facts/workflows.ts";
import { flagOfArtifact } from "#core/formats/coverage/flags.ts";
import type { ChangedFile } from "#core/formats/coverage/patch.ts";
import { matchesAnyName, matchesName } from "#core/formats/glob.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { Evidence } from "#core/model/evidence.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { FileLimits } from "#io/github/client/exchange-file.ts";
import { asRepository } from "#io/github/client/requests.ts";
import { usualReports } from "#core/rules/tests/params.ts";
import { readAllChecks } from "../read-checks.ts";
import type { CommitSource } from "../subject-source.ts";
import { sizeProblem } from "./artifact-sizes.ts";
import type { Artifact } from "./artifacts.ts";
import { heldAgainst, selfReported, type CommitArtifacts } from "./commit-artifacts.ts";
import type { MeasureResult } from "./measure-archives.ts";
import type { EvidenceContext } from "./evidence-cache.ts";
import { expiredReport, lostReport, parseOnce, type Unread } from "./parse-once.ts";
import { unexplainedFailures } from "./failed-runs.ts";
import { readServiceWord } from "./read-service.ts";
import { failuresIn, mayHaveReported } from "./read-tests.ts";
import { layersOf } from "./run-layers.ts";
import { isOfFork } from "./workflow-runs.ts";

const defaultArtifact = "coverage*";
const mostArtifacts = 40;
const treeLimits: FileLimits = { maxBytes: 64 * 1024 * 1024, idleMs: 10_000, totalMs: 30_000 };

/** Where one commit's coverage is read from. `source` null: its checks are not looked at. */
export interface CoverageOf {
  readonly repository: RepositoryRecord;
  readonly sha: string;
  readonly artifacts: (workflow: string | undefined) => Promise<CommitArtifacts>;
  readonly source: CommitSource | null;
  /** The diff to lay under the reports; null: none. A refusal says why there is no patch figure. */
  readonly diff: () => Promise<readonly ChangedFile[]>;
  /** Of a commit to compare with: where its reports have expired, an earlier one will do. */
  readonly isBase?: boolean | undefined;
}

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
  const isNamed = ({ name }: Artifact): boolean =>
    matchesName(glob, name) && place.artifacts?.includes(name) !== false;
  const named = found.artifacts.filter(isNamed);
  const against = heldAgainst(found, "coverage").filter(isNamed);
  const deleted = against.find((artifact) => artifact.gone !== undefined);
  if (deleted !== undefined) throw lostReport(deleted);
  const layers = layersOf(named).map((layer) => choose(layer, place.flags, of.isBase === true));
  const { wanted, missing } = layers.find((layer) => layer.missing.length > 0) ??
    layers[0] ?? { wanted: [], missing: place.flags ?? [] };
  const notes = [...found.ignored.filter((line) => mayHaveReported.test(line))];
  const { waiting, cut } = found;
  const lacking = unmatched(against, named);
  if (lacking.length > 0) return { kind: "absent", waiting, cut, ignored: [...lacking, ...notes] };
  const beside = await Promise.all(
    layersOf(against.filter(isWhole)).map((layer) => measured(context, of, layer, found)),
  );
  await found.keep("coverage", [...named, ...against]);
  if (wanted.length > 0 && missing.length === 0) {
    const facts = await Promise.all(
      layers.map((layer) => measured(context, of, layer.wanted, found)),
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

/** A figure counts wherever it comes from; that there is none proves nothing. */
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

/** A report that expired may have been the lower one: without it the others are a part taken for the whole. */
function choose(
  named: readonly Artifact[],
  flags: CoverageSource["flags"],
  isBase: boolean,
): { readonly wanted: readonly Artifact[]; readonly missing: readonly string[] } {
  const flagOf = (artifact: Artifact): string | undefined =>
    flagOfArtifact(artifact.name)?.toLowerCase();
  const wanted =
    flags === undefined
      ? named
      : named.filter((artifact) => flags.some((flag) => flag.toLowerCase() === flagOf(artifact)));
  const expired = wanted.find((artifact) => artifact.expired);
  if (expired !== undefined && isBase) return { wanted: [], missing: [] };
  if (expired !== undefined) throw expiredReport(expired.name);
  return {
    wanted,
    missing: (flags ?? []).filter(
      (flag) => !wanted.some((artifact) => flagOf(artifact) === flag.toLowerCase()),
    ),
  };
}

async function measured(
  context: EvidenceContext,
  of: CoverageOf,
  wanted: readonly Artifact[],
  { waiting, cut, artifacts: all }: Pick<CommitArtifacts, "waiting" | "cut" | "artifacts">,
): Promise<CoverageFact> {
  const tooMuch = sizeProblem(wanted, "coverage artifacts", mostArtifacts);
  if (tooMuch !== null) return { kind: "unusable", problems: [tooMuch] };
  const diff = await of.diff().then(
    (files) => ({ files, problem: null }),
    (error: unknown) => {
      // A diff that GitHub does not show whole costs the patch figure, not the project's.
      if (error instanceof GatehouseError && error.code === "incomplete")
        return { files: null, problem: error.message };
      throw error;
    },
  );
  const result = await measureOnce({ context, of }, wanted, diff.files);
  switch (result.kind) {
    case "expired":
      if (of.isBase === true) return { kind: "absent", waiting: [], ignored: [] };
      throw expiredReport(result.names);
    case "problem":
      return { kind: "unusable", problems: [result.problem] };
    case "unusable":
      return { kind: "unusable", problems: result.problems };
    case "absent":
      return {
        kind: "absent",
        waiting: [],
        ignored:
          result.others.length === 0
            ? wanted.map((artifact) => `artifact ${artifact.name}: holds no coverage report`)
            : result.others,
      };
    case "measured": {
      const { covered, valid, percent, patch, noPatch, warnings } = result.measured;
      const unexplained =
        of.isBase === true
          ? []
          : await unexplainedFailures(context, of.repository, wanted, (run) =>
              failuresIn(
                context,
                of.repository,
                all.filter((one) => one.run === run && matchesAnyName(usualReports, one.name)),
              ),
            );
      return {
        kind: "figures",
        from: "artifact",
        reports: [...new Set(wanted.map((artifact) => artifact.name))].sort(),
        waiting,
        cut,
        ...(unexplained.length === 0 ? {} : { unexplained }),
        project: { percent, covered, valid },
        patch,
        noPatch: patch === null ? (diff.problem ?? noPatch) : null,
        workflows: [...new Set(wanted.map((artifact) => artifact.run.path ?? unnamedWorkflow))],
        called: calledByAll(wanted),
        warnings,
        evidence: wanted.map((artifact) => selfReported(artifact)),
      };
    }
  }
}

/** What only some of the runs called says nothing of the others' reports. */
function calledByAll([first, ...others]: readonly Artifact[]): readonly CalledWorkflow[] {
  return (first?.run.called ?? []).filter(({ path, sha }) =>
    others.every(({ run }) => run.called.some((one) => one.path === path && one.sha === sha)),
  );
}

/** By content: the same artifacts under the same diff are measured once. */
function measureOnce(
  { context, of }: { readonly context: EvidenceContext; readonly of: CoverageOf },
  wanted: readonly Artifact[],
  changed: readonly ChangedFile[] | null,
): Promise<MeasureResult | Unread> {
  const { repository, sha } = of;
  const diff =
    changed === null ? "" : createHash("sha256").update(JSON.stringify(changed)).digest("hex");
  const tree = context.github.endpoint("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", {
    owner: repository.owner,
    repo: repository.name,
    tree_sha: sha,
    recursive: "1",
  });
  return parseOnce(context, repository, wanted, {
    key: `coverage:${diff}`,
    taskOf: (archives) => ({ kind: "measure", archives, changed }),
    tree: () => context.github.file(asRepository(repository), tree, treeLimits),
    narrow: (result) =>
      result.kind === "scanned" || result.kind === "digested" || result.kind === "tested"
        ? undefined
        : result,
    weigh: () => 50,
  });
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
