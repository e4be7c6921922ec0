import { createHash } from "node:crypto";
import type { CoverageFact } from "#core/facts/coverage.ts";
import { unnamedWorkflow, type CalledWorkflow } from "#core/facts/workflows.ts";
import type { ChangedFile } from "#core/formats/coverage/patch.ts";
import { matchesAnyName } from "#core/formats/glob.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { usualReports } from "#core/rules/tests/params.ts";
import type { FileLimits } from "#io/github/client/exchange-file.ts";
import { asRepository } from "#io/github/client/requests.ts";
import type { CommitSource } from "../subject-source.ts";
import { sizeProblem } from "./artifact-sizes.ts";
import type { Artifact } from "./artifacts.ts";
import { selfReported, type CommitArtifacts } from "./commit-artifacts.ts";
import type { EvidenceContext } from "./evidence-cache.ts";
import { type NamesBefore, unexplainedFailures } from "./failed-runs.ts";
import type { MeasureResult } from "./measure-archives.ts";
import { expiredReport, parseOnce, type Unread } from "./parse-once.ts";
import { failuresIn } from "./read-tests.ts";

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
  readonly before?: NamesBefore | undefined;
}

/** What the reports in these artifacts say together. */
export async function measured(
  context: EvidenceContext,
  of: CoverageOf,
  wanted: readonly Artifact[],
  { waiting, cut, artifacts: all }: Pick<CommitArtifacts, "waiting" | "cut" | "artifacts">,
  isReport: (name: string) => boolean,
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
          : await unexplainedFailures(context, of.repository, {
              reports: wanted,
              isReport,
              before: of.before ?? (async () => null),
              failuresOf: (run) =>
                failuresIn(
                  context,
                  of.repository,
                  all.filter((one) => one.run === run && matchesAnyName(usualReports, one.name)),
                ),
            });
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
