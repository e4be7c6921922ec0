import type {
  Finding,
  FindingKind,
  FindingSource,
  Severity,
} from "#core/formats/findings/finding.ts";
import type { FindingKey } from "#core/formats/findings/same-finding.ts";
import type { AddedDependency } from "#core/formats/findings/github/dependency-review.ts";
import type { Evidence } from "#core/model/evidence.ts";
import { defineFact, type FactDefinition } from "#core/model/fact.ts";
import { diffChanges } from "./diff-changes.ts";
import { runChanges } from "./run-changes.ts";

/** A scan of exactly the judged commit (or, for a comparison, of what it changes). */
export interface ScanFact {
  readonly tool: string;
  readonly kinds: readonly FindingKind[];
  /** Workflow files that uploaded what this tool found; left out where the source's own list tells it. */
  readonly workflows?: readonly string[] | undefined;
}

/** A package that the change removes from a manifest, so that alerts on it are being fixed. */
export interface RemovedDependency {
  /** A package URL without a version, or a name. */
  readonly package: string;
  readonly manifest: string;
}

/** `until`: epoch ms from which it is waited for no longer; left out where only its scan ends the wait. */
export interface AwaitedScan extends ScanFact {
  readonly until?: number | undefined;
}

/** For readers: what is gone, and what restores or replaces it. */
export interface LostAnalysis {
  readonly what: string;
  readonly remedy: string;
}

/**
 * What one source of findings reports for the judged commit. An empty list of findings does not prove a scan;
 * `scans` does. `off`: the repository does not have the source (switched off, or not in its plan), unlike a source
 * that cannot be read, which gives no value at all.
 */
export interface ScanSourceFact {
  readonly state: "on" | "off";
  /** Why it is off, or has not scanned this commit; null where nothing is to be said. */
  readonly note: string | null;
  readonly findings: readonly Finding[];
  /** Findings beyond those that are kept one by one (the gravest), by severity; they count as open, unwaived and new. */
  readonly beyond: Readonly<Partial<Record<Severity, number>>>;
  readonly scans: readonly ScanFact[];
  /** Reports that prove no scan: they say that it failed, or nobody says whose they are. */
  readonly failed: readonly { readonly tool: string; readonly reason: string }[];
  /** Reports of this commit that cannot be read: nobody knows what is in them. */
  readonly unreadable: readonly string[];
  /** Analyses of this commit whose findings disappeared without proof that they were fixed. */
  readonly lost?: readonly LostAnalysis[] | undefined;
  /** Tools that scanned an earlier head of the pull request, and not this one. */
  readonly awaited?: readonly AwaitedScan[] | undefined;
  /** Runs that may still bring a report. */
  readonly waiting: readonly string[];
  /** Runs that were stopped before they had reported, in words. */
  readonly cut?: readonly string[] | undefined;
  /** What was found and does not count, and why. */
  readonly ignored: readonly string[];
  /** When dismissed findings were dismissed, epoch ms by fingerprint; left out where GitHub does not say. */
  readonly dismissedAt: Readonly<Record<string, number>>;
  readonly removed: readonly RemovedDependency[];
  /** Workflow files whose runs brought the reports. */
  readonly workflows: readonly string[];
  /** Where a reader finds all of it. */
  readonly link: string | null;
  readonly evidence: readonly Evidence[];
}

const runs = [
  "workflow_run.completed",
  "pull_request.opened",
  "pull_request.synchronize",
  "pull_request.reopened",
] as const;

export const codeScanning = defineFact<void, ScanSourceFact>({
  name: "findings_code_scanning",
  summary: "Code scanning: alerts on the change, and the analyses of exactly this commit.",
  changedBy: ["code_scanning_alert", "check_run.completed", ...runs],
  permissions: ["security_events"],
  cost: 2,
  describe: () => "the code scanning alerts",
});

export const dependabotAlerts = defineFact<void, ScanSourceFact>({
  name: "findings_dependabot",
  summary: "Dependabot alerts of the default branch.",
  changedBy: [
    "dependabot_alert",
    "pull_request.opened",
    "pull_request.synchronize",
    "pull_request.reopened",
  ],
  permissions: ["vulnerability_alerts"],
  cost: "shared",
  describe: () => "the Dependabot alerts",
});

