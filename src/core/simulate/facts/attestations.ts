import { z } from "zod";
import {
  attestations,
  type AttestationFact,
  type AttestationQuery,
  type AttestationsFact,
  type AttestedArtifact,
} from "#core/facts/attestations.ts";
import { matchesName } from "#core/formats/glob.ts";
import { slsaProvenance } from "#core/rules/attestation/params.ts";
import { simulateFact } from "./simulated-fact.ts";
import type { GivenFacts } from "./schema.ts";
import type { World } from "./world.ts";

type AttestationWords = NonNullable<GivenFacts["attestations"]>[number];

const issuer = "https://token.actions.githubusercontent.com";
/** Id of the repository that is judged, and of any other. */
const [here, elsewhere] = [1, 2];

function factOf(query: AttestationQuery, world: World): AttestationsFact {
  const artifacts = new Map<string, AttestedArtifact>();
  for (const words of world.given.attestations ?? []) {
    if (!isMeant(words, query)) continue;
    const name = words.subject ?? query.subject ?? "the artifact";
    const known = artifacts.get(name) ?? {
      name,
      digest: words.digest ?? null,
      problem: null,
      run: null,
      attestations: [],
    };
    artifacts.set(name, {
      ...known,
      attestations: [...known.attestations, attestationOf(words, world)],
    });
  }
  return {
    repository: `${world.owner}/${world.name}`,
    issuer,
    artifacts: [...artifacts.values()],
    waiting: [],
    ignored: [],
  };
}

/** A policy that names no artifact means the one that is asked for. */
function isMeant({ subject, digest }: AttestationWords, query: AttestationQuery): boolean {
  if (query.subject === undefined || (subject === undefined && digest === undefined)) return true;
  return digest === query.subject || (subject !== undefined && matchesName(query.subject, subject));
}

function attestationOf(words: AttestationWords, world: World): AttestationFact {
  if (words.verified === false)
    return { kind: "refused", reason: "has a signature that does not hold" };
  const own = `${world.owner}/${world.name}`;
  const repository = words.repository ?? own;
  const workflow = words.signer_workflow ?? ".github/workflows/release.yml";
  const whole = workflow.startsWith(".github/") ? `${repository}/${workflow}` : workflow;
  return {
    kind: "verified",
    predicate: words.predicate ?? slsaProvenance,
    attests: true,
    signer: {
      issuer,
      workflow: whole.includes("@") ? whole : `${whole}@refs/heads/main`,
      repository,
      repositoryId: repository.toLowerCase() === own.toLowerCase() ? here : elsewhere,
      commit: words.commit ?? world.given.deployment?.sha ?? world.headSha,
      trigger: words.trigger ?? null,
      runUrl: null,
    },
  };
}

export const attestationFacts = {
  attestations: simulateFact(
    attestations,
    z.object({ subject: z.string().optional(), predicate: z.string() }),
    (query, world) => factOf(query, world),
  ),
};
