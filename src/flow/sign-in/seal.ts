import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** Texts that only this App can read again: what browsers and the database keep for us. */
export interface Seal {
  readonly close: (text: string) => string;
  /** null: changed, or closed by another App. */
  readonly open: (sealed: string) => string | null;
}

/** Keyed by the client secret: anybody who rotates it signs everybody out, and every process of one App has the same. */
export function createSeal(clientSecret: string, purpose: string): Seal {
  const key = Buffer.from(hkdfSync("sha256", clientSecret, "gatehouse", purpose, 32));
  return {
    close: (text) => {
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, iv);
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url");
    },
    open: (sealed) => {
      try {
        const bytes = Buffer.from(sealed, "base64url");
        const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
        decipher.setAuthTag(bytes.subarray(12, 28));
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString(
          "utf8",
        );
      } catch {
        return null;
      }
    },
  };
}
