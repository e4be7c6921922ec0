import fc from "fast-check";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { generateKeyPairSync, createSign } from "node:crypto";
import { createTokenVerifier } from "#io/github/oidc/verify-token.ts";
import { promise, textOf, type FuzzTarget } from "../target.ts";

const audience = "https://gate.example.com";
const now = Date.UTC(2026, 2, 2, 12);
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const keys = {
  keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k", alg: "RS256", use: "sig" }],
};

/** The issuer of the tokens: it publishes one key. */
const server = createServer((_request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(keys));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
server.unref();
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const tokens = createTokenVerifier({
  issuer,
  audience: () => audience,
  now: () => now,
  timeoutMs: 2_000,
});

const seconds = now / 1000;
const claims = {
  iss: "ISSUER",
  aud: audience,
  sub: "repo:acme/shop:environment:production",
  iat: seconds,
  nbf: seconds,
  exp: seconds + 300,
  jti: "x",
  repository: "acme/shop",
  repository_id: "1",
  repository_owner_id: "9",
  sha: "6dcb09b5b57875f334f61aebed695e2e4193db5e",
  ref: "refs/heads/main",
  environment: "production",
  run_id: "44",
  run_attempt: "1",
  event_name: "push",
  actor: "mona",
  actor_id: "2",
};
const part = (text: string): string => Buffer.from(text).toString("base64url");
const header = { typ: "JWT", alg: "RS256", kid: "k" };

function signed(head: string, body: string): string {
  const text = `${part(head)}.${part(body)}`;
  return `${text}.${createSign("sha256").update(text).sign(privateKey, "base64url")}`;
}

/** Header and claims, signed as GitHub would sign them whatever they say; and the same with its parts spoiled after. */
export const target: FuzzTarget = {
  name: "token",
  corpus: [
    JSON.stringify({ header, claims }),
    JSON.stringify({ header: { ...header, alg: "none" }, claims }),
    JSON.stringify({ header: { ...header, crit: ["b64"], b64: false }, claims }),
    JSON.stringify({
      header: { ...header, jku: "http://127.0.0.1:1/", jwk: {}, x5c: ["a"] },
      claims,
    }),
    `${part(JSON.stringify(header))}.${part(JSON.stringify(claims))}.${part("x".repeat(256))}`,
  ],
  madeUp: fc
    .record({
      header: fc.constant(header),
      claims: fc.dictionary(fc.constantFrom(...Object.keys(claims)), fc.jsonValue()),
    })
    .map((token) => JSON.stringify(token)),
  read: async (input) => {
    const text = textOf(input);
    const shown = new Set([text]);
    try {
      const { header: head, claims: body } = JSON.parse(text) as Readonly<Record<string, unknown>>;
      const write = (value: unknown): string =>
        typeof value === "string"
          ? value
          : (JSON.stringify(value) ?? "").replaceAll("ISSUER", issuer);
      shown.add(signed(write(head), write(body)));
    } catch {
      // Not JSON: a token as it is.
    }
    for (const token of shown) {
      const verified = await tokens.verify(token);
      promise(
        verified.kind !== "unavailable" || /read too often/.test(verified.because),
        `the token is at fault: ${verified.kind === "unavailable" ? verified.because : ""}`,
      );
      if (verified.kind === "claims") promise(verified.claims.repository_id > 0, "ids are ids");
    }
  },
};
