import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { z } from "zod";
import { GatehouseError } from "#core/model/errors.ts";

/** Whom a signature is believed: the certificate authorities, logs and timestamp authorities of one Sigstore instance. */
export type { TrustedRoot } from "@sigstore/protobuf-specs";

const require = createRequire(import.meta.url);

const seeds = z.record(z.string(), z.object({ targets: z.record(z.string(), z.string()) }));

const bytes = z.string().min(1);
const validFor = z.object({ start: z.string().optional(), end: z.string().optional() }).optional();
const authority = z.object({
  certChain: z.object({ certificates: z.array(z.object({ rawBytes: bytes })).min(1) }),
  validFor,
});
const log = z.object({
  publicKey: z.object({ rawBytes: bytes, validFor }),
  logId: z.object({ keyId: bytes }),
});
const shape = z.looseObject({
  mediaType: z.string().startsWith("application/vnd.dev.sigstore.trustedroot"),
  certificateAuthorities: z.array(authority).min(1),
  timestampAuthorities: z.array(authority).optional(),
  tlogs: z.array(log).optional(),
  ctlogs: z.array(log).optional(),
});

/** The public-good instance of Sigstore, as the version of `@sigstore/tuf` that is installed knows it. Nothing is fetched. */
export function publicGoodRoot(): readonly TrustedRoot[] {
  const shipped = seeds.parse(
    JSON.parse(readFileSync(require.resolve("@sigstore/tuf/seeds.json"), "utf8")),
  );
  return Object.values(shipped).flatMap(({ targets }) => {
    const root = targets["trusted_root.json"];
    return root === undefined ? [] : readTrustedRoots(Buffer.from(root, "base64").toString("utf8"));
  });
}

/**
 * Trusted roots as `gh attestation trusted-root` writes them: one JSON document a line, or a single one over many lines.
 * Throws "invalid" with the reason for anything else: half a trusted root is none.
 */
export function readTrustedRoots(text: string): readonly TrustedRoot[] {
  const documents = documentsOf(text);
  if (documents.length === 0) throw new GatehouseError("invalid", "it holds no trusted root");
  return documents.map((document) => {
    const checked = shape.safeParse(document);
    if (!checked.success)
      throw new GatehouseError(
        "invalid",
        `it is not a trusted root: ${checked.error.issues[0]?.path.join(".") ?? ""} ${checked.error.issues[0]?.message ?? ""}`.trim(),
      );
    const { timestampAuthorities = [], tlogs = [] } = checked.data;
    if (timestampAuthorities.length + tlogs.length === 0)
      throw new GatehouseError(
        "invalid",
        "it names nobody who vouches for the time of a signature (tlogs or timestampAuthorities)",
      );
    return TrustedRoot.fromJSON(document);
  });
}

function documentsOf(text: string): readonly unknown[] {
  const whole = jsonOf(text);
  if (whole !== undefined) return [whole];
  return text.split(/\r?\n/).flatMap((line) => {
    if (line.trim() === "") return [];
    const document = jsonOf(line);
    if (document === undefined)
      throw new GatehouseError("invalid", "it is neither JSON nor one JSON document a line");
    return [document];
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
