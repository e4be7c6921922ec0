import { X509Certificate } from "node:crypto";
import {
  bundleFromJSON,
  isBundleWithDsseEnvelope,
  type Bundle,
  type SerializedBundle,
} from "@sigstore/bundle";
import {
  toSignedEntity,
  toTrustMaterial,
  VerificationError,
  Verifier,
  type Signer,
} from "@sigstore/verify";
import { z } from "zod";
import type { AttestationSigner } from "#core/facts/attestations.ts";
import { signerOf } from "./certificate.ts";
import type { TrustedRoot } from "./trusted-roots.ts";

/** A bundle by itself, before anybody asks which artifact it is about. `digests` are its subjects' SHA-256, in hex. */
export type CheckedBundle =
  | {
      readonly kind: "verified";
      readonly predicate: string;
      readonly digests: ReadonlySet<string>;
      readonly signer: AttestationSigner;
    }
  | { readonly kind: "refused"; readonly reason: string }
  /** In a form that cannot be read here, be it rubbish or newer than we are. */
  | { readonly kind: "unreadable"; readonly reason: string }
  /** Signed under a certificate authority that no trusted root names. */
  | { readonly kind: "untrusted"; readonly authority: string };

export type VerifyBundle = (bundle: unknown) => CheckedBundle;

/** One Sigstore instance. Instances are never mixed: each asks for what its own trusted root provides. */
interface Instance {
  readonly authorities: ReadonlySet<string>;
  readonly verifier: Verifier;
}

const inTotoType = "application/vnd.in-toto+json";

const statementShape = z.object({
  _type: z.string().startsWith("https://in-toto.io/Statement/"),
  predicateType: z.string(),
  subject: z.array(z.object({ digest: z.record(z.string(), z.string()) })),
});

/** Throws for a trusted root whose certificates or keys cannot be read. `server` is GitHub's web address. */
export function createBundleVerifier(roots: readonly TrustedRoot[], server: string): VerifyBundle {
  const instances = roots.map(instanceOf);
  return (raw) => {
    const bundle = bundleOf(raw);
    if (bundle === null)
      return { kind: "unreadable", reason: "it is not a Sigstore bundle that can be read here" };
    if (!isBundleWithDsseEnvelope(bundle)) return { kind: "refused", reason: "signs no statement" };
    const authority = authorityOf(bundle);
    if (authority === null)
      return { kind: "refused", reason: "was signed with a key, not by a workflow" };
    if (!bundle.verificationMaterial.tlogEntries.every(hasPlainNames))
      return { kind: "refused", reason: unlogged };
    const known = instances.filter(({ authorities }) => authorities.has(authority));
    if (known.length === 0) return { kind: "untrusted", authority };
    const signed = verifiedBy(known, bundle);
    if ("kind" in signed) return signed;
    const { payload, payloadType } = bundle.content.dsseEnvelope;
    const statement = payloadType === inTotoType ? statementOf(payload) : null;
    if (statement === null)
      return { kind: "refused", reason: "signs something that is no in-toto statement" };
    const digests = new Set(
      statement.subject.flatMap(({ digest }) =>
        digest["sha256"] === undefined ? [] : [digest["sha256"].toLowerCase()],
      ),
    );
    return {
      kind: "verified",
      predicate: statement.predicateType,
      digests,
      signer: signerOf(signed.signer, server),
    };
  };
}

/** What an instance keeps decides what is asked: a log entry where it has a log, a signed time always. */
function instanceOf(root: TrustedRoot): Instance {
  const certificates = root.certificateAuthorities.flatMap(
    ({ certChain }) => certChain?.certificates ?? [],
  );
  return {
    authorities: new Set(certificates.map(({ rawBytes }) => new X509Certificate(rawBytes).subject)),
    verifier: new Verifier(toTrustMaterial(root), {
      ctlogThreshold: Math.min(1, root.ctlogs.length),
      tlogThreshold: Math.min(1, root.tlogs.length),
      timestampThreshold: 1,
    }),
  };
}

/**
 * The names under a log's checkpoint are compared as regular expressions by @sigstore/verify 3 (`tlog.baseURL.match(name)`):
 * anything but letters of a host name could hold up the process for hours (threat T19).
 */
function hasPlainNames({
  inclusionProof,
}: Bundle["verificationMaterial"]["tlogEntries"][number]): boolean {
  const lines = inclusionProof?.checkpoint?.envelope.split("\n") ?? [];
  return lines.every(
    (line) =>
      !line.includes("\u2014") || /^\u2014 [A-Za-z0-9.:/_-]{1,200} [A-Za-z0-9+/=]+$/.test(line),
  );
}

/** Hostile input: whatever the libraries make of it, it is no bundle unless they accept it. */
function bundleOf(raw: unknown): Bundle | null {
  if (typeof raw !== "object" || raw === null) return null;
  try {
    return bundleFromJSON(raw as SerializedBundle);
  } catch {
    return null;
  }
}

/** Who issued the certificate, by its own word; null without a certificate that can be read. */
function authorityOf({ verificationMaterial: { content } }: Bundle): string | null {
  const certificate =
    content.$case === "certificate"
      ? content.certificate
      : content.$case === "x509CertificateChain"
        ? content.x509CertificateChain.certificates[0]
        : undefined;
  if (certificate === undefined) return null;
  try {
    return new X509Certificate(certificate.rawBytes).issuer;
  } catch {
    return null;
  }
}

function verifiedBy(
  instances: readonly Instance[],
  bundle: Bundle,
): { readonly signer: Signer } | Extract<CheckedBundle, { readonly reason: string }> {
  let refused: Extract<CheckedBundle, { readonly reason: string }> | null = null;
  for (const { verifier } of instances) {
    try {
      return { signer: verifier.verify(toSignedEntity(bundle)) };
    } catch (error) {
      // An instance that says why beats one that does not get so far.
      if (error instanceof VerificationError)
        refused = { kind: "refused", reason: words[error.code] };
    }
  }
  return (
    refused ?? {
      kind: "unreadable",
      reason: "its signature, certificate or time is in a form that cannot be read here",
    }
  );
}

const unlogged = "is not in the log of signatures as it says";

const words: Readonly<Record<VerificationError["code"], string>> = {
  CERTIFICATE_ERROR:
    "has a certificate that was not valid when it signed, or that the trusted authority did not issue",
  PUBLIC_KEY_ERROR: "was signed with a key, not by a workflow",
  SIGNATURE_ERROR: "has a signature that is not of this content",
  TIMESTAMP_ERROR: "has no trusted time of signing",
  TLOG_ERROR: unlogged,
  TLOG_BODY_ERROR: unlogged,
  TLOG_INCLUSION_PROOF_ERROR: unlogged,
  TLOG_INCLUSION_PROMISE_ERROR: unlogged,
  TLOG_MISSING_INCLUSION_ERROR: unlogged,
  NOT_IMPLEMENTED_ERROR: "uses something that cannot be verified here",
};

function statementOf(payload: Buffer): z.infer<typeof statementShape> | null {
  try {
    return statementShape.parse(JSON.parse(payload.toString("utf8")));
  } catch {
    return null;
  }
}
