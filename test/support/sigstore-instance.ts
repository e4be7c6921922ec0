import {
  createHash,
  generateKeyPairSync,
  sign,
  X509Certificate,
  type KeyObject,
} from "node:crypto";
import { initializeCA, type CA } from "@sigstore/mock/dist/fulcio/ca.js";
import { initializeCTLog } from "@sigstore/mock/dist/fulcio/ctlog.js";
import { initializeTLog } from "@sigstore/mock/dist/rekor/tlog.js";
import { initializeTSA } from "@sigstore/mock/dist/timestamp/tsa.js";
import { z } from "zod";

/** What is signed and what the workflow's identity token said. What is left out is a release workflow of acme/shop. */
export interface Signing {
  /** `sha256:…` of the artifact. */
  readonly digest: string;
  readonly name?: string;
  readonly predicate?: string;
  readonly server?: string;
  readonly issuer?: string;
  readonly repository?: string;
  readonly repositoryId?: number;
  readonly commit?: string;
  readonly trigger?: string;
  /** Below `server`, with its ref. */
  readonly workflow?: string;
  readonly payload?: string;
  readonly payloadType?: string;
}

/** A Sigstore instance of its own: it signs as GitHub's workflows do, and tells its trusted root. */
export interface SigstoreInstance {
  /** JSON on one line, as `gh attestation trusted-root` prints it. */
  readonly trustedRoot: string;
  readonly sign: (signing: Signing) => Promise<Readonly<Record<string, unknown>>>;
}

export interface InstanceOptions {
  /** `public`: with logs, as the public-good instance; `private`: with a timestamp authority alone, as GitHub's own. */
  readonly kind?: "public" | "private";
  /** The clock of its certificate authority: certificates hold for ten minutes from then. */
  readonly certifiesAt?: Date;
}

type Keys = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

const pair = (namedCurve = "P-256"): Keys => generateKeyPairSync("ec", { namedCurve });
const base64 = (bytes: Uint8Array | ArrayBuffer): string =>
  Buffer.from(bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes).toString("base64");
const view = (bytes: ArrayBufferView): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();
const der = (key: KeyObject): Buffer => key.export({ format: "der", type: "spki" });

