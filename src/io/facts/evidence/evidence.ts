import type { Clock, Log, Records, Tickets } from "../../../core/ports.ts";
import type { GitHub } from "../../github/client.ts";
import type { Heard } from "../memory.ts";
import type { Readers } from "../shared-readers.ts";
import { evidenceReaders } from "./evidence-readers.ts";
import { createEvidenceMemory, type EvidenceContext, type Judged } from "./memory.ts";
import { createParsePool, type ParsePool } from "./parse-pool.ts";

/** The store's part in evidence: figures by commit, and the tickets that were opened. */
export interface EvidenceStore {
  readonly records: Pick<Records, "getValue" | "setValue">;
  readonly tickets: Pick<Tickets, "open">;
}

/** Reads the facts of the evidence gates: coverage, findings, licences. */
export interface EvidenceSource {
  readonly readers: (judged: Judged) => Readers;
  readonly forget: (event: Heard) => void;
  readonly close: () => Promise<void>;
}

/** Without a store figures are remembered by this process alone, and there are no tickets. */
export function createEvidence(github: GitHub, options: { readonly clock: Clock; readonly log: Log; readonly store?: EvidenceStore | undefined; readonly pool?: ParsePool | undefined }): EvidenceSource {
  const { clock, log } = options;
  const pool = options.pool ?? createParsePool();
  const store = options.store ?? inMemory();
  const memory = createEvidenceMemory(clock);
  const context: EvidenceContext = { github, clock, log, pool, memory, store };
  return { readers: (judged) => evidenceReaders(context, judged), forget: memory.forget, close: pool.close };
}

function inMemory(): EvidenceStore {
  const values = new Map<string, string>();
  return {
    records: {
      getValue: async (key) => values.get(key) ?? null,
      setValue: async (key, value) => {
        values.set(key, value);
      },
    },
    tickets: { open: async () => [] },
  };
}
