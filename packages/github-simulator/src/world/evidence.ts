/** Where a code-scanning alert stands on one ref. */
export interface Instance {
  readonly ref: string;
  sha: string;
  state: "open" | "fixed";
  readonly path: string;
  readonly line: number;
  readonly category: string;
}

export interface CodeAlert {
  readonly number: number;
  readonly tool: string;
  readonly toolVersion: string | null;
  readonly rule: string;
  readonly severity: "none" | "note" | "warning" | "error" | null;
  readonly securitySeverity: "low" | "medium" | "high" | "critical" | null;
  readonly message: string;
  readonly createdAt: number;
  updatedAt: number;
  dismissed: {
    readonly byId: number;
    readonly at: number;
    readonly reason: string;
    readonly comment: string | null;
  } | null;
  readonly instances: Map<string, Instance>;
}

/** One upload of one tool's results for one commit; no alerts in it still proves that the tool ran. */
export interface Analysis {
  readonly id: number;
  readonly ref: string;
  readonly sha: string;
  readonly tool: string;
  readonly toolVersion: string | null;
  readonly category: string;
  /** Path of the workflow that uploaded it. */
  readonly workflow: string;
  readonly results: number;
  readonly error: string;
  readonly warning: string;
  readonly createdAt: number;
}

export interface DependabotAlert {
  readonly number: number;
  state: "open" | "dismissed" | "fixed" | "auto_dismissed";
  readonly ecosystem: string;
  readonly package: string;
  readonly manifest: string;
  readonly scope: "development" | "runtime";
  readonly severity: "low" | "medium" | "high" | "critical";
  readonly ghsa: string;
  readonly cve: string | null;
  readonly range: string;
  readonly patched: string | null;
  readonly createdAt: number;
  updatedAt: number;
  dismissed: {
    readonly byId: number;
    readonly at: number;
    readonly reason: string;
    readonly comment: string | null;
  } | null;
  fixedAt: number | null;
}

export interface SecretLocation {
  readonly path: string;
  readonly line: number;
  readonly sha: string;
}

export interface SecretAlert {
  readonly number: number;
  state: "open" | "resolved";
  readonly type: string;
  readonly secret: string;
  readonly locations: SecretLocation[];
  readonly createdAt: number;
  updatedAt: number;
  resolved: {
    readonly byId: number;
    readonly at: number;
    readonly resolution: string;
    readonly comment: string | null;
  } | null;
}

/** A dependency that a range adds or removes, in the words of the dependency graph. */
/** A package of the dependency graph. */
export interface ListedPackage {
  readonly name: string;
  readonly version: string;
  readonly ecosystem: string;
}

export interface DependencyChange {
  readonly change_type: "added" | "removed";
  readonly manifest: string;
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly package_url: string | null;
  readonly license: string | null;
  readonly source_repository_url: string | null;
  readonly scope: "unknown" | "runtime" | "development";
  readonly vulnerabilities: readonly {
    readonly severity: string;
    readonly advisory_ghsa_id: string;
    readonly advisory_summary: string;
    readonly advisory_url: string;
  }[];
}

export interface Attestation {
  readonly id: number;
  readonly digest: string;
  readonly predicateType: string;
  readonly bundle: Readonly<Record<string, unknown>>;
  /** Kept apart: the list names an address only. */
  readonly stored: boolean;
}

export const scanners = [
  "codeScanning",
  "dependabot",
  "dependencyGraph",
  "secretScanning",
] as const;

/** What the scanners of one repository know; one that is off answers as GitHub's does. */
export interface Evidence {
  readonly enabled: Record<(typeof scanners)[number], boolean>;
  readonly codeAlerts: CodeAlert[];
  readonly analyses: Analysis[];
  readonly dependabotAlerts: DependabotAlert[];
  readonly secretAlerts: SecretAlert[];
  /** By head SHA, and by `base...head` where a base was given. */
  readonly dependencyChanges: Map<string, readonly DependencyChange[]>;
  /** Warnings about missing snapshots, by the same ranges. */
  readonly snapshotWarnings: Map<string, string>;
  /** What GitHub found in the manifests of the default branch. */
  readonly packages: ListedPackage[];
  readonly attestations: Attestation[];
}
