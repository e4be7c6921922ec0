import { z } from "zod";
import { openStore } from "#io/database/store/open-store.ts";
import { createFactReader, type ListeningFactReader } from "#io/github/facts/fact-reader.ts";
import { createGitHub, type GitHub } from "#io/github/client/client.ts";
import { createGitHubReader } from "#io/github/read/reader.ts";
import { createPublisher } from "#io/github/publish/publisher.ts";
import type { GitHubReader } from "#core/ports/github.ts";
import type { Publisher } from "#core/ports/publisher.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { type FactResult, lookUp, type Need } from "#core/model/fact.ts";
import {
  Simulator,
  type Simulator as Running,
  type SimulatorOptions,
} from "@gatehouse/github-simulator";
import { checkGraphql } from "@gatehouse/github-simulator/conformance/graphql-schema.ts";
import { checkRequest } from "@gatehouse/github-simulator/conformance/openapi.ts";
import { noMeter, privateKey, recordingLog } from "../local-github.ts";

/** The real client, readers and publisher against a simulated GitHub of their own. */
export interface Simulated {
  readonly sim: Running;
  readonly github: GitHub;
  readonly facts: ListeningFactReader;
  readonly reader: GitHubReader;
  readonly publisher: Publisher;
  readonly log: ReturnType<typeof recordingLog>;
  readonly repository: RepositoryRecord;
  readonly read: <V>(number: number, need: Need<V>) => Promise<FactResult<V> | undefined>;
  /** Calls other than for tokens, since the last look. */
  readonly calls: () => readonly string[];
  /** Fails when anything was sent that GitHub's published descriptions do not know. */
  readonly stop: () => Promise<void>;
}

const graphqlBody = z.object({ query: z.string() });
const clean = new Set<string>();

/** What GitHub's descriptions find wrong with a request of ours; each kind of request is looked at once a file. */
function problemsOf(method: string, url: string, body: unknown): readonly string[] {
  const key = JSON.stringify([method, url, body]);
  if (clean.has(key)) return [];
  const query = graphqlBody.safeParse(body);
  const problems = new URL(url, "http://local").pathname.endsWith("/graphql")
    ? query.success
      ? checkGraphql(query.data.query)
      : ["no query"]
    : checkRequest({ method, url, ...(body === undefined ? {} : { body }) });
  if (problems.length === 0) clean.add(key);
  return problems;
}

export async function simulate(options: Partial<SimulatorOptions> = {}): Promise<Simulated> {
  const problems: string[] = [];
  const sim = await Simulator.start({
    appId: 7,
    onExchange: ({ method, url, requestBody }) =>
      void problems.push(...problemsOf(method, url, requestBody)),
    ...options,
  });
  sim.org({ login: "acme", install: true, members: ["alice", "bob", "carol"] });
  sim.repo({ name: "acme/shop", files: { "README.md": "hello\n" } });
  const log = recordingLog();
  const github = createGitHub({
    appId: 7,
    privateKey,
    baseUrl: `${sim.url}/api/v3`,
    clock: { now: sim.now },
    log,
    meter: noMeter,
    limits: "off",
    timeoutMs: 5_000,
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
  });
  const reader = createGitHubReader(github, { now: sim.now });
  const [installation] = await reader.installations();
  const repository = await reader.findRepository(installation?.id ?? 0, "acme", "shop");
  if (repository === null) throw new Error("the simulated repository is not visible");
  const facts = createFactReader(github, {
    clock: { now: sim.now },
    log,
    store: await openStore({ url: ":memory:" }),
  });
  sim.resetCalls();
  return {
    sim,
    github,
    facts,
    reader,
    publisher: createPublisher(github),
    log,
    repository,
    read: async (number, need) =>
      lookUp(
        await facts
          .open({ kind: "pull_request", repository: repository.id, number }, repository)
          .read([need]),
        need,
      ),
    calls: () => {
      const made = sim.calls
        .filter((call) => !call.isToken)
        .map((call) => `${call.method} ${call.path}`);
      sim.resetCalls();
      return made;
    },
    stop: async () => {
      await sim.stop();
      if (problems.length > 0)
        throw new Error(
          `not valid against GitHub's descriptions:\n${[...new Set(problems)].join("\n")}`,
        );
    },
  };
}

/** The value of a readable fact. */
export function valueOf<V>(result: FactResult<V> | undefined): V {
  if (result?.ok !== true) throw new Error(`not readable: ${JSON.stringify(result)}`);
  return result.value;
}
