import { beforeAll, describe, expect, it } from "vitest";
import { readTrustedRoots } from "#io/github/facts/attestations/trusted-roots.ts";
import {
  createBundleVerifier,
  type CheckedBundle,
} from "#io/github/facts/attestations/verify-bundle.ts";
import {
  sigstoreInstance,
  type Signing,
  type SigstoreInstance,
} from "../../../../support/sigstore-instance.ts";

const server = "https://github.com";
const digest = `sha256:${"a".repeat(64)}`;

const verifierOf = (...roots: readonly SigstoreInstance[]) =>
  createBundleVerifier(
    roots.flatMap(({ trustedRoot }) => readTrustedRoots(trustedRoot)),
    server,
  );

type Bundle = Awaited<ReturnType<SigstoreInstance["sign"]>>;

/** A deep copy with one place changed. */
function changed(
  bundle: Bundle,
  path: readonly (string | number)[],
  change: (value: unknown) => unknown,
): unknown {
  const copy: unknown = structuredClone(bundle);
  let at: Record<string | number, unknown> = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  const last = path.at(-1) ?? "";
  at[last] = change(at[last]);
  return copy;
}

const flipped = (value: unknown): string => {
  const bytes = Buffer.from(String(value), "base64");
  bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1;
  return bytes.toString("base64");
};

describe.each(["public", "private"] as const)("a bundle of a %s Sigstore instance", (kind) => {
  let instance: SigstoreInstance;
  let bundle: Bundle;
  let verify: (bundle: unknown) => CheckedBundle;
  beforeAll(async () => {
    instance = await sigstoreInstance({ kind });
    bundle = await instance.sign({ digest });
    verify = verifierOf(instance);
  });

  it("verifies, and tells what it is about and who signed", () => {
    expect(verify(bundle)).toEqual({
      kind: "verified",
      predicate: "https://slsa.dev/provenance/v1",
      digests: new Set(["a".repeat(64)]),
      signer: {
        issuer: "https://token.actions.githubusercontent.com",
        workflow: "acme/shop/.github/workflows/release.yml@refs/heads/main",
        repository: "acme/shop",
        repositoryId: 1,
        commit: "b".repeat(40),
        trigger: "push",
        runUrl: "https://github.com/acme/shop/actions/runs/1/attempts/1",
      },
    });
  });

  it.each<[string, readonly (string | number)[], (value: unknown) => unknown, RegExp]>([
    [
      "another statement",
      ["dsseEnvelope", "payload"],
      (value) =>
        Buffer.from(
          Buffer.from(String(value), "base64").toString().replace(/a{64}/, "c".repeat(64)),
        ).toString("base64"),
      /signature|log of signatures/,
    ],
    [
      "another signature",
      ["dsseEnvelope", "signatures", 0, "sig"],
      flipped,
      /signature|log of signatures|time/,
    ],
    [
      "another certificate",
      ["verificationMaterial", "certificate", "rawBytes"],
      flipped,
      /certificate/,
    ],
    [
      "no time",
      ["verificationMaterial"],
      (value) => ({ ...(value as object), tlogEntries: [], timestampVerificationData: undefined }),
      /no trusted time/,
    ],
    [
      "a key in place of the certificate",
      ["verificationMaterial"],
      (value) => ({ ...(value as object), certificate: undefined, publicKey: { hint: "x" } }),
      /with a key/,
    ],
    [
      "rubbish for a certificate",
      ["verificationMaterial", "certificate", "rawBytes"],
      () => "AAAA",
      /with a key/,
    ],
  ])("is refused with %s", (_what, path, change, reason) => {
    expect(verify(changed(bundle, path, change))).toMatchObject({
      kind: expect.stringMatching(/^(?:refused|unreadable)$/),
      reason: expect.stringMatching(reason),
    });
  });

  it.each<[string, readonly (string | number)[], (value: unknown) => unknown]>([
    ["no signature", ["dsseEnvelope", "signatures"], () => []],
    ["no certificate", ["verificationMaterial", "certificate"], () => undefined],
    ["another form", ["mediaType"], () => "text/plain"],
  ])("cannot be read with %s", (_what, path, change) => {
    expect(verify(changed(bundle, path, change))).toMatchObject({
      kind: "unreadable",
      reason: expect.stringContaining("not a Sigstore bundle"),
    });
  });

  it.each<[string, Partial<Signing>, RegExp]>([
    ["text that is no JSON", { payload: "hello" }, /no in-toto statement/],
    ["JSON that is no statement", { payload: "{}" }, /no in-toto statement/],
    ["a statement under another type", { payloadType: "text/plain" }, /no in-toto statement/],
  ])("is refused when it signs %s", async (_what, signing, reason) => {
    expect(verify(await instance.sign({ digest, ...signing }))).toMatchObject({
      kind: "refused",
      reason: expect.stringMatching(reason),
    });
  });

  it("is refused when its certificate had run out before it signed", async () => {
    const late = await sigstoreInstance({ kind, certifiesAt: new Date(Date.now() - 3_600_000) });
    expect(verifierOf(late)(await late.sign({ digest }))).toMatchObject({
      kind: "refused",
      reason: expect.stringMatching(/not valid when it signed/),
    });
  });

  it("is refused under an authority of the same name with another key", async () => {
    const forger = await sigstoreInstance({ kind });
    expect(verify(await forger.sign({ digest }))).toMatchObject({
      kind: "refused",
      reason: expect.stringMatching(/certificate|time/),
    });
  });

  it("cannot be told under an authority that no root names", () => {
    expect(createBundleVerifier([], server)(bundle)).toEqual({
      kind: "untrusted",
      authority: expect.stringContaining("O=sigstore.mock"),
    });
  });

  it("verifies when one of several roots is its own", async () => {
    const other = await sigstoreInstance({ kind: kind === "public" ? "private" : "public" });
    expect(verifierOf(other, instance)(bundle).kind).toBe("verified");
    expect(verifierOf(instance, other)(bundle).kind).toBe("verified");
  });

  it("keeps addresses of another server whole", () => {
    const elsewhere = createBundleVerifier(
      readTrustedRoots(instance.trustedRoot),
      "https://github.example",
    );
    expect(elsewhere(bundle)).toMatchObject({
      signer: {
        workflow: "https://github.com/acme/shop/.github/workflows/release.yml@refs/heads/main",
        repository: "https://github.com/acme/shop",
      },
    });
  });
});

