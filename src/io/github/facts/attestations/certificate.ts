import type { Signer } from "@sigstore/verify";
import type { AttestationSigner } from "#core/facts/attestations.ts";

/** Fulcio's extensions for what a workflow's identity token says (sigstore/fulcio, docs/oid-info.md). */
const extensions = {
  issuer: "1.3.6.1.4.1.57264.1.8",
  repositoryUri: "1.3.6.1.4.1.57264.1.12",
  commit: "1.3.6.1.4.1.57264.1.13",
  repositoryId: "1.3.6.1.4.1.57264.1.15",
  trigger: "1.3.6.1.4.1.57264.1.20",
  runUrl: "1.3.6.1.4.1.57264.1.21",
} as const;

type Extension = keyof typeof extensions;

/** The identity in a certificate that has been verified; addresses below `server` (`https://github.com`) are shortened. */
export function signerOf({ identity }: Signer, server: string): AttestationSigner {
  const told = (name: Extension): string | null => {
    const found = identity?.oids?.find(({ oid }) => oid?.id.join(".") === extensions[name]);
    return found === undefined ? null : utf8String(found.value);
  };
  const id = told("repositoryId");
  const shortened = (address: string | null): string | null =>
    address?.startsWith(`${server}/`) === true ? address.slice(server.length + 1) : address;
  return {
    issuer: told("issuer"),
    workflow: shortened(identity?.subjectAlternativeName ?? null),
    repository: shortened(told("repositoryUri")),
    repositoryId: id !== null && /^\d{1,15}$/.test(id) ? Number(id) : null,
    commit: told("commit"),
    trigger: told("trigger"),
    runUrl: told("runUrl"),
  };
}

const utf8Tag = 0x0c;

/** A DER UTF8String, which has to fill the extension to its last byte; null for anything else. */
function utf8String(der: Buffer): string | null {
  const [tag, first = 0] = der;
  if (tag !== utf8Tag) return null;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 2 || der.length < 2 + lengthBytes) return null;
  const length = lengthBytes === 0 ? first : der.readUIntBE(2, lengthBytes);
  const text = der.subarray(2 + lengthBytes);
  return text.length === length ? text.toString("utf8") : null;
}
