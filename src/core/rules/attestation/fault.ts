import type {
  AttestationFact,
  AttestationsFact,
  AttestationSigner,
} from "#core/facts/attestations.ts";
import { workflowFile } from "#core/facts/workflows.ts";
import { matchesPath } from "#core/formats/glob.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import { short } from "#core/text/phrases.ts";
import type { AttestationParams } from "./params.ts";

type Verified = Extract<AttestationFact, { readonly kind: "verified" }>;

/** Where a deployment's attestations have to come from. */
type AttestationSource = Pick<AttestationsFact, "repository" | "issuer">;

/**
 * Events that anybody can cause and whose runs have the repository's own rights, on its default branch: what such a run
 * signs may be made of a stranger's code.
 */
const openToAnybody: ReadonlySet<string> = new Set([
  "pull_request_target",
  "issue_comment",
  "issues",
  "discussion",
  "discussion_comment",
  "fork",
  "watch",
]);

/**
 * What of a verified attestation is not what is asked for, the first of it, in words that follow "it"; null where all
 * fits. The predicate is not looked at: an attestation of something else is no answer at all.
 */
export function faultOf(
  { attests, signer }: Verified,
  asked: AttestationParams,
  subject: DeploymentSubject,
  place: AttestationSource,
): string | null {
  if (!attests) return "is about another artifact";
  if (!isIssuer(signer.issuer, place.issuer))
    return `was issued by ${signer.issuer ?? "nobody it names"}, not by ${place.issuer}`;
  if (signer.repositoryId !== subject.repository)
    return `was made in ${signer.repository ?? "no repository it names"}, not in ${place.repository}`;
  if (signer.commit !== subject.sha)
    return `was made of ${signer.commit === null ? "no commit it names" : short(signer.commit)}, not of ${short(subject.sha)}`;
  if (signer.trigger !== null && openToAnybody.has(signer.trigger))
    return `was made by a run of ${signer.trigger}, which anybody can start`;
  return isSigner(signer, asked, place)
    ? null
    : `was signed by ${signer.workflow ?? "no workflow it names"}`;
}

/** An enterprise may have a path of its own below its GitHub's issuer. */
const isIssuer = (issuer: string | null, expected: string): boolean =>
  issuer !== null && (issuer === expected || issuer.startsWith(`${expected}/`));

function isSigner(
  { workflow }: AttestationSigner,
  asked: AttestationParams,
  { repository }: AttestationSource,
): boolean {
  if (workflow === null) return false;
  const folded = foldRepository(workflow);
  if (asked.signer_workflow === undefined) return folded.startsWith(`${repository.toLowerCase()}/`);
  const wanted = asked.signer_workflow.startsWith(".github/")
    ? `${repository}/${asked.signer_workflow}`
    : asked.signer_workflow;
  return matchesPath(foldRepository(wanted), wanted.includes("@") ? folded : workflowFile(folded));
}

/** GitHub compares owners and repositories without case, paths and refs with it. */
function foldRepository(workflow: string): string {
  const [owner = "", name = "", ...path] = workflow.split("/");
  return [owner.toLowerCase(), name.toLowerCase(), ...path].join("/");
}
