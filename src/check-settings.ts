import { GatehouseError } from "#core/model/errors.ts";
import type { AuditAnchor } from "#core/ports/audit.ts";
import { createVerifierSource } from "#io/github/facts/attestations/attestation-reader.ts";
import { createAuditAnchor } from "#io/system/audit-anchor.ts";
import { SettingsError, type Settings } from "./env.ts";

/** Better no start than a gate that finds at the first deployment that it believes nobody. Sigstore is loaded only where it is set. */
export async function checkTrustedRoots({ trustedRoots, github }: Settings): Promise<void> {
  if (trustedRoots === null) return;
  try {
    await createVerifierSource({ trustedRoots, server: github.webUrl })();
  } catch (error) {
    const reason =
      error instanceof GatehouseError ? error.message : "a certificate or key in it cannot be read";
    throw new SettingsError(
      "SIGSTORE_TRUSTED_ROOT",
      `${reason}; use what gh attestation trusted-root writes.`,
    );
  }
}

/** Better no start than a log that nobody could tell from a rewritten one. */
export async function openAnchor({ anchor: place }: Settings): Promise<AuditAnchor | null> {
  if (place === null) return null;
  const anchor = createAuditAnchor(place);
  await anchor.check().catch((error: unknown) => {
    const reason = error instanceof GatehouseError ? error.message : "it cannot be used";
    throw new SettingsError(
      "AUDIT_ANCHOR",
      `${reason}; name a file in a folder that this user may write to.`,
    );
  });
  return anchor;
}
