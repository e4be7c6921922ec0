import { z } from "zod";
import { name, nameGlob, pathGlob } from "../kit/params.ts";

export const slsaProvenance = "https://slsa.dev/provenance/v1";

const digest = /^sha256:[0-9a-f]{64}$/;

export const attestationParams = z
  .strictObject({
    predicate: name.default(slsaProvenance).meta({
      description: "Predicate type of the attestation.",
      examples: ["https://slsa.dev/provenance/v1"],
    }),
    signer_workflow: pathGlob.optional().meta({
      description:
        "Workflow that must have signed, a glob: owner/repo/.github/workflows/file.yml, with @ref where the ref matters; without owner/repo this repository's. Left out: any workflow of this repository.",
      examples: [
        ".github/workflows/release.yml",
        "acme/ci/.github/workflows/build.yml@refs/tags/v*",
      ],
    }),
    subject: nameGlob
      .superRefine((subject, context) => {
        if (subject.startsWith("sha256:") && !isDigest(subject))
          context.addIssue({
            code: "custom",
            message: "not a digest; write sha256: and 64 lower-case hexadecimal digits",
          });
      })
      .optional()
      .meta({
        description:
          "The artifact: a glob on its name or on the names of the files in it, or its digest sha256:…. Left out: every artifact of the commit that is attested, and at least one.",
        examples: ["shop-*.tgz"],
      }),
  })
  .meta({ examples: [{ signer_workflow: ".github/workflows/release.yml" }] });

export type AttestationParams = z.output<typeof attestationParams>;

/** Whether a `subject` names its artifact by digest. */
export const isDigest = (subject: string): boolean => digest.test(subject);

export const statementOf = ({ predicate }: Pick<AttestationParams, "predicate">): string =>
  predicate === slsaProvenance ? "provenance" : `attestation ${predicate}`;

export function requiredAttestation(asked: AttestationParams): string {
  const of = asked.subject === undefined ? "of the artifact" : `of ${asked.subject}`;
  return `verified ${statementOf(asked)} ${of}${asked.signer_workflow === undefined ? "" : `, signed by ${asked.signer_workflow}`}`;
}
