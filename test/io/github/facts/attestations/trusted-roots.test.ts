import { beforeAll, describe, expect, it } from "vitest";
import { publicGoodRoot, readTrustedRoots } from "#io/github/facts/attestations/trusted-roots.ts";
import { createBundleVerifier } from "#io/github/facts/attestations/verify-bundle.ts";
import { sigstoreInstance, type SigstoreInstance } from "../../../../support/sigstore-instance.ts";

let one: SigstoreInstance;
let two: SigstoreInstance;
beforeAll(async () => {
  [one, two] = await Promise.all([sigstoreInstance(), sigstoreInstance({ kind: "private" })]);
});

describe("trusted roots", () => {
  it("that are shipped are those of the public-good instance, with everything that a signature is held against", () => {
    const roots = publicGoodRoot();
    expect(roots).toHaveLength(1);
    expect(roots[0]?.certificateAuthorities.map(({ subject }) => subject?.organization)).toContain(
      "sigstore.dev",
    );
    for (const part of [roots[0]?.tlogs, roots[0]?.ctlogs]) expect(part?.length).toBeGreaterThan(0);
    expect(() => createBundleVerifier(roots, "https://github.com")).not.toThrow();
  });

  it("are read one a line, as gh writes them, and from a document over many lines", () => {
    expect(
      readTrustedRoots(`${one.trustedRoot}\n\n${two.trustedRoot}\n`).map(
        ({ tlogs }) => tlogs.length,
      ),
    ).toEqual([1, 0]);
    expect(readTrustedRoots(JSON.stringify(JSON.parse(one.trustedRoot), null, 2))).toHaveLength(1);
  });

  const without = (...keys: readonly string[]): string =>
    JSON.stringify(
      Object.fromEntries(
        Object.entries(JSON.parse(one.trustedRoot) as object).filter(
          ([key]) => !keys.includes(key),
        ),
      ),
    );
  it.each<[string, () => string, RegExp]>([
    ["nothing", () => "", /no trusted root/],
    ["text", () => "hello", /neither JSON/],
    ["a good line and a bad one", () => `${one.trustedRoot}\n{`, /neither JSON/],
    ["other JSON", () => "{}", /not a trusted root/],
    [
      "a key",
      () =>
        JSON.stringify({ mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1" }),
      /certificateAuthorities/,
    ],
    [
      "no authority for certificates",
      () => without("certificateAuthorities"),
      /certificateAuthorities/,
    ],
    [
      "nobody who vouches for times",
      () => without("tlogs", "timestampAuthorities"),
      /time of a signature/,
    ],
  ])("%s are refused", (_what, text, reason) => {
    expect(() => readTrustedRoots(text())).toThrow(reason);
  });
});
