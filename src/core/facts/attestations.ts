import { defineFact } from "#core/model/fact.ts";

/** Which artifacts, and which statement about them: `subject` as the policy writes it, a name glob or a digest. */
export interface AttestationQuery {
  readonly subject?: string | undefined;
  readonly predicate: string;
}

/** What a certificate says of the workflow run that signed, in GitHub's words; null where it says nothing. */
export interface AttestationSigner {
  /** Who vouched for the run: the token service of a GitHub. */
  readonly issuer: string | null;
  /** `owner/repo/.github/workflows/release.yml@refs/heads/main`; the whole address where it is no workflow of this GitHub. */
  readonly workflow: string | null;
  /** `owner/repo` that the run belongs to; the whole address where it is not of this GitHub. */
  readonly repository: string | null;
  readonly repositoryId: number | null;
  /** The commit that the run ran on. */
  readonly commit: string | null;
  /** The event that started the run. */
  readonly trigger: string | null;
  readonly runUrl: string | null;
}

/**
 * One attestation that GitHub keeps for an artifact.
 * - `verified`: its signature, certificate and time hold. What it says may still be about something else.
 * - `refused`: it does not hold; `reason` says what of it.
 * - `unreadable`: nobody can tell here; `reason` says why and `remedy` who can change that.
 */
export type AttestationFact =
  | {
      readonly kind: "verified";
      readonly predicate: string;
      readonly attests: boolean;
      readonly signer: AttestationSigner;
    }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "unreadable"; readonly reason: string; readonly remedy: string };

export interface AttestedArtifact {
  readonly name: string;
  /** `sha256:…`; null where GitHub gives none and none could be taken, which `problem` explains. */
  readonly digest: string | null;
  readonly problem: string | null;
  /** The workflow run that made it; null where it was named by its digest. */
  readonly run: {
    readonly id: number;
    readonly workflow: string;
    readonly url: string | null;
  } | null;
  readonly attestations: readonly AttestationFact[];
}

export interface AttestationsFact {
  /** `owner/repo` of the deployment. */
  readonly repository: string;
  /** The issuer of this GitHub's workflow runs. */
  readonly issuer: string;
  readonly artifacts: readonly AttestedArtifact[];
  /** Workflows that may still bring artifacts. */
  readonly waiting: readonly string[];
  /** What was found and does not count, and why. */
  readonly ignored: readonly string[];
}

export const attestations = defineFact<AttestationQuery, AttestationsFact>({
  name: "attestations",
  summary: "The deployed commit's artifacts and their attestations, each one's signature verified.",
  // GitHub tells nobody that an attestation was made; it is made by a job, and jobs and runs end with an event.
  changedBy: ["workflow_run.completed", "check_run.completed"],
  permissions: ["actions", "attestations"],
  cost: 3,
  describe: () => "the attestations",
});
