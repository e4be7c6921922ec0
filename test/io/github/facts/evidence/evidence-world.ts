import type { CoverageSource } from "#core/facts/coverage.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lookUp, type FactResult, type Need } from "#core/model/fact.ts";
import type { Subject } from "#core/model/subject.ts";
import type { Store } from "#core/ports/store.ts";
import { createFactReader } from "#io/github/facts/fact-reader.ts";
import { openStore } from "#io/database/store/open-store.ts";
import { simulate, type Simulated } from "../simulated.ts";

/** A simulated GitHub with one open pull request on `acme/shop`, whose change the tests bring evidence for. */
export interface EvidenceWorld extends Simulated {
  readonly store: Store;
  readonly number: number;
  readonly headSha: string;
  readonly baseSha: string;
  /** As after a restart: what is known is what the store has kept. */
  readonly anew: () => void;
  /** Reads one fact anew, as a later evaluation does. */
  readonly fact: <V>(need: Need<V>, subject?: Subject) => Promise<FactResult<V> | undefined>;
}

export const repo = "acme/shop";
export const anywhere: CoverageSource = {};

/** `src/a.ts` of four lines, of which the pull request changes the last two. */
export async function evidenceWorld(
  files: Readonly<Record<string, string>> = {},
): Promise<EvidenceWorld> {
  const world = await simulate();
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-evidence-"));
  const store = await openStore({
    url: `file:${join(folder, "gatehouse.db")}`,
    now: world.sim.now,
  });
  const newReader = () =>
    createFactReader(world.github, { clock: { now: world.sim.now }, log: world.log, store });
  let facts = newReader();
  world.sim.commit({
    repo,
    files: { "src/a.ts": "one\ntwo\nthree\nfour\n", "src/b.ts": "one\ntwo\n" },
    author: "bob",
  });
  const { number, headSha, baseSha } = world.sim.openPull({
    repo,
    author: "alice",
    files: { "src/a.ts": "one\ntwo\nTHREE\nFOUR\n", ...files },
  });
  world.sim.resetCalls();
  return {
    ...world,
    facts,
    store,
    number,
    headSha,
    baseSha,
    fact: async (
      need,
      subject = { kind: "pull_request", repository: world.repository.id, number },
    ) => lookUp(await facts.open(subject, world.repository).read([need]), need),
    anew: () => {
      facts = newReader();
    },
    stop: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
      await world.stop();
    },
  };
}

/** An lcov report: hits by line, by file. */
export function lcov(files: Readonly<Record<string, Readonly<Record<number, number>>>>): string {
  return Object.entries(files)
    .map(([path, lines]) =>
      [
        "TN:",
        `SF:${path}`,
        ...Object.entries(lines).map(([line, hits]) => `DA:${line},${hits}`),
        "end_of_record",
      ].join("\n"),
    )
    .join("\n");
}

/** Three of four lines of `src/a.ts` run; of the two changed ones the last does not. */
export const threeOfFour = lcov({ "src/a.ts": { 1: 1, 2: 1, 3: 2, 4: 0 } });