export const dependencyReview = defineFact<void, ScanSourceFact>({
  name: "findings_dependency_review",
  summary: "Known vulnerabilities of the dependencies that the change adds, and what it removes.",
  // A workflow may submit a snapshot of the dependencies: the comparison of the same commits says more afterwards.
  changedBy: ["pull_request.edited", ...runs],
  permissions: ["contents"],
  cost: 1,
  describe: () => "the dependency review",
});

export const secretScanning = defineFact<void, ScanSourceFact>({
  name: "findings_secret_scanning",
  summary: "Secret scanning alerts of the repository; never the secrets themselves.",
  changedBy: [
    "secret_scanning_alert",
    "secret_scanning_alert_location",
    "pull_request.opened",
    "pull_request.synchronize",
    "pull_request.reopened",
  ],
  permissions: ["secret_scanning_alerts"],
  cost: "shared",
  describe: () => "the secret scanning alerts",
});

export const scanArtifacts = defineFact<void, ScanSourceFact>({
  name: "findings_artifacts",
  summary: "Scan reports in the artifacts of this commit's own workflow runs.",
  changedBy: [...runs, ...runChanges],
  permissions: ["actions"],
  cost: 2,
  describe: () => "the scan reports in artifacts",
});

/** One fact per source, in the words of `findings.from`. */
export const scanSources = {
  "code-scanning": codeScanning,
  dependabot: dependabotAlerts,
  "dependency-review": dependencyReview,
  "secret-scanning": secretScanning,
  artifacts: scanArtifacts,
} as const satisfies Readonly<Record<FindingSource, FactDefinition<void, ScanSourceFact>>>;

/** Sources whose findings may be known in the base already; dependency review tells of its packages. */
export const comparedSources = [
  "code-scanning",
  "secret-scanning",
  "artifacts",
  "dependency-review",
] as const;
export type ComparedSource = (typeof comparedSources)[number];

/** What a source says that the base has; null: it never scanned the base, or that cannot be told. */
export const baseFindings = defineFact<ComparedSource, readonly FindingKey[] | null>({
  name: "findings_base",
  summary: "What the base branch has already: findings by fingerprint, package and place.",
  changedBy: [...diffChanges, "code_scanning_alert", "secret_scanning_alert_location"],
  permissions: ["actions", "contents", "secret_scanning_alerts", "security_events"],
  cost: 3,
  describe: (source) => `the findings of the base (${source})`,
});

/** The dependencies that the change adds, with their licences as GitHub knows them; null: GitHub compares none here. */
export interface AddedLicenses {
  readonly added: readonly AddedDependency[] | null;
  /** Why there is no comparison, or only a part of one; null where there is a whole one. */
  readonly note: string | null;
  /** Runs that may still bring more. */
  readonly waiting?: readonly string[] | undefined;
  /** Runs that were stopped before they had brought it, in words. */
  readonly cut?: readonly string[] | undefined;
}

export const addedLicenses = defineFact<void, AddedLicenses>({
  name: "licenses_added",
  summary:
    "Licences of the dependencies that the change adds, from GitHub's dependency comparison.",
  changedBy: ["pull_request.edited", ...runs],
  permissions: ["contents"],
  cost: 1,
  describe: () => "the licences of added dependencies",
});

/** An issue that Gatehouse opened for a finding of the default branch. */
export interface FindingTicket {
  readonly fingerprint: string;
  readonly issue: number | null;
  readonly state: "wanted" | "open" | "closed";
  /** Epoch ms. */
  readonly dueAt: number | null;
}

export const findingTickets = defineFact<void, readonly FindingTicket[]>({
  name: "findings_tickets",
  summary:
    "Issues that were opened for findings and are not settled; from Gatehouse's own records.",
  changedBy: ["issues.closed", "issues.reopened", "issues.deleted", "issues.transferred"],
  permissions: ["issues"],
  cost: 3,
  describe: () => "the tickets of findings",
});

/** Commit at the tip of a branch. */
export const branchTip = defineFact<string, string>({
  name: "branch_tip",
  summary: "The commit at the tip of a branch.",
  changedBy: ["push"],
  permissions: ["contents"],
  cost: 3,
  describe: (branch) => `the tip of ${branch}`,
});
