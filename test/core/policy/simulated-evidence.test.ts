import { describe, expect, it } from "vitest";
import { evaluate } from "#core/policy/evaluate.ts";
import { simulateFacts, tableOf } from "#core/simulate/facts/facts.ts";
import { effective } from "./some-policy.ts";

/** The verdict of one requirement over facts in plain words. */
function verdictOf(
  requirement: string,
  facts: string,
  extra = "",
): { readonly kind: string; readonly found: string; readonly warnings: readonly string[] } {
  const policy = effective({
    own: `version: 1\nrules:\n  - { name: it, require: { ${requirement} } }\n${extra}`,
  });
  const told = simulateFacts(facts, Date.UTC(2026, 2, 2));
  if (!told.ok) throw new Error(JSON.stringify(told.problems));
  const { subject, now, holds } = told.facts;
  const verdict = evaluate({
    policy,
    subject,
    facts: tableOf(policy, told.facts),
    now,
    holds,
    overrides: [],
  }).rules[0]?.verdict;
  if (verdict === undefined) throw new Error("no verdict");
  return verdict;
}

describe("evidence in plain words", () => {
  it.each<[string, string, string, string]>([
    [
      "coverage as measured",
      "coverage: { project: 80, patch: 80, max_drop: 1 }",
      "coverage: { project: 85, patch: 80, base: 85.5 }",
      "pass",
    ],
    [
      "too little of the patch",
      "coverage: { patch: 80 }",
      "coverage: { project: 85, patch: 71 }",
      "fail",
    ],
    ["a drop", "coverage: { max_drop: 1 }", "coverage: { project: 85, base: 90 }", "fail"],
    [
      "no base to compare with",
      "coverage: { max_drop: 1 }",
      "coverage: { project: 85 }",
      "pending",
    ],
    [
      "a patch that nobody tells",
      "coverage: { patch: 80 }",
      "coverage: { project: 85 }",
      "pending",
    ],
    ["no coverage", "coverage: {}", "{}", "pending"],
    [
      "no coverage where none is asked for",
      "coverage: { if_absent: skip }",
      "coverage: null",
      "skipped",
    ],
    ["unreadable coverage", "coverage: {}", "unreadable: [coverage]", "unknown"],
    ["a scan that found nothing", "findings: {}", "scans: [codeql]", "pass"],
    ["nothing scanned", "findings: {}", "{}", "pending"],
    [
      "a critical finding",
      "findings: {}",
      "{ scans: [trivy], findings: [{ id: CVE-2025-1, severity: critical, package: 'pkg:npm/a@1.0.0' }] }",
      "fail",
    ],
    [
      "a high one",
      "findings: {}",
      "{ scans: [trivy], findings: [{ id: CVE-2025-1, severity: high }] }",
      "pass",
    ],
    [
      "an unrated one",
      "findings: { block: medium }",
      "{ scans: [trivy], findings: [{ id: x }] }",
      "fail",
    ],
    [
      "a leaked secret",
      "findings: {}",
      "{ scans: [gitleaks], findings: [{ id: aws-key, kind: secret }] }",
      "fail",
    ],
    [
      "a finding the base has",
      "findings: { new_only: true }",
      "{ scans: [trivy], findings: [{ id: CVE-2025-1, severity: critical, new: false }] }",
      "pass",
    ],
    [
      "a finding that is new",
      "findings: { new_only: true }",
      "{ scans: [trivy], findings: [{ id: CVE-2025-1, severity: critical, new: true }] }",
      "fail",
    ],
    [
      "W42: a finding of the dependency review that the base has",
      "findings: { new_only: true }",
      "{ scans: [dependency-review], findings: [{ id: CVE-2025-1, tool: dependency-review, package: 'pkg:npm/a@1', severity: critical, new: false }] }",
      "pass",
    ],
    [
      "a required tool that scanned",
      "findings: { require_scan: [codeql] }",
      "scans: [CodeQL]",
      "pass",
    ],
    [
      "a required tool that did not",
      "findings: { require_scan: [codeql] }",
      "scans: [trivy]",
      "pending",
    ],
    ["a source by name", "findings: { from: [code-scanning] }", "scans: [codeql]", "pass"],
    ["dependency review as a scan", "findings: {}", "scans: [dependency-review]", "pass"],
    ["Dependabot by name", "findings: { from: [dependabot] }", "scans: [dependabot]", "pass"],
    ["unreadable scans", "findings: {}", "{ scans: [codeql], unreadable: [scans] }", "unknown"],
    [
      "unreadable findings",
      "findings: {}",
      "{ scans: [codeql], unreadable: [findings] }",
      "unknown",
    ],
    [
      "an allowed licence",
      "licenses: { allow: [MIT] }",
      "licenses: { 'pkg:npm/a@1.0.0': MIT }",
      "pass",
    ],
    [
      "another licence",
      "licenses: { allow: [MIT] }",
      "licenses: { 'pkg:npm/a@1.0.0': GPL-3.0-only }",
      "fail",
    ],
    ["an unknown licence", "licenses: { allow: [MIT] }", "licenses: [{ package: a }]", "fail"],
    ["nothing added", "licenses: { allow: [MIT] }", "{}", "pass"],
    ["unreadable licences", "licenses: { allow: [MIT] }", "unreadable: [licenses]", "unknown"],
  ])("%s", (_title, requirement, facts, kind) => {
    expect(verdictOf(requirement, facts).kind).toBe(kind);
  });

  const production = "deployment: { environment: production, sha: abc, ref: main }";
  it.each<[string, string, string, string]>([
    ["an attestation", "attestation: {}", "attestations: [{ subject: shop.tgz }]", "pass"],
    [
      "an attestation by its subject alone",
      "attestation: { subject: '*.tgz' }",
      "attestations: shop.tgz",
      "pass",
    ],
    [
      "one that names no artifact",
      "attestation: { subject: '*.tgz' }",
      "attestations: [{ verified: true }]",
      "pass",
    ],
    [
      "one of another artifact",
      "attestation: { subject: '*.tgz' }",
      "attestations: [{ subject: logs.zip }]",
      "pending",
    ],
    ["none", "attestation: {}", "attestations: []", "pending"],
    ["nothing said", "attestation: {}", "now: 2026-03-02", "pending"],
    [
      "one that does not verify",
      "attestation: {}",
      "attestations: [{ subject: shop.tgz, verified: false }]",
      "fail",
    ],
    [
      "one beside it that does",
      "attestation: {}",
      "attestations: [{ subject: shop.tgz, verified: false }, { subject: shop.tgz }]",
      "pass",
    ],
    [
      "one of another commit",
      "attestation: {}",
      "attestations: [{ subject: shop.tgz, commit: abd }]",
      "fail",
    ],
    [
      "one of another repository",
      "attestation: {}",
      "attestations: [{ subject: shop.tgz, repository: mallory/shop }]",
      "fail",
    ],
    [
      "one of a stranger's event",
      "attestation: {}",
      "attestations: [{ subject: shop.tgz, trigger: pull_request_target }]",
      "fail",
    ],
    [
      "one by the workflow that is asked for",
      "attestation: { signer_workflow: acme/build/.github/workflows/release.yml }",
      "attestations: [{ subject: shop.tgz, signer_workflow: acme/build/.github/workflows/release.yml }]",
      "pass",
    ],
    [
      "one by another workflow",
      "attestation: { signer_workflow: acme/build/.github/workflows/release.yml }",
      "attestations: [{ subject: shop.tgz }]",
      "fail",
    ],
    [
      "one by another repository's workflow where none is asked for",
      "attestation: {}",
      "attestations: [{ subject: shop.tgz, signer_workflow: acme/build/.github/workflows/release.yml }]",
      "fail",
    ],
    [
      "one from a ref",
      "attestation: { signer_workflow: '.github/workflows/release.yml@refs/tags/*' }",
      "attestations: [{ subject: shop.tgz, signer_workflow: .github/workflows/release.yml@refs/tags/v1 }]",
      "pass",
    ],
    [
      "an SBOM in place of provenance",
      "attestation: {}",
      "attestations: [{ subject: shop.tgz, predicate: https://spdx.dev/Document }]",
      "pending",
    ],
    [
      "a digest",
      `attestation: { subject: 'sha256:${"a".repeat(64)}' }`,
      `attestations: [{ digest: 'sha256:${"a".repeat(64)}' }]`,
      "pass",
    ],
    [
      "another digest",
      `attestation: { subject: 'sha256:${"a".repeat(64)}' }`,
      `attestations: [{ digest: 'sha256:${"b".repeat(64)}' }]`,
      "pending",
    ],
    [
      "unreadable attestations",
      "attestation: {}",
      "attestations: [{ subject: shop.tgz }]\nunreadable: [attestations]",
      "unknown",
    ],
  ])("at a deployment: %s", (_title, requirement, facts, kind) => {
    expect(verdictOf(requirement, `${production}\n${facts}\n`).kind).toBe(kind);
  });

  it("waivers of the policy count, with their date", () => {
    const waivers =
      "waivers: [{ finding: CVE-2025-1, package: 'pkg:npm/a@1.0.0', until: 2026-03-31, owner: octocat, reason: unreachable }]\n";
    const facts = (now: string): string =>
      `{ now: "${now}", scans: [trivy], findings: [{ id: CVE-2025-1, severity: critical, package: 'pkg:npm/a@1.0.0' }] }`;
    expect(verdictOf("findings: {}", facts("2026-03-31T23:59:59Z"), waivers)).toMatchObject({
      kind: "pass",
      warnings: expect.arrayContaining([expect.stringContaining("octocat")]),
    });
    expect(verdictOf("findings: {}", facts("2026-04-01T00:00:00Z"), waivers)).toMatchObject({
      kind: "fail",
    });
  });
});
