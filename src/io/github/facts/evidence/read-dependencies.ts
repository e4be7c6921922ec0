import { z } from "zod";
import type { AddedLicenses, ScanSourceFact } from "#core/facts/findings.ts";
import { writePackage } from "#core/formats/findings/package-name.ts";
import {
  addedDependencies,
  type DependencyChange,
  dependencyChangeSchema,
  fromDependencyReview,
  packagesOfBase,
} from "#core/formats/findings/github/dependency-review.ts";
import type { SnapshotWarning } from "#core/formats/findings/github/snapshot-warning.ts";
import type { FindingKey } from "#core/formats/findings/same-finding.ts";
import { repositoryPath } from "#core/formats/findings/repository-path.ts";
import { everyLinked } from "#io/github/client/pages.ts";
import { asRepository } from "#io/github/client/requests.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { CommitArtifacts } from "./commit-artifacts.ts";
import { type Change, type EvidenceContext, placeKey } from "./evidence-cache.ts";
import { noteSnapshots, submitsSnapshots, warningIn } from "./read-snapshots.ts";
import { nothingKnown, unlessOff } from "./source-fact.ts";

/** What GitHub's comparison of two commits' dependencies says: for the findings and for the licences, read once. */
export interface Comparison {
  readonly review: ScanSourceFact;
  readonly licenses: AddedLicenses;
  /** Packages that the base has, as far as the comparison tells. */
  readonly ofBase: readonly FindingKey[];
}

export async function readComparison(
  context: EvidenceContext,
  repository: RepositoryRecord,
  change: Change,
  /** Runs on the judged commit that go on, or were stopped: each may submit a snapshot. */
  running: () => Promise<Pick<CommitArtifacts, "waiting" | "cut">>,
): Promise<Comparison> {
  const { github, caches } = context;
  const { base: baseSha, head: headSha, url } = await change.ends();
  return caches.comparisons.get(`${placeKey(repository)}${baseSha}...${headSha}`, async () => {
    let licenses: AddedLicenses | null = null;
    let ofBase: readonly FindingKey[] = [];
    const review = await unlessOff(
      context,
      `${placeKey(repository)}dependency-review`,
      "the dependency graph",
      async () => {
        const request = github.endpoint(
          "GET /repos/{owner}/{repo}/dependency-graph/compare/{basehead}",
          { owner: repository.owner, repo: repository.name, basehead: `${baseSha}...${headSha}` },
        );
        let warning: SnapshotWarning | null = null as SnapshotWarning | null;
        const changes = await everyLinked(
          github,
          asRepository(repository),
          request,
          z.array(dependencyChangeSchema),
          50,
          (answer) => {
            warning ??= warningIn(answer);
          },
        );
        ofBase = packagesOfBase(changes);
        const seen: ScanSourceFact = {
          ...nothingKnown,
          findings: fromDependencyReview(changes),
          removed: removedIn(changes),
          link: url,
        };
        if (warning?.kind === "differ") await noteSnapshots(context, repository);
        const added = addedDependencies(changes);
        const isPart =
          warning !== null &&
          (warning.kind !== "none" || (await submitsSnapshots(context, repository, baseSha)));
        if (warning !== null && isPart) {
          // What GitHub compares without a snapshot of one of the commits is a part: what it shows counts, and it proves no scan.
          const note = `GitHub's comparison of the dependencies is not complete: ${warning.text}`;
          licenses = { added, note };
          return { ...seen, note };
        }
        const { waiting, cut } = warning === null ? { waiting: [], cut: [] } : await running();
        licenses = { added, note: null, waiting, cut };
        return {
          ...seen,
          waiting,
          cut,
          ignored:
            warning === null
              ? []
              : [
                  "nobody submits snapshots of the dependencies here: those of the manifests that GitHub reads are compared",
                ],
          scans: [{ tool: "dependency-review", kinds: ["dependency"] }],
          evidence: [
            {
              label: `dependencies of ${baseSha.slice(0, 7)}...${headSha.slice(0, 7)}`,
              sha: headSha,
            },
          ],
        };
      },
    );
    return { review, licenses: licenses ?? { added: null, note: review.note }, ofBase };
  });
}

function removedIn(changes: readonly DependencyChange[]): ScanSourceFact["removed"] {
  return changes.flatMap((change) => {
    const manifest =
      change.manifest === null || change.manifest === undefined
        ? undefined
        : repositoryPath(change.manifest);
    return change.change_type === "removed" && manifest !== undefined
      ? [{ package: writePackage(change.ecosystem ?? undefined, change.name), manifest }]
      : [];
  });
}
