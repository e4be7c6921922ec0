/** One problem as GitHub's scanners store it; each scanner's own words are kept in `body`. */
export interface Alert {
  readonly number: number;
  readonly createdAt: number;
  updatedAt: number;
  state: string;
  /** Refs on which the alert stands (code scanning). */
  readonly refs: readonly string[];
  readonly dismissedById: number | null;
  readonly dismissedReason: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Analysis {
  readonly id: number;
  readonly ref: string;
  readonly sha: string;
  readonly tool: string;
  readonly toolVersion: string | null;
  readonly category: string;
  readonly results: number;
  readonly error: string;
  readonly createdAt: number;
}

/** Where a secret stands: a commit's file, or the text of a pull request or comment. */
export interface SecretLocation {
  readonly type: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface Attestation {
  readonly id: number;
  readonly subjectDigest: string;
  readonly predicateType: string;
  readonly bundle: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
}

/** What the scanners of one repository know; a scanner that is off answers as GitHub's does. */
export interface Evidence {
  readonly enabled: { codeScanning: boolean; dependabot: boolean; dependencyGraph: boolean; secretScanning: boolean };
  readonly codeAlerts: Alert[];
  readonly analyses: Analysis[];
  readonly dependabotAlerts: Alert[];
  readonly secretAlerts: Alert[];
  readonly secretLocations: Map<number, SecretLocation[]>;
  /** Keyed `base...head`; absent: nothing changed. */
  readonly dependencyChanges: Map<string, readonly Readonly<Record<string, unknown>>[]>;
  readonly attestations: Attestation[];
}
