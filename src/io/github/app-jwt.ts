import { createPrivateKey, createSign } from "node:crypto";
import type { ServerTime } from "./server-time.ts";

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/**
 * Makes the App's JWTs (RS256). `iat` is back-dated by a minute, as GitHub advises against clock drift; larger skew is
 * taken out by `time`, which follows GitHub's own `Date`. GitHub refuses an `exp` more than ten minutes ahead.
 */
export function createAppJwt(appId: number, privateKey: string, time: ServerTime): () => string {
  const key = createPrivateKey(privateKey);
  const header = encode({ alg: "RS256", typ: "JWT" });
  return () => {
    const now = Math.floor(time.now() / 1000);
    const payload = encode({ iat: now - 60, exp: now + 8 * 60, iss: String(appId) });
    const signature = createSign("RSA-SHA256")
      .update(`${header}.${payload}`)
      .sign(key, "base64url");
    return `${header}.${payload}.${signature}`;
  };
}
