import type { FindingKey } from "#core/formats/findings/same-finding.ts";
import type { AddedLicenses, ScanSourceFact } from "#core/facts/findings.ts";
import type { ChangedFile } from "#core/formats/coverage/patch.ts";
import type { Records } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Clock, Log } from "#core/ports/system.ts";
import type { Tickets } from "#core/ports/tickets.ts";
import type { GitHub } from "#io/github/client/client.ts";
import { createExpiringCache, type ExpiringCache } from "../expiring-cache.ts";
import type { CheckedBundle } from "../attestations/verify-bundle.ts";
import type { ChangeSeen } from "../fact-caches.ts";
import type { CommitSource, PullSource } from "../subject-source.ts";
import type { CountingArtifacts } from "./artifacts.ts";
import { createAbsenceCache, type AbsenceCache } from "./absence-cache.ts";
import type { Parsed, ParsePool } from "./parse-pool.ts";
import { createWeighedCache, type WeighedCache } from "./weighed-cache.ts";

const mebibyte = 1024 * 1024;
const minute = 60_000;

/** What was read once and need not be read again, for all repositories; keys begin with installation and repository (threat T45). */
export interface EvidenceCache {
  /** Artifacts of a finished attempt: they do not change, as soon as there are any. */
  readonly artifacts: WeighedCache<CountingArtifacts>;
  /** Downloads, kept for a moment: coverage and scans may be in one artifact. Weighed in bytes. */
  readonly downloads: WeighedCache<Uint8Array>;
  /** Results by the artifacts' ids and digests. Weighed in findings and ranges. */
  readonly parsed: WeighedCache<Parsed>;
  /** Verified bundles by their own digest. Weighed in subjects. */
  readonly attested: WeighedCache<CheckedBundle>;
  /** The diff of a pull request by its two ends. Weighed in characters. */
  readonly diffs: WeighedCache<readonly ChangedFile[]>;
  /** Merge bases, parents of test merges: facts of Git. */
  readonly commits: WeighedCache<readonly string[]>;
  /** What a scanner of GitHub's says of a whole repository. */
  readonly alerts: ExpiringCache<ScanSourceFact>;
  /** Scanners found switched off: asking them each time would cost a call for the same answer. */
  readonly off: AbsenceCache;
  readonly comparisons: ExpiringCache<{
    readonly review: ScanSourceFact;
    readonly licenses: AddedLicenses;
    readonly ofBase: readonly FindingKey[];
  }>;
  /** Whether snapshots of a repository's dependencies are submitted, by the base that was asked. */
  readonly snapshots: ExpiringCache<boolean>;
  /** Reports that could not be read, by what was asked of which artifacts: a hostile one must not hold a thread at each look. */
  readonly unparsed: AbsenceCache;
  /** Commits on the base branch without any report, for a moment: one may come. */
  readonly unmeasured: AbsenceCache;
  readonly forget: (event: ChangeSeen) => void;
}

export function createEvidenceCache(clock: Clock): EvidenceCache {
  const alerts = createExpiringCache<ScanSourceFact>(clock, minute, 500);
  const off = createAbsenceCache(clock, 10 * minute, 5_000);
  const comparisons = createExpiringCache<{
    readonly review: ScanSourceFact;
    readonly licenses: AddedLicenses;
    readonly ofBase: readonly FindingKey[];
  }>(clock, minute, 500);
  const snapshots = createExpiringCache<boolean>(clock, 10 * minute, 2_000);
  const unparsed = createAbsenceCache(clock, 10 * minute, 5_000);
  const unmeasured = createAbsenceCache(clock, 5 * minute, 5_000);
  const artifacts = createWeighedCache<CountingArtifacts>(20_000);
  return {
    artifacts,
    downloads: createWeighedCache(24 * mebibyte),
    parsed: createWeighedCache(60_000),
    attested: createWeighedCache(20_000),
    diffs: createWeighedCache(16 * mebibyte),
    commits: createWeighedCache(20_000),
    alerts,
    off,
    comparisons,
    snapshots,
    unparsed,
    unmeasured,
    forget: (event) => {
      const subject = event.name.split(".", 1)[0] ?? "";
      const place = `${event.installationId ?? ""}:${event.repository?.id ?? ""}:`;
      if (
        /^(?:code_scanning_alert|dependabot_alert|secret_scanning_alert|repository|installation)/.test(
          subject,
        )
      ) {
        for (const cache of [alerts, off, comparisons]) cache.drop((key) => key.startsWith(place));
      }
      // A run may have submitted a snapshot of the dependencies; a comment may ask to look again.
      if (subject === "workflow_run" || subject === "issue_comment")
        for (const cache of [comparisons, snapshots]) cache.drop((key) => key.startsWith(place));
      if (subject === "workflow_run") unmeasured.drop((key) => key.startsWith(place));
      // What was listed in the moment a run ended may not have been all of it.
      if (typeof event.runId === "number")
        artifacts.drop((key) => key.startsWith(`${place}${event.runId}:`));
      // `/gate recheck` looks at everything anew.
      if (subject === "issue_comment") artifacts.drop((key) => key.startsWith(place));
      // The first analysis of a repository may come with no alert at all, and so with no event of its own.
      if (/^(?:workflow_run|check_run|check_suite)$/.test(subject))
        off.drop((key) => key === `${place}code-scanning`);
    },
  };
}

/** What every reader of evidence shares. */
export interface EvidenceContext {
  readonly github: GitHub;
  readonly clock: Clock;
  readonly log: Log;
  readonly pool: ParsePool;
  readonly caches: EvidenceCache;
  /** Keeps coverage figures and fingerprints by commit, so that a base is read once. */
  readonly store: {
    readonly records: Pick<Records, "getValue" | "setValue" | "changeValue">;
    readonly tickets: Pick<Tickets, "open">;
  };
}

/** What is judged: a commit, and the pull request it belongs to where it does. */
export interface Judged {
  readonly repository: RepositoryRecord;
  readonly source: CommitSource;
  readonly pull: PullSource | null;
  /** Branch or tag of a deployment, branch of a merge group. */
  readonly ref: string | null;
  /** The run that asks for a deployment. */
  readonly asking?: number | null | undefined;
  /** What a merge group brings; a pull request's is read from itself. */
  readonly change?: Change | undefined;
}

/** Two commits that are compared, and what lies between them. */
export interface Change {
  readonly baseRef: () => Promise<string>;
  /** The commit where the change left its base branch. */
  readonly mergeBase: () => Promise<string>;
  readonly ends: () => Promise<{
    readonly base: string;
    readonly head: string;
    readonly url: string | null;
  }>;
  /** Every changed file with its patch; complete or "incomplete". */
  readonly diff: () => Promise<readonly ChangedFile[]>;
}

export const codeScanningKey = (repository: RepositoryRecord): string =>
  `${placeKey(repository)}code-scanning`;

export const placeKey = (repository: RepositoryRecord): string =>
  `${repository.installationId}:${repository.id}:`;
