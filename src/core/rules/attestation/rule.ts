import {
  attestations,
  type AttestationsFact,
  type AttestedArtifact,
} from "#core/facts/attestations.ts";
import type { Evidence } from "#core/model/evidence.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import { fail, pass, pending, skipped, unknown, type Verdict } from "#core/model/verdict.ts";
import { faultOf } from "./fault.ts";
import {
  attestationParams,
  requiredAttestation,
  statementOf,
  type AttestationParams,
} from "./params.ts";
import type { Ask } from "#core/facts/ask.ts";
import { count, listed, short } from "#core/text/phrases.ts";
import { defineRule, type RuleContext } from "../kit/rule.ts";

export const attestation = defineRule<AttestationParams>({
  name: "attestation",
  summary: "The artifact's signed provenance verifies.",
  appliesTo: ["deployment"],
  params: attestationParams,
  needs: () => [attestations],
  judge,
  describe: requiredAttestation,
});

/** How one artifact stands. */
type ArtifactState = { readonly artifact: AttestedArtifact } & (
  | { readonly kind: "proven"; readonly evidence: Evidence }
  | { readonly kind: "refuted"; readonly why: string }
  | { readonly kind: "unreadable"; readonly why: string; readonly remedy: string }
  | { readonly kind: "unattested" }
);

function judge(
  { params: asked, subject }: RuleContext<AttestationParams>,
  ask: Ask,
): Verdict | undefined {
  const required = requiredAttestation(asked);
  if (subject.kind !== "deployment") return skipped({ found: "not a deployment", required });
  const fact = ask(attestations.need({ subject: asked.subject, predicate: asked.predicate }));
  if (fact === undefined) return undefined;
  const all = fact.artifacts.map((artifact) => stateOf(artifact, asked, subject, fact));
  const counting = countingOf(all, asked);
  const evidence = counting.flatMap((each) => (each.kind === "proven" ? [each.evidence] : []));
  const parts = { found: foundOf(counting, fact), required, evidence };

  const refuted = counting.find((each) => each.kind === "refuted");
  if (refuted !== undefined) {
    return fail({
      ...parts,
      need: `The ${statementOf(asked)} of ${refuted.artifact.name} does not hold: it ${refuted.why}`,
      next: `Somebody builds ${short(subject.sha)} anew with the workflow that is asked for, and deploys that.`,
    });
  }
  const unreadable = counting.find((each) => each.kind === "unreadable");
  if (unreadable !== undefined) {
    return unknown({
      ...parts,
      need: `The ${statementOf(asked)} of ${unreadable.artifact.name} cannot be verified: ${unreadable.why}`,
      next: unreadable.remedy,
    });
  }
  const missing = counting.filter((each) => each.kind === "unattested");
  if (missing.length > 0)
    return pending({
      ...parts,
      need: `No ${statementOf(asked)} of ${listed(
        missing.map(({ artifact }) => artifact.name),
        3,
      )}`,
      next: nextFor(fact, subject),
    });
  if (counting.length === 0)
    return pending({
      ...parts,
      need: `No ${asked.subject === undefined ? "artifact" : `artifact ${asked.subject}`} of ${short(subject.sha)}`,
      next: nextFor(fact, subject),
    });
  return pass(parts);
}

/** Without named artifacts the attested ones are meant: a build leaves reports and logs beside what is deployed. */
function countingOf(
  all: readonly ArtifactState[],
  { subject }: AttestationParams,
): readonly ArtifactState[] {
  const attested = all.filter(({ kind }) => kind !== "unattested");
  return subject !== undefined || attested.length === 0 ? all : attested;
}

/** One attestation that says all that is asked is enough, whatever others say beside it. */
function stateOf(
  artifact: AttestedArtifact,
  asked: AttestationParams,
  subject: DeploymentSubject,
  place: AttestationsFact,
): ArtifactState {
  const faults: string[] = [];
  let unread: { readonly reason: string; readonly remedy: string } | null = null;
  for (const each of artifact.attestations) {
    switch (each.kind) {
      case "verified": {
        // An attestation of something else (an SBOM, say) is neither for nor against.
        if (each.predicate !== asked.predicate) break;
        const fault = faultOf(each, asked, subject, place);
        if (fault === null)
          return {
            kind: "proven",
            artifact,
            evidence: evidenceOf(artifact, each.signer.workflow, each.signer.runUrl, subject.sha),
          };
        faults.push(fault);
        break;
      }
      case "refused":
        faults.push(each.reason);
        break;
      case "unreadable":
        unread ??= each;
        break;
    }
  }
  if (unread !== null)
    return { kind: "unreadable", artifact, why: unread.reason, remedy: unread.remedy };
  if (artifact.problem !== null)
    return {
      kind: "unreadable",
      artifact,
      why: artifact.problem,
      remedy:
        "A maintainer names another artifact by `subject`, or makes this one anew; then /gate recheck.",
    };
  return faults.length === 0
    ? { kind: "unattested", artifact }
    : { kind: "refuted", artifact, why: [...new Set(faults)].slice(0, 3).join("; it ") };
}

function evidenceOf(
  { name, digest, run }: AttestedArtifact,
  workflow: string | null,
  runUrl: string | null,
  sha: string,
): Evidence {
  const url = runUrl ?? run?.url ?? null;
  return {
    label: `${name}: attested by ${workflow ?? "a workflow"}`,
    sha,
    ...(url === null ? {} : { url }),
    ...(digest === null ? {} : { digest }),
  };
}

function foundOf(states: readonly ArtifactState[], { waiting, ignored }: AttestationsFact): string {
  const proven = states.filter(({ kind }) => kind === "proven");
  return [
    ...(proven.length === 0
      ? []
      : [
          `${count(proven.length, "artifact")} attested: ${listed(proven.map(({ artifact }) => artifact.name))}`,
        ]),
    ...states
      .flatMap((each) =>
        each.kind === "proven"
          ? []
          : [
              `${each.artifact.name}: ${each.kind === "unattested" ? "not attested" : each.kind === "refuted" ? `it ${each.why}` : each.why}`,
            ],
      )
      .slice(0, 5),
    ...(states.length === 0 ? ["no such artifact"] : []),
    ...(proven.length === states.length && proven.length > 0
      ? []
      : [
          ...(waiting.length === 0 ? [] : [`still running: ${listed(waiting, 3)}`]),
          ...ignored.slice(0, 3),
        ]),
  ].join("; ");
}

function nextFor({ waiting }: AttestationsFact, { sha }: DeploymentSubject): string {
  if (waiting.length > 0)
    return `Gatehouse judges again by itself when ${listed(waiting, 3)} ${waiting.length === 1 ? "ends" : "end"}.`;
  return `A maintainer lets the workflow that builds ${short(sha)} attest the artifact (actions/attest), or corrects \`subject\`; Gatehouse looks again by itself within the hour.`;
}
