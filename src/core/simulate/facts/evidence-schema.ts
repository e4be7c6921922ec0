import { z } from "zod";
import { findingKinds, type Severity } from "#core/formats/findings/finding.ts";
import {
  scoreOf,
  severityOfLevel,
  severityOfScore,
  severityOfWord,
} from "#core/formats/findings/severity.ts";
import { figure, flag, listOf, optional, shaText, shortText } from "./input-types.ts";

const percent = figure(z.number().min(0).max(100));
const measured = percent.nullable().optional();

/** Percentages; one by itself is the project's. */
export const coverageWords = z.union([
  percent.transform((project) => ({ project, patch: undefined, base: undefined })),
  z.strictObject({ project: measured, patch: measured, base: measured }),
]);

/** A case by name, with its line where that is told. */
const failedWords = z.union([
  shortText.transform((name) => ({ name, path: undefined, line: undefined })),
  z.strictObject({
    name: shortText,
    path: optional(shortText),
    line: optional(figure(z.int().min(1))),
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
    ran: optional(cases),
    failed: optional(listOf(failedWords)),
    flaky: optional(listOf(shortText)),
    skipped: optional(cases),
    /** How many ran on the base. */
    base: optional(cases),
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
  id: optional(shortText),
  kind: optional(
    z.preprocess(
      (kind) => (typeof kind === "string" ? kind.toLowerCase() : kind),
      z.enum(findingKinds),
    ),
  ),
  tool: optional(shortText),
  severity: optional(z.preprocess(severityOf, z.enum(severities))),
  package: optional(shortText),
  path: optional(shortText),
  line: optional(figure(z.int().min(1))),
  new: optional(flag),
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
    package: optional(shortText),
    name: optional(shortText),
    license: license.optional(),
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
    subject: optional(shortText),
    digest: optional(shortText),
    predicate: optional(shortText),
    signer_workflow: optional(shortText),
    /** owner/repo whose workflow run made it. */
    repository: optional(shortText),
    commit: optional(shaText),
    /** The event that started the run. */
    trigger: optional(shortText),
    /** False: its signature does not hold. */
    verified: optional(flag),
  }),
);
