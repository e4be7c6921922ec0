import { createHash } from "node:crypto";
import {
  attestations,
  type AttestationFact,
  type AttestationQuery,
  type AttestationsFact,
} from "#core/facts/attestations.ts";
import { lookUp, type FactResult } from "#core/model/fact.ts";
import { createFactReader } from "#io/github/facts/fact-reader.ts";
import { openStore } from "#io/database/store/open-store.ts";
import {
  sigstoreInstance,
  type Signing,
  type SigstoreInstance,
} from "../../../../support/sigstore-instance.ts";
import { simulate, type Simulated } from "../simulated.ts";

export const repo = "acme/shop";
export const slsa = "https://slsa.dev/provenance/v1";
export const sha256 = (text: string): string =>
  `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** A deployment of `acme/shop` to production that waits, in a world with a Sigstore instance of its own. */
export interface AttestationWorld extends Simulated {
  readonly sigstore: SigstoreInstance;
  readonly sha: string;
  readonly run: number;
  /** Uploads an artifact from the run that deploys, unless another is named; answers its digest. */
  readonly upload: (name: string, files?: Readonly<Record<string, string>>, run?: number) => string;
  /** Signs as the deploying workflow does, and keeps the bundle at GitHub. */
  readonly attest: (
    digest: string,
    signing?: Partial<Signing>,
    kept?: { readonly under?: string; readonly stored?: boolean },
  ) => Promise<void>;
  readonly asked: (
    query?: Partial<AttestationQuery>,
  ) => Promise<FactResult<AttestationsFact> | undefined>;
}

export async function attestationWorld(
  options: { readonly trustedRoots?: string | null } = {},
): Promise<AttestationWorld> {
  const [world, sigstore] = await Promise.all([simulate(), sigstoreInstance()]);
  const { sim, repository } = world;
  const server = sim.url;
  const store = await openStore({ url: ":memory:" });
  const facts = createFactReader(world.github, {
    clock: { now: sim.now },
    log: world.log,
    store,
    signing: {
      trustedRoots:
        options.trustedRoots === undefined ? sigstore.trustedRoot : options.trustedRoots,
      server,
    },
  });
  const { sha } = sim.commit({ repo, files: { "src/a.ts": "1\n" }, author: "bob" });
  sim.environment({ repo, name: "production", gate: true });
  const { run, deployments } = sim.deploy({
    repo,
    environment: "production",
    sha,
    path: ".github/workflows/release.yml",
  });
  sim.resetCalls();
  const issuer = `${server}/_services/token`;
  return {
    ...world,
    facts,
    sigstore,
    sha,
    run,
    upload: (name, files = { [name]: name }, of = run) =>
      sim.artifact({ repo, run: of, name, files }).digest,
    attest: async (digest, signing = {}, { under = digest, stored = false } = {}) => {
      const bundle = await sigstore.sign({
        digest,
        server,
        issuer,
        repositoryId: repository.id,
        commit: sha,
        ...signing,
      });
      sim.attestation({
        repo,
        digest: under,
        bundle,
        predicateType: signing.predicate ?? slsa,
        stored,
      });
    },
    asked: async (query = {}) => {
      const need = attestations.need({ subject: undefined, predicate: slsa, ...query });
      return lookUp(
        await facts
          .open(
            {
              kind: "deployment",
              repository: repository.id,
              deploymentId: deployments[0]?.id ?? 0,
              environment: "production",
              sha,
              ref: "main",
              runId: run,
            },
            repository,
          )
          .read([need]),
        need,
      );
    },
    stop: async () => {
      await store.close();
      await world.stop();
    },
  };
}

/** How each artifact stands: its name and the kinds of its attestations. */
export const kindsOf = ({
  artifacts,
}: AttestationsFact): readonly (readonly [string, ...AttestationFact["kind"][]])[] =>
  artifacts.map(({ name, attestations: kept }) => [name, ...kept.map(({ kind }) => kind)]);
