import { z } from "zod";
import type {
  AttestationQuery,
  AttestationsFact,
  AttestedArtifact,
} from "#core/facts/attestations.ts";
import { matchesName } from "#core/formats/glob.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { isDigest } from "#core/rules/attestation/params.ts";
import { artifactLimits } from "../archive.ts";
import type { Artifact } from "../evidence/artifacts.ts";
import { download, identityOf, megabytes } from "../evidence/commit-artifacts.ts";
import { type EvidenceContext, placeKey } from "../evidence/evidence-cache.ts";
import type { Read } from "../shared-readers.ts";
import { deployedArtifacts } from "./deployed-artifacts.ts";
import { readBundles } from "./read-bundles.ts";
import type { VerifyBundle } from "./verify-bundle.ts";

/** Who is believed, and whose workflows are meant. */
export interface SigningSource {
  /** Text of trusted roots; null: the public-good instance that was shipped. */
  readonly trustedRoots: string | null;
  /** GitHub's web address: `https://github.com`. */
  readonly server: string;
}

/** Artifacts and files of one deployment that are looked up, and archives that are opened for their files. */
const mostLookedUp = 50;
const mostOpened = 10;

const query = z.object({ subject: z.string().optional(), predicate: z.string() });

/** Something whose attestations can be looked up, or why it cannot. */
type Candidate = Omit<AttestedArtifact, "attestations">;

/** What vouches for the workflow runs of a GitHub. */
export function issuerOf(server: string): string {
  const { host } = new URL(server);
  if (host === "github.com") return "https://token.actions.githubusercontent.com";
  return host.endsWith(".ghe.com") ? `https://token.actions.${host}` : `${server}/_services/token`;
}

/** Made when the first rule asks: Sigstore's libraries are slow to load, and most organisations never need them. */
export function createVerifierSource({
  trustedRoots,
  server,
}: SigningSource): () => Promise<VerifyBundle> {
  let made: Promise<VerifyBundle> | undefined;
  const make = async (): Promise<VerifyBundle> => {
    const [{ createBundleVerifier }, { publicGoodRoot, readTrustedRoots }] = await Promise.all([
      import("./verify-bundle.ts"),
      import("./trusted-roots.ts"),
    ]);
    return createBundleVerifier(
      trustedRoots === null ? publicGoodRoot() : readTrustedRoots(trustedRoots),
      server,
    );
  };
  return () => (made ??= make());
}

/** Reads which artifacts a deployment is of, and what attests them. */
export function attestationReader(
  context: EvidenceContext,
  repository: RepositoryRecord,
  subject: DeploymentSubject,
  signing: SigningSource,
  verifier: () => Promise<VerifyBundle>,
): (params: unknown) => Promise<Read> {
  return async (params) => {
    const asked = query.parse(params);
    const verify = await verifier();
    const attested = async (candidate: Candidate): Promise<AttestedArtifact> => {
      if (candidate.digest === null) return { ...candidate, attestations: [] };
      const { attestations, cut } = await readBundles(
        context,
        repository,
        candidate.digest,
        asked.predicate,
        verify,
      );
      return {
        ...candidate,
        problem: cut ? "it has more attestations than are read" : candidate.problem,
        attestations,
      };
    };
    const found = await candidatesOf(context, repository, subject, asked, attested);
    const value: AttestationsFact = {
      repository: `${repository.owner}/${repository.name}`,
      issuer: issuerOf(signing.server),
      ...found,
    };
    return { value, evidence: [{ label: "attested artifacts of", sha: subject.sha }] };
  };
}

type Found = Pick<AttestationsFact, "artifacts" | "waiting" | "ignored">;

async function candidatesOf(
  context: EvidenceContext,
  repository: RepositoryRecord,
  { sha, runId }: DeploymentSubject,
  { subject }: AttestationQuery,
  attested: (candidate: Candidate) => Promise<AttestedArtifact>,
): Promise<Found> {
  if (subject !== undefined && isDigest(subject))
    return {
      artifacts: [await attested({ name: subject, digest: subject, problem: null, run: null })],
      waiting: [],
      ignored: [],
    };
  const { deploying, others, waiting, ignored } = await deployedArtifacts(
    context,
    repository,
    sha,
    runId,
  );
  if (subject === undefined)
    return {
      artifacts: await all([...deploying, ...others].map(candidateOf), attested),
      waiting,
      ignored,
    };
  // What the run that deploys has made itself is what it deploys; only then other runs of the commit are looked at.
  for (const group of [deploying, others]) {
    const named = group.filter(({ name }) => matchesName(subject, name));
    if (named.length > 0)
      return {
        artifacts: (
          await Promise.all(
            named.map((artifact) => orItsFiles(context, repository, artifact, attested)),
          )
        ).flat(),
        waiting,
        ignored,
      };
    const files = await filesNamed(context, repository, group, subject);
    if (files.length > 0) return { artifacts: await all(files, attested), waiting, ignored };
  }
  return { artifacts: [], waiting, ignored };
}

