import { createHmac, createPublicKey } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Simulator } from "@gatehouse/github-simulator";
import { issuerOf } from "#io/github/oidc/issuer.ts";
import { createTokenVerifier } from "#io/github/oidc/verify-token.ts";
import { publishedKeys } from "@gatehouse/github-simulator/world/oidc.ts";

const audience = "https://gate.example.com";
const keysPath = "/_services/token/.well-known/jwks";

let sim: Simulator;
let sha: string;
beforeAll(async () => {
  sim = await Simulator.start({ appId: 7 });
  sim.org({ login: "acme" });
  sha = sim.repo({ name: "acme/shop", files: { a: "1" } }).sha;
});
afterAll(() => sim.stop());
beforeEach(() => {
  sim.clearFaults();
  sim.resetCalls();
});

const verifier = (over: { readonly issuer?: string; readonly aheadMs?: number } = {}) =>
  createTokenVerifier({
    issuer: over.issuer ?? issuerOf(sim.url),
    audience: () => audience,
    now: () => sim.now() + (over.aheadMs ?? 0),
    timeoutMs: 2_000,
  });
const token = (over: Partial<Parameters<Simulator["oidcToken"]>[0]> = {}): string =>
  sim.oidcToken({ repo: "acme/shop", sha, environment: "production", audience, ...over });
const looks = (): number => sim.calls.filter(({ path }) => path === keysPath).length;
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const claimsOf = (jwt: string): unknown =>
  JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString());

describe("tokens of jobs", () => {
  it("say what job asks, and the keys are read once", async () => {
    const { verify } = verifier();
    const first = await verify(token());
    expect(first).toMatchObject({
      kind: "claims",
      claims: { repository: "acme/shop", sha, ref: "refs/heads/main", environment: "production" },
    });
    for (let time = 0; time < 20; time += 1) await verify(token());
    expect(looks()).toBe(1);
  });

  it.each([
    ["for somebody else", { audience: "https://other.example.com" }],
    ["of another issuer", { claims: { iss: "https://token.actions.githubusercontent.com" } }],
    ["that ran out", { lasts: -120 }],
    ["of days ago", { claims: { iat: 1, exp: 4_000_000_000 } }],
    ["without an end", { claims: { exp: undefined } }],
    ["of no job", { claims: { repository_id: undefined } }],
    ["by a key that nobody publishes", { header: { kid: "made-up" } }],
  ] as const)("%s are refused", async (_what, over) => {
    expect(await verifier().verify(token(over))).toMatchObject({ kind: "refused" });
  });

  it("T54: with no signature, or one made with the public key as a secret, are refused", async () => {
    const { verify } = verifier();
    const good = token();
    const [published] = publishedKeys(sim.world)["keys"] as readonly { readonly kid: string }[];
    const unsigned = `${part({ typ: "JWT", alg: "none" })}.${part(claimsOf(good))}.`;
    const head = part({ typ: "JWT", alg: "HS256", kid: published?.kid });
    const secrets = [
      createPublicKey({ key: published as never, format: "jwk" }).export({
        type: "spki",
        format: "pem",
      }),
      JSON.stringify(published),
    ];
    const confused = secrets.map((secret) => {
      const text = `${head}.${part(claimsOf(good))}`;
      return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
    });
    const [header = "", , signature = ""] = good.split(".");
    const changed = `${header}.${part({ ...(claimsOf(good) as object), repository: "acme/bank" })}.${signature}`;
    for (const forged of [unsigned, ...confused, changed, "", "a.b.c", "x".repeat(40_000)])
      expect(await verify(forged)).toMatchObject({ kind: "refused" });
  });

  it("are taken within a minute's difference of the clocks, and not beyond", async () => {
    const late = token({ lasts: 300 });
    expect(await verifier({ aheadMs: 350_000 }).verify(late)).toMatchObject({ kind: "claims" });
    expect(await verifier({ aheadMs: 370_000 }).verify(late)).toMatchObject({ kind: "refused" });
    const early = token({ claims: { nbf: Math.floor(sim.now() / 1000) } });
    expect(await verifier({ aheadMs: -50_000 }).verify(early)).toMatchObject({ kind: "claims" });
    expect(await verifier({ aheadMs: -90_000 }).verify(early)).toMatchObject({ kind: "refused" });
  });

  it("of a new key are known at once; of one that was withdrawn no more when the keys are read again", async () => {
    const { verify } = verifier();
    const before = token();
    expect(await verify(before)).toMatchObject({ kind: "claims" });
    sim.rotateOidcKeys({});
    expect(await verify(token())).toMatchObject({ kind: "claims" });
    expect(await verify(before)).toMatchObject({ kind: "claims" });
    sim.rotateOidcKeys({ forget: true });
    expect(await verify(token())).toMatchObject({ kind: "claims" });
    expect(await verify(before)).toMatchObject({ kind: "refused" });
  });

  it("by made-up keys do not make the issuer's be read each time", async () => {
    const { verify } = verifier();
    for (let time = 0; time < 30; time += 1)
      expect((await verify(token({ header: { kid: `made-up-${time}` } }))).kind).not.toBe("claims");
    expect(looks()).toBeLessThanOrEqual(6);
    expect(await verify(token())).toMatchObject({ kind: "claims" });
  });

  it.each([
    ["is down", { status: 503 }],
    ["answers nonsense", { status: 200, body: { keys: "none" } }],
    ["answers in HTML", { status: 200, body: "<html>" }],
    ["redirects", { status: 302, headers: { location: "https://evil.example.com/jwks" } }],
    ["says nothing", { hang: true }],
  ] as const)("cannot be told where the issuer %s", async (_what, fault) => {
    sim.fault({ match: { path: keysPath }, ...fault });
    expect(await verifier().verify(token())).toMatchObject({ kind: "unavailable" });
  });
});

describe("the issuer", () => {
  it.each([
    ["https://github.com", "https://token.actions.githubusercontent.com"],
    ["https://acme.ghe.com", "https://token.actions.acme.ghe.com"],
    ["https://github.example.com", "https://github.example.com/_services/token"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080/_services/token"],
  ])("of %s", (webUrl, expected) => {
    expect(issuerOf(webUrl)).toBe(expected);
  });
});