it("a bundle with a time and without a log entry is refused by an instance that has a log", async () => {
  const instance = await sigstoreInstance({ kind: "public" });
  const bundle = await instance.sign({ digest });
  const promiseless = changed(
    bundle,
    ["verificationMaterial", "tlogEntries", 0, "inclusionPromise"],
    () => undefined,
  );
  expect(verifierOf(instance)(promiseless)).toMatchObject({
    kind: "refused",
    reason: "has no trusted time of signing",
  });
});

it("T19: a name in a log's checkpoint that is a slow regular expression holds up nobody", async () => {
  const instance = await sigstoreInstance({ kind: "public" });
  const bundle = await instance.sign({ digest });
  const slow = changed(
    bundle,
    ["verificationMaterial", "tlogEntries", 0, "inclusionProof", "checkpoint", "envelope"],
    (value) => String(value).replace("\u2014 rekor.example", "\u2014 ((.+)+)+X"),
  );
  expect(slow).not.toEqual(bundle);
  // Without the guard this never returns.
  expect(verifierOf(instance)(slow)).toMatchObject({ kind: "refused" });
});

it.each([
  null,
  1,
  "x",
  [],
  {},
  { mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json" },
  { dsseEnvelope: { payload: 1 } },
])("%j is no bundle", (value) => {
  expect(createBundleVerifier([], server)(value)).toMatchObject({
    kind: "unreadable",
    reason: expect.stringContaining("not a Sigstore bundle"),
  });
});
