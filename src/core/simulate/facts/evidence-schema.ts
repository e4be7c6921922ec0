import { z } from "zod";
import {
  findingKindMeanings,
  findingKinds,
  type Severity,
} from "#core/formats/findings/finding.ts";
import {
  scoreOf,
  severityOfLevel,
  severityOfScore,
  severityOfWord,
} from "#core/formats/findings/severity.ts";
import { severityMeanings } from "#core/rules/kit/severities.ts";
import { oneOf } from "#core/text/meanings.ts";
import { figure, flag, listOf, optional, shaText, shortText } from "./input-types.ts";

const percent = figure(z.number().min(0).max(100));
const measured = percent.nullable().optional();

/** Percentages; one by itself is the project's. */
export const coverageWords = z.union([
  percent.transform((project) => ({ project, patch: undefined, base: undefined })),
  z.strictObject({
    project: measured.meta({
      description: "Coverage of the whole project, in per cent; null: not measured.",
      examples: [81.5],
    }),
    patch: measured.meta({
      description: "Coverage of the changed lines, in per cent; null: none of them is measured.",
      examples: [92],
    }),
    base: measured.meta({
      description: "Coverage of the base, in per cent; null: not measured.",
      examples: [81],
    }),
  }),
]);

/** A case by name, with its line where that is told. */
const failedWords = z.union([
  shortText.transform((name) => ({ name, path: undefined, line: undefined })),
  z.strictObject({
    name: shortText.meta({
      description: "Its name, with its class.",
      examples: ["shop.CartTest.addsTwice"],
    }),
    path: optional(shortText).meta({
      description: "The file that failed.",
      examples: ["test/cart.test.ts"],
    }),
    line: optional(figure(z.int().min(1))).meta({
      description: "The line that failed.",
      examples: [12],
    }),
  }),
]);
const cases = figure(z.int().min(0));

/** Test reports; a number by itself is how many cases ran. */
export const testsWords = z.union([
  cases.transform((ran) => ({
    ran,
    failed: undefined,
    flaky: undefined,
    skipped: undefined,
    base: undefined,
  })),
  z.strictObject({
    ran: optional(cases).meta({ description: "Cases that ran.", examples: [250] }),
    failed: optional(listOf(failedWords)).describe(
      "Cases that failed: names, or {name, path, line}.",
    ),
    flaky: optional(listOf(shortText)).meta({
      description: "Names of cases that failed once and passed when run again.",
      examples: [["shop.CartTest.addsTwice"]],
    }),
    skipped: optional(cases).meta({ description: "Cases that were skipped.", examples: [0] }),
    base: optional(cases).meta({ description: "Cases that ran on the base.", examples: [248] }),
  }),
]);

/** As scanners tell it: our own words, theirs, SARIF levels, or a security-severity as a number. */
function severityOf(given: unknown): unknown {
  const score = scoreOf(given);
  if (score !== null && score >= 0 && score <= 10) return severityOfScore(score) ?? "unrated";
  if (typeof given !== "string") return given;
  return (
    severityOfWord(given) ??
    severityOfLevel(given) ??
    (["unrated", "unknown", "none"].includes(given.trim().toLowerCase()) ? "unrated" : given)
  );
}

const severities = [
  "critical",
  "high",
  "medium",
  "low",
  "unrated",
] as const satisfies readonly Severity[];

export const findingWords = z.strictObject({
  id: optional(shortText).meta({
    description: "The finding: a CVE or GHSA id, or a rule's.",
    examples: ["CVE-2026-12345"],
  }),
  kind: optional(
    z.preprocess(
      (kind) => (typeof kind === "string" ? kind.toLowerCase() : kind),
      oneOf(findingKinds, findingKindMeanings),
    ),
  ).describe("What kind of flaw it is."),
  tool: optional(shortText).meta({ description: "The tool that found it.", examples: ["CodeQL"] }),
  severity: optional(
    z.preprocess(
      severityOf,
      oneOf(severities, { ...severityMeanings, unrated: "The scanner does not say." }),
    ),
  ).describe("How grave it is: a word, a scanner's own, or a security-severity of 0 to 10."),
  package: optional(shortText).meta({
    description: "The package it is in.",
    examples: ["lodash", "pkg:npm/lodash@4.17.20"],
  }),
  path: optional(shortText).meta({ description: "The file it is in.", examples: ["src/cart.ts"] }),
  line: optional(figure(z.int().min(1))).meta({
    description: "The line it is at.",
    examples: [12],
  }),
  new: optional(flag).describe("Whether the base does not have it."),
});

/** A licence expression; several licences of one package all hold. null: nobody knows. */
const license = z.union([
  shortText.nullable(),
  z
    .array(shortText)
    .transform((all) =>
      all.length === 0
        ? null
        : all.map((each) => (all.length > 1 ? `(${each})` : each)).join(" AND "),
    ),
]);

const licensed = z.union([
  // A licence by itself is that of some added package.
  shortText.transform((expression) => ({
    package: undefined,
    name: undefined,
    license: expression,
  })),
  z.strictObject({
    package: optional(shortText).meta({
      description: "The added package.",
      examples: ["left-pad"],
    }),
    name: optional(shortText).meta({
      description: "The same by another name.",
      examples: ["left-pad"],
    }),
    license: license.optional().meta({
      description:
        "Its licence: an SPDX expression, a list of them that all hold, or null where it is not known.",
      examples: ["MIT", null],
    }),
  }),
]);

interface LicenseEntry {
  readonly package: string;
  readonly license: string | null;
}

/** Licences of added dependencies: `{package: licence}`, or a list of them; null is an unknown licence. */
export const licenseWords = z.union([
  z
    .record(shortText, license)
    .transform((table): readonly LicenseEntry[] =>
      Object.entries(table).map(([name, held]) => ({ package: name, license: held })),
    ),
  listOf(licensed).transform((list): readonly LicenseEntry[] =>
    list.map((entry, index) => ({
      package: entry.package ?? entry.name ?? `dependency-${index + 1}`,
      license: entry.license ?? null,
    })),
  ),
]);

/** An attestation of the deployed artifact; left out, it is verified provenance of the deployed commit by a workflow of the repository. */
export const attestationWords = z.preprocess(
  (given) => (typeof given === "string" ? { subject: given } : given),
  z.strictObject({
    subject: optional(shortText).meta({
      description: "Name of the artifact.",
      examples: ["shop-1.2.0.tgz"],
    }),
    digest: optional(shortText).meta({
      description: "Digest of the artifact.",
      examples: ["sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    }),
    predicate: optional(shortText).meta({
      description: "Predicate type.",
      examples: ["https://slsa.dev/provenance/v1"],
    }),
    signer_workflow: optional(shortText).meta({
      description: "The workflow that signed.",
      examples: ["acme/shop/.github/workflows/release.yml"],
    }),
    repository: optional(shortText).meta({
      description: "owner/repo whose workflow run made it.",
      examples: ["acme/shop"],
    }),
    commit: optional(shaText).describe("The commit it was built from."),
    trigger: optional(shortText).meta({
      description: "The event that started the run.",
      examples: ["push"],
    }),
    verified: optional(flag).describe("False: its signature does not hold."),
  }),
);