async function all(
  candidates: readonly Candidate[],
  attested: (candidate: Candidate) => Promise<AttestedArtifact>,
): Promise<readonly AttestedArtifact[]> {
  if (candidates.length > mostLookedUp)
    throw new GatehouseError(
      "unsupported",
      `there are ${candidates.length} artifacts to look up, more than ${mostLookedUp}: name fewer by subject`,
    );
  return Promise.all(candidates.map(attested));
}

const candidateOf = ({ name, digest, run }: Artifact): Candidate => ({
  name,
  digest,
  problem: digest === null ? "GitHub gives no digest of it" : null,
  run: { id: run.id, workflow: run.path ?? run.name, url: run.url },
});

/** An artifact is attested as the archive it is kept in, or file by file: then each of its files has to be. */
async function orItsFiles(
  context: EvidenceContext,
  repository: RepositoryRecord,
  artifact: Artifact,
  attested: (candidate: Candidate) => Promise<AttestedArtifact>,
): Promise<readonly AttestedArtifact[]> {
  const whole = await attested(candidateOf(artifact));
  if (whole.attestations.length > 0 || artifact.expired) return [whole];
  const files = await filesOf(context, repository, artifact);
  if ("problem" in files) return [{ ...whole, problem: files.problem }];
  const each = await all(
    files.map((file) => ({ ...candidateOf(artifact), ...file, problem: null })),
    attested,
  );
  return each.some(({ attestations }) => attestations.length > 0) ? each : [whole];
}

/** Files inside artifacts, by their path or their name alone. */
async function filesNamed(
  context: EvidenceContext,
  repository: RepositoryRecord,
  artifacts: readonly Artifact[],
  subject: string,
): Promise<readonly Candidate[]> {
  const live = artifacts.filter(({ expired }) => !expired);
  if (live.length > mostOpened)
    throw new GatehouseError(
      "unsupported",
      `there are ${live.length} artifacts to look into, more than ${mostOpened}: name the artifact by subject, not a file of it`,
    );
  const read = await Promise.all(
    live.map(async (artifact) => ({
      artifact,
      files: await filesOf(context, repository, artifact),
    })),
  );
  const wanted = read.flatMap(({ artifact, files }) =>
    "problem" in files
      ? []
      : files
          .filter(
            ({ name }) =>
              matchesName(subject, name) || matchesName(subject, name.split("/").at(-1) ?? name),
          )
          .map((file): Candidate => ({ ...candidateOf(artifact), ...file, problem: null })),
  );
  // One that cannot be opened may hold a file of that name: it stands in the way.
  const closed = read.flatMap(({ artifact, files }): readonly Candidate[] =>
    "problem" in files ? [{ ...candidateOf(artifact), digest: null, problem: files.problem }] : [],
  );
  return [...wanted, ...closed];
}

type Files = readonly { readonly name: string; readonly digest: string }[];

async function filesOf(
  context: EvidenceContext,
  repository: RepositoryRecord,
  artifact: Artifact,
): Promise<Files | { readonly problem: string }> {
  if (artifact.bytes > artifactLimits.archiveBytes)
    return { problem: `it has ${megabytes(artifact.bytes)} and is not opened` };
  const { pool, caches } = context;
  try {
    const { result } = await caches.parsed.get(
      `${placeKey(repository)}digests:${identityOf(artifact)}`,
      async () =>
        pool.parse({
          kind: "digest",
          archive: {
            artifact: artifact.name,
            digest: artifact.digest,
            bytes: await download(context, repository, artifact),
          },
        }),
      (parsed) => 10 + (parsed.result.kind === "digested" ? parsed.result.files.length : 0),
    );
    if (result.kind !== "digested") return { problem: "it cannot be opened" };
    return result.problem === null ? result.files : { problem: result.problem };
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error;
    if (error.code === "not_found") return [];
    if (error.code !== "invalid" && error.code !== "incomplete") throw error;
    return { problem: error.message };
  }
}