/** DSSE's encoding of what is signed. */
const preAuth = (type: string, payload: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `),
    payload,
  ]);

const oid = (last: number): string => `1.3.6.1.4.1.57264.1.${last}`;

const logged = z.object({
  body: z.string(),
  integratedTime: z.number(),
  logID: z.string(),
  logIndex: z.number(),
  verification: z.object({
    inclusionProof: z.object({
      checkpoint: z.string(),
      hashes: z.array(z.string()),
      logIndex: z.number(),
      rootHash: z.string(),
      treeSize: z.number(),
    }),
    signedEntryTimestamp: z.string(),
  }),
});

export async function sigstoreInstance({
  kind = "public",
  certifiesAt,
}: InstanceOptions = {}): Promise<SigstoreInstance> {
  const ctKeys = pair();
  const logKeys = pair();
  const ctlog = await initializeCTLog(ctKeys);
  const ca = await initializeCA(pair("P-384"), kind === "public" ? ctlog : undefined, certifiesAt);
  const log = await initializeTLog("https://rekor.example", logKeys);
  // Whole seconds, as real authorities tell them: the mock writes fractions that the verifier does not read.
  const tsaClock = new Date();
  const tsa = await initializeTSA(pair("P-384"), tsaClock);
  const from = new Date(Date.now() - 60_000).toISOString();
  const logOf = (keys: Keys): object => ({
    baseUrl: "https://rekor.example",
    hashAlgorithm: "SHA2_256",
    publicKey: {
      rawBytes: base64(der(keys.publicKey)),
      keyDetails: "PKIX_ECDSA_P256_SHA_256",
      validFor: { start: from },
    },
    logId: { keyId: base64(sha256(der(keys.publicKey))) },
  });
  const authorityOf = (...certificates: readonly ArrayBufferView[]): object => ({
    subject: { organization: "sigstore.mock", commonName: "sigstore" },
    certChain: {
      certificates: certificates.map((certificate) => ({ rawBytes: base64(view(certificate)) })),
    },
    validFor: { start: from },
  });
  const trustedRoot = JSON.stringify({
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: kind === "public" ? [logOf(logKeys)] : [],
    ctlogs: kind === "public" ? [logOf(ctKeys)] : [],
    certificateAuthorities: [authorityOf(ca.rootCertificate)],
    timestampAuthorities:
      kind === "private" ? [authorityOf(tsa.intCertificate, tsa.rootCertificate)] : [],
  });

  return {
    trustedRoot,
    sign: async (signing) => {
      const keys = pair();
      const certificate = await certify(ca, der(keys.publicKey), signing);
      const payloadType = signing.payloadType ?? "application/vnd.in-toto+json";
      const payload = Buffer.from(signing.payload ?? statementOf(signing));
      const signature = sign("sha256", preAuth(payloadType, payload), keys.privateKey);
      const tlogEntries: object[] = [];
      const rfc3161Timestamps: object[] = [];
      if (kind === "public") {
        const entry = {
          kind: "dsse",
          apiVersion: "0.0.1",
          spec: {
            envelopeHash: { algorithm: "sha256", value: "" },
            payloadHash: { algorithm: "sha256", value: sha256(payload).toString("hex") },
            signatures: [
              {
                signature: base64(signature),
                verifier: base64(Buffer.from(new X509Certificate(certificate).toString())),
              },
            ],
          },
        };
        const [made] = Object.values(await log.log(entry));
        const { body, integratedTime, logID, logIndex, verification } = logged.parse(made);
        const {
          checkpoint,
          hashes,
          rootHash,
          treeSize,
          logIndex: proofIndex,
        } = verification.inclusionProof;
        tlogEntries.push({
          logIndex: String(logIndex),
          logId: { keyId: Buffer.from(logID, "hex").toString("base64") },
          kindVersion: { kind: "dsse", version: "0.0.1" },
          integratedTime: String(integratedTime),
          inclusionPromise: { signedEntryTimestamp: verification.signedEntryTimestamp },
          inclusionProof: {
            logIndex: String(proofIndex),
            rootHash: Buffer.from(rootHash, "hex").toString("base64"),
            treeSize: String(treeSize),
            hashes,
            checkpoint: { envelope: checkpoint },
          },
          canonicalizedBody: body,
        });
      } else {
        tsaClock.setTime(Math.floor(Date.now() / 1_000) * 1_000);
        const stamp = await tsa.timestamp({
          artifactHash: sha256(signature),
          hashAlgorithmOID: "2.16.840.1.101.3.4.2.1",
          nonce: 1,
          policyOID: "1.3.6.1.4.1.57264.2",
        });
        rfc3161Timestamps.push({ signedTimestamp: base64(view(stamp)) });
      }
      return {
        mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
        verificationMaterial: {
          certificate: { rawBytes: base64(certificate) },
          tlogEntries,
          timestampVerificationData: { rfc3161Timestamps },
        },
        dsseEnvelope: {
          payload: base64(payload),
          payloadType,
          signatures: [{ sig: base64(signature) }],
        },
      };
    },
  };
}

async function certify(ca: CA, publicKey: Buffer, signing: Signing): Promise<Buffer> {
  const {
    server = "https://github.com",
    repository = "acme/shop",
    repositoryId = 1,
    commit = "b".repeat(40),
    trigger = "push",
  } = signing;
  const issuer = signing.issuer ?? "https://token.actions.githubusercontent.com";
  const certificate = await ca.issueCertificate({
    publicKey: new Uint8Array(publicKey),
    subjectAltName: `${server}/${signing.workflow ?? `${repository}/.github/workflows/release.yml@refs/heads/main`}`,
    extensions: [
      { oid: oid(1), value: issuer, legacy: true },
      { oid: oid(8), value: issuer },
      { oid: oid(12), value: `${server}/${repository}` },
      { oid: oid(13), value: commit },
      { oid: oid(14), value: "refs/heads/main" },
      { oid: oid(15), value: String(repositoryId) },
      { oid: oid(20), value: trigger },
      { oid: oid(21), value: `${server}/${repository}/actions/runs/1/attempts/1` },
    ],
  });
  return Buffer.from(view(certificate));
}

function statementOf({
  digest,
  name = "shop.tgz",
  predicate = "https://slsa.dev/provenance/v1",
}: Signing): string {
  return JSON.stringify({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name, digest: { sha256: digest.replace(/^sha256:/, "") } }],
    predicateType: predicate,
    predicate: {},
  });
}
