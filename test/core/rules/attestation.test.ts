import { describe, expect, it } from "vitest";
import {
  attestations,
  type AttestationFact,
  type AttestationSigner,
  type AttestationsFact,
  type AttestedArtifact,
} from "#core/facts/attestations.ts";
import { attestation } from "#core/rules/attestation/rule.ts";
import { aDeployment, factsOf, headSha, olderSha, tell, thePullRequest } from "../build.ts";
import { judge } from "../judge.ts";

const slsa = "https://slsa.dev/provenance/v1";
const release = "acme/shop/.github/workflows/release.yml@refs/heads/main";
const issuer = "https://token.actions.githubusercontent.com";

const signer: AttestationSigner = {
  issuer,
  workflow: release,
  repository: "acme/shop",
  repositoryId: aDeployment.repository,
  commit: headSha,
  trigger: "push",
  runUrl: "https://github.com/acme/shop/actions/runs/1",
};

/** Provenance that is as it should be, but for what the test is about. */
const verified = (
  over: Partial<AttestationSigner> = {},
  more: { readonly predicate?: string; readonly attests?: boolean } = {},
): AttestationFact => ({
  kind: "verified",
  predicate: slsa,
  attests: true,
  ...more,
  signer: { ...signer, ...over },
});

const anArtifact = (name: string, ...kept: readonly AttestationFact[]): AttestedArtifact => ({
  name,
  digest: `sha256:${"a".repeat(64)}`,
  problem: null,
  run: {
    id: 1,
    workflow: ".github/workflows/release.yml",
    url: "https://github.com/acme/shop/actions/runs/1",
  },
  attestations: kept,
});

function judged(
  artifacts: readonly AttestedArtifact[],
  params: {
    readonly subject?: string;
    readonly signer_workflow?: string;
    readonly predicate?: string;
  } = {},
  over: Partial<AttestationsFact> = {},
) {
  const need = attestations.need({ subject: params.subject, predicate: params.predicate ?? slsa });
  return judge(
    attestation,
    params,
    factsOf(
      tell(need, { repository: "acme/shop", issuer, artifacts, waiting: [], ignored: [], ...over }),
    ),
    { subject: aDeployment },
  );
}

