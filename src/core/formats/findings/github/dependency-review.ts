import { z } from "zod";
import { finishFinding } from "../collect.ts";
import type { Finding } from "../finding.ts";
import { writePackage } from "../package-name.ts";
import { packageKey, type FindingKey } from "../same-finding.ts";
import { repositoryPath } from "../repository-path.ts";
import { rate } from "../severity.ts";
import { text } from "./person.ts";

/** One entry of GET /repos/{owner}/{repo}/dependency-graph/compare/{base}...{head}. */
export const dependencyChangeSchema = z.object({
  change_type: z.string(),
  manifest: text,
  ecosystem: text,
  name: z.string(),
  version: text,
  package_url: text,
  license: text,
  scope: text,
  vulnerabilities: z
    .array(
      z.object({
        severity: text,
        advisory_ghsa_id: text,
        advisory_summary: text,
        advisory_url: text,
      }),
    )
    .nullish(),
});
export type DependencyChange = z.infer<typeof dependencyChangeSchema>;

/** A dependency that a change brings in, with the licence GitHub knows of it (null: it knows none). */
export interface AddedDependency {
  readonly package: string;
  readonly name: string;
  readonly version: string | null;
  readonly manifest: string | null;
  readonly scope: string;
  readonly license: string | null;
}

const packageOf = (change: DependencyChange): string =>
  change.package_url !== null && change.package_url !== undefined && change.package_url !== ""
    ? change.package_url
    : writePackage(
        change.ecosystem ?? undefined,
        change.name,
        change.version === "" ? undefined : (change.version ?? undefined),
      );

/** Anything but `removed` brings the dependency in: an unknown word must not hide one. */
const isAdded = (change: DependencyChange): boolean => change.change_type !== "removed";

/** What the licences rule judges: every dependency the comparison adds. */
export function addedDependencies(
  changes: readonly DependencyChange[],
): readonly AddedDependency[] {
  return changes.filter(isAdded).map((change) => ({
    package: packageOf(change),
    name: change.name,
    version: change.version ?? null,
    manifest: change.manifest ?? null,
    scope: change.scope ?? "unknown",
    license: change.license ?? null,
  }));
}

/**
 * Package keys of what a comparison takes out of a manifest: the base has these packages in these versions, and one that
 * is added in another manifest is the same one.
 */
export function packagesOfBase(changes: readonly DependencyChange[]): readonly FindingKey[] {
  return changes.flatMap((change) =>
    isAdded(change) ? [] : (packageKey(packageOf(change)) ?? []),
  );
}

/** The known vulnerabilities of the dependencies a comparison adds. Whether the base has them elsewhere it does not say. */
export function fromDependencyReview(changes: readonly DependencyChange[]): readonly Finding[] {
  return changes.filter(isAdded).flatMap((change) =>
    (change.vulnerabilities ?? []).map((vulnerability) =>
      finishFinding(
        {
          kind: "dependency",
          rule: vulnerability.advisory_ghsa_id ?? "unknown",
          rating: rate({ kind: "dependency", word: vulnerability.severity }),
          title: `${vulnerability.advisory_summary ?? "Vulnerability"} in ${change.name}`,
          package: packageOf(change),
          path:
            change.manifest === null || change.manifest === undefined
              ? undefined
              : repositoryPath(change.manifest),
          url: vulnerability.advisory_url ?? undefined,
        },
        "dependency-review",
        "dependency-review",
        new Map(),
      ),
    ),
  );
}
