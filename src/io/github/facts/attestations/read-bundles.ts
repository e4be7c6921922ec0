import { createHash } from "node:crypto";
import { z } from "zod";
import type { AttestationFact } from "#core/facts/attestations.ts";
import { GatehouseError, isTransient } from "#core/model/errors.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { eachPage } from "#io/github/client/pages.ts";
import { asRepository } from "#io/github/client/requests.ts";
import { type EvidenceContext, placeKey } from "../evidence/evidence-cache.ts";
import { unsnappy } from "./snappy.ts";
import type { CheckedBundle, VerifyBundle } from "./verify-bundle.ts";

/** A hundred: each costs the verification of several signatures, and honest artifacts have one or two of a predicate. */
const mostPages = 1;
const mostBundleBytes = 32 * 1024 * 1024;

const page = z.object({
  attestations: z.array(
    z.object({
      bundle: z.unknown().optional(),
      bundle_url: z.string().nullish(),
      repository_id: z.number().nullish(),
    }),
  ),
});

type Row = z.infer<typeof page>["attestations"][number];

export interface KeptAttestations {
  readonly attestations: readonly AttestationFact[];
  /** There are more than were read. */
  readonly cut: boolean;
}

/** The attestations that GitHub keeps in a repository for a digest, each verified. Where there are none GitHub answers 404. */
export async function readBundles(
  context: EvidenceContext,
  repository: RepositoryRecord,
  digest: string,
  predicate: string,
  verify: VerifyBundle,
): Promise<KeptAttestations> {
  const { github } = context;
  const rows: Row[] = [];
  let cut = false;
  const request = github.endpoint("GET /repos/{owner}/{repo}/attestations/{subject_digest}", {
    owner: repository.owner,
    repo: repository.name,
    subject_digest: digest,
    predicate_type: predicate,
    per_page: 100,
  });
  try {
    await eachPage(
      github,
      asRepository(repository, "attestations"),
      request,
      page,
      (answer) => {
        rows.push(...answer.attestations);
        return answer.attestations.length;
      },
      { maxPages: mostPages },
    );
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error;
    if (error.code === "incomplete") cut = true;
    else if (error.code !== "not_found") throw error;
  }
  const attestations: AttestationFact[] = [];
  for (const row of rows) {
    if (
      row.repository_id !== null &&
      row.repository_id !== undefined &&
      row.repository_id !== repository.id
    )
      continue;
    attestations.push(await attestationOf(context, repository, row, digest, verify));
    // A signature costs milliseconds; anybody who keeps hundreds of them holds up nobody else.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { attestations, cut };
}

async function attestationOf(
  context: EvidenceContext,
  repository: RepositoryRecord,
  row: Row,
  digest: string,
  verify: VerifyBundle,
): Promise<AttestationFact> {
  const bundle = await bundleOf(context, row);
  if ("problem" in bundle)
    return {
      kind: "unreadable",
      reason: bundle.problem,
      remedy: "Gatehouse tries again by itself within the hour; /gate recheck asks at once.",
    };
  const key = `${placeKey(repository)}${createHash("sha256")
    .update(JSON.stringify(bundle.json) ?? "")
    .digest("hex")}`;
  const checked = await context.caches.attested.get(key, async () => verify(bundle.json), weightOf);
  switch (checked.kind) {
    case "verified":
      return {
        kind: "verified",
        predicate: checked.predicate,
        attests: checked.digests.has(digest.replace(/^sha256:/, "")),
        signer: checked.signer,
      };
    case "refused":
      return { kind: "refused", reason: checked.reason };
    case "unreadable":
      return {
        kind: "unreadable",
        reason: checked.reason,
        remedy: "A maintainer lets the workflow attest the artifact anew; then /gate recheck.",
      };
    case "untrusted":
      return {
        kind: "unreadable",
        reason: `no trusted root is known for ${checked.authority.replaceAll("\n", ", ")}`,
        remedy:
          "The people who run Gatehouse give it one: SIGSTORE_TRUSTED_ROOT names a file that `gh attestation trusted-root` writes.",
      };
  }
}

const weightOf = (checked: CheckedBundle): number =>
  checked.kind === "verified" ? 1 + checked.digests.size : 1;

/** As it stands in the list, or from where GitHub keeps it. */
async function bundleOf(
  { github }: EvidenceContext,
  { bundle, bundle_url: address }: Row,
): Promise<{ readonly json: unknown } | { readonly problem: string }> {
  if (bundle !== null && bundle !== undefined) return { json: bundle };
  if (address === null || address === undefined)
    return { problem: "GitHub names an attestation and does not show it" };
  try {
    const stored = await github.stored(address, mostBundleBytes);
    const text =
      stored[0] === openingBrace ? Buffer.from(stored) : unsnappy(stored, mostBundleBytes);
    if (text === null) return { problem: "a stored attestation cannot be unpacked" };
    const json: unknown = JSON.parse(text.toString("utf8"));
    return { json };
  } catch (error) {
    // What passes by itself makes the whole fact wait; what does not is this one attestation's own.
    if (error instanceof GatehouseError && isTransient(error.code)) throw error;
    return {
      problem: error instanceof GatehouseError ? error.message : "a stored attestation is not JSON",
    };
  }
}

/** No block of Snappy that holds a bundle begins so: it would be 123 bytes long. */
const openingBrace = 0x7b;