describe("attestation", () => {
  it("verified provenance of the deployed commit by the repository's own workflow passes, with its evidence", () => {
    expect(judged([anArtifact("shop.tgz", verified())], { subject: "*.tgz" })).toMatchObject({
      kind: "pass",
      found: "1 artifact attested: shop.tgz",
      required: "verified provenance of *.tgz",
      evidence: [
        {
          label: `shop.tgz: attested by ${release}`,
          sha: headSha,
          digest: `sha256:${"a".repeat(64)}`,
          url: "https://github.com/acme/shop/actions/runs/1",
        },
      ],
    });
  });

  it.each<[string, AttestationFact, RegExp]>([
    ["of another artifact", verified({}, { attests: false }), /is about another artifact/],
    [
      "of another issuer",
      verified({ issuer: "https://accounts.example" }),
      /issued by https:\/\/accounts\.example, not by https:\/\/token\.actions/,
    ],
    ["whose issuer only begins like ours", verified({ issuer: `${issuer}.example` }), /issued by/],
    ["without an issuer", verified({ issuer: null }), /issued by nobody/],
    [
      "of another repository",
      verified({ repository: "mallory/shop", repositoryId: 99 }),
      /made in mallory\/shop, not in acme\/shop/,
    ],
    [
      "of a repository that bears the name now",
      verified({ repositoryId: 99 }),
      /made in acme\/shop/,
    ],
    [
      "without a repository",
      verified({ repository: null, repositoryId: null }),
      /made in no repository/,
    ],
    ["of another commit", verified({ commit: olderSha }), /made of aaaaaaa, not of bbbbbbb/],
    ["without a commit", verified({ commit: null }), /made of no commit/],
    [
      "of a run that a stranger's pull request starts with our rights",
      verified({ trigger: "pull_request_target" }),
      /run of pull_request_target, which anybody can start/,
    ],
    [
      "of a run that a comment starts",
      verified({ trigger: "issue_comment" }),
      /run of issue_comment/,
    ],
    [
      "by another repository's workflow",
      verified({ workflow: "acme/build/.github/workflows/release.yml@refs/heads/main" }),
      /signed by acme\/build/,
    ],
    [
      "by a repository whose name only begins like ours",
      verified({ workflow: "acme/shop-evil/.github/workflows/release.yml@refs/heads/main" }),
      /signed by acme\/shop-evil/,
    ],
    ["by no workflow", verified({ workflow: null }), /signed by no workflow/],
    [
      "by a person",
      verified({ workflow: "somebody@example.com" }),
      /signed by somebody@example\.com/,
    ],
    [
      "that does not verify",
      { kind: "refused", reason: "has a signature that is not of this content" },
      /has a signature that is not of this content/,
    ],
  ])("provenance %s fails, and says what", (_what, kept, why) => {
    expect(judged([anArtifact("shop.tgz", kept)])).toMatchObject({
      kind: "fail",
      need: expect.stringMatching(/^The provenance of shop\.tgz does not hold: it /),
      found: expect.stringMatching(why),
      next: expect.stringContaining("builds bbbbbbb anew"),
    });
  });

  it.each<[string, string, boolean]>([
    [
      "acme/build/.github/workflows/release.yml",
      "acme/build/.github/workflows/release.yml@refs/tags/v1",
      true,
    ],
    [
      "ACME/Build/.github/workflows/release.yml",
      "acme/build/.github/workflows/release.yml@refs/tags/v1",
      true,
    ],
    [
      "acme/build/.github/workflows/Release.yml",
      "acme/build/.github/workflows/release.yml@refs/tags/v1",
      false,
    ],
    [
      "acme/build/.github/workflows/release.yml@refs/tags/*",
      "acme/build/.github/workflows/release.yml@refs/tags/v1",
      true,
    ],
    [
      "acme/build/.github/workflows/release.yml@refs/heads/main",
      "acme/build/.github/workflows/release.yml@refs/tags/v1",
      false,
    ],
    [
      "acme/build/.github/workflows/release.yml@refs/heads/main",
      "acme/build/.github/workflows/release.yml@refs/heads/Main",
      false,
    ],
    [
      "acme/*/.github/workflows/release.yml",
      "acme/build/.github/workflows/release.yml@refs/heads/main",
      true,
    ],
    [
      "acme/*/.github/workflows/release.yml",
      "mallory/build/.github/workflows/release.yml@refs/heads/main",
      false,
    ],
    [
      "acme/build/.github/workflows/release.yml",
      "acme/build/.github/workflows/release.yml.evil.yml@refs/heads/main",
      false,
    ],
    ["acme/build/.github/workflows/release.yml", release, false],
    [".github/workflows/release.yml", release, true],
    [".github/workflows/other.yml", release, false],
    [
      ".github/workflows/release.yml",
      "acme/build/.github/workflows/release.yml@refs/heads/main",
      false,
    ],
    [
      "acme/build/.github/workflows/release.yml",
      "https://elsewhere.example/acme/build/.github/workflows/release.yml@refs/heads/main",
      false,
    ],
  ])("signer_workflow %s, signed by %s: %s", (asked, workflow, holds) => {
    expect(
      judged([anArtifact("shop.tgz", verified({ workflow }))], { signer_workflow: asked }).kind,
    ).toBe(holds ? "pass" : "fail");
  });

  it("an issuer of the enterprise's own below GitHub's is GitHub's", () => {
    expect(judged([anArtifact("shop.tgz", verified({ issuer: `${issuer}/acme-inc` }))]).kind).toBe(
      "pass",
    );
  });

  it("one attestation that says it all is enough beside others that do not", () => {
    expect(
      judged([
        anArtifact(
          "shop.tgz",
          { kind: "refused", reason: "is malformed" },
          verified({ commit: olderSha }),
          verified(),
        ),
      ]).kind,
    ).toBe("pass");
  });

  it("an attestation of something else is neither for nor against", () => {
    const sbom = verified({}, { predicate: "https://spdx.dev/Document/v2.3" });
    expect(judged([anArtifact("shop.tgz", sbom)], { subject: "shop.tgz" })).toMatchObject({
      kind: "pending",
      need: "No provenance of shop.tgz",
    });
    expect(
      judged([anArtifact("shop.tgz", sbom)], { predicate: "https://spdx.dev/Document/v2.3" }),
    ).toMatchObject({
      kind: "pass",
      required: "verified attestation https://spdx.dev/Document/v2.3 of the artifact",
    });
  });

  it("an artifact without any waits, and says who can do what", () => {
    expect(judged([anArtifact("shop.tgz")], { subject: "*.tgz" })).toMatchObject({
      kind: "pending",
      need: "No provenance of shop.tgz",
      found: "shop.tgz: not attested",
      next: expect.stringContaining("actions/attest"),
    });
    expect(judged([], { subject: "*.tgz" })).toMatchObject({
      kind: "pending",
      need: "No artifact *.tgz of bbbbbbb",
      found: "no such artifact",
    });
    expect(
      judged(
        [],
        { subject: "*.tgz" },
        { waiting: ["Release"], ignored: ["CI (run 3): of the fork mallory/shop"] },
      ),
    ).toMatchObject({
      kind: "pending",
      found: expect.stringMatching(/still running: Release; CI \(run 3\): of the fork/),
      next: "Gatehouse judges again by itself when Release ends.",
    });
  });

  it("every artifact that is named has to be attested; where none is named, at least one, and all that are have to hold", () => {
    const both = [anArtifact("shop.tgz", verified()), anArtifact("logs")];
    expect(judged(both, { subject: "*" })).toMatchObject({
      kind: "pending",
      need: "No provenance of logs",
    });
    expect(judged(both)).toMatchObject({ kind: "pass", found: "1 artifact attested: shop.tgz" });
    expect(judged([anArtifact("logs"), anArtifact("coverage")])).toMatchObject({
      kind: "pending",
      need: "No provenance of logs, coverage",
    });
    expect(judged([...both, anArtifact("cli.tgz", verified({ commit: olderSha }))])).toMatchObject({
      kind: "fail",
      need: expect.stringContaining("cli.tgz"),
    });
  });

  it("what cannot be told here is unknown, with the remedy; a good one beside it passes, a bad artifact still fails", () => {
    const unreadable: AttestationFact = {
      kind: "unreadable",
      reason: "no trusted root is known for O=GitHub, Inc.",
      remedy: "Set SIGSTORE_TRUSTED_ROOT.",
    };
    expect(judged([anArtifact("shop.tgz", unreadable)])).toMatchObject({
      kind: "unknown",
      need: "The provenance of shop.tgz cannot be verified: no trusted root is known for O=GitHub, Inc.",
      next: "Set SIGSTORE_TRUSTED_ROOT.",
    });
    expect(
      judged([anArtifact("shop.tgz", unreadable, { kind: "refused", reason: "is malformed" })])
        .kind,
    ).toBe("unknown");
    expect(judged([anArtifact("shop.tgz", unreadable, verified())]).kind).toBe("pass");
    expect(
      judged([
        anArtifact("shop.tgz", unreadable),
        anArtifact("cli.tgz", { kind: "refused", reason: "is malformed" }),
      ]).kind,
    ).toBe("fail");
    expect(
      judged(
        [{ ...anArtifact("shop.tgz"), digest: null, problem: "GitHub gives no digest of it" }],
        { subject: "shop.tgz" },
      ),
    ).toMatchObject({ kind: "unknown", found: "shop.tgz: GitHub gives no digest of it" });
  });

  it("a pull request has nothing to attest", () => {
    expect(judge(attestation, {}, factsOf(), { subject: thePullRequest }).kind).toBe("skipped");
  });

  it("a digest is a whole one", () => {
    expect(() => attestation.bind({ subject: `sha256:${"a".repeat(64)}` })).not.toThrow();
    expect(() => attestation.bind({ subject: "sha256:abc" })).toThrow(/not a digest/);
  });

  it("a repository may neither move nor narrow what the organisation asks", () => {
    expect(
      attestation.compare(
        { signer_workflow: "acme/build/**" },
        { signer_workflow: "acme/build/**" },
      ),
    ).toBe("same");
    for (const own of [
      {},
      { signer_workflow: "acme/shop/**" },
      { signer_workflow: "acme/build/**", subject: "tiny" },
    ])
      expect(attestation.compare({ signer_workflow: "acme/build/**" }, own)).toBe("looser");
  });
});
