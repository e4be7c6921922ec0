import { attestations } from "#core/facts/attestations.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { Records } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Clock, Log } from "#core/ports/system.ts";
import type { Tickets } from "#core/ports/tickets.ts";
import type { GitHub } from "#io/github/client/client.ts";
import {
  attestationReader,
  createVerifierSource,
  type SigningSource,
} from "../attestations/attestation-reader.ts";
import type { ChangeSeen } from "../fact-caches.ts";
import type { Readers } from "../shared-readers.ts";
import { evidenceReaders } from "./evidence-readers.ts";
import { createEvidenceCache, type EvidenceContext, type Judged } from "./evidence-cache.ts";
import { createParsePool, type ParsePool } from "./parse-pool.ts";

/** The store's part in evidence: figures by commit, and the tickets that were opened. */
export interface EvidenceStore {
  readonly records: Pick<Records, "getValue" | "setValue" | "changeValue">;
  readonly tickets: Pick<Tickets, "open">;
}

/** Reads the facts of the evidence gates: coverage, findings, licences, attestations. */
export interface EvidenceSource {
  readonly readers: (judged: Judged) => Readers;
  /** What only a deployment has. */
  readonly deploymentReaders: (repository: RepositoryRecord, subject: DeploymentSubject) => Readers;
  readonly forget: (event: ChangeSeen) => void;
  readonly close: () => Promise<void>;
}

/** Without a store figures are remembered by this process alone, and there are no tickets. */
export function createEvidence(
  github: GitHub,
  options: {
    readonly clock: Clock;
    readonly log: Log;
    readonly store?: EvidenceStore | undefined;
    readonly pool?: ParsePool | undefined;
    readonly signing?: SigningSource | undefined;
  },
): EvidenceSource {
  const { clock, log } = options;
  const pool = options.pool ?? createParsePool();
  const store = options.store ?? inMemory();
  const caches = createEvidenceCache(clock);
  const context: EvidenceContext = { github, clock, log, pool, caches, store };
  const signing = options.signing ?? publicGoodOfGitHub;
  const verifier = createVerifierSource(signing);
  return {
    readers: (judged) => evidenceReaders(context, judged),
    deploymentReaders: (repository, subject) => ({
      [attestations.name]: attestationReader(context, repository, subject, signing, verifier),
    }),
    forget: caches.forget,
    close: pool.close,
  };
}

const publicGoodOfGitHub: SigningSource = { trustedRoots: null, server: "https://github.com" };

function inMemory(): EvidenceStore {
  const values = new Map<string, string>();
  return {
    records: {
      getValue: async (key) => values.get(key) ?? null,
      setValue: async (key, value) => {
        values.set(key, value);
      },
      changeValue: async (key, change) => {
        const before = values.get(key) ?? null;
        const after = change(before) ?? before;
        if (after !== null) values.set(key, after);
        return after;
      },
    },
    tickets: { open: async () => [] },
  };
}
