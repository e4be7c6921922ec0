/** Where a policy stands. One of the two is there; both is an error that names both. */
export const policyPath = ".github/gatehouse.yml";
export const policyPaths = [policyPath, ".github/gatehouse.yaml"] as const;

/** Its tests stand beside it, under the same rule. */
export const policyTestPath = ".github/gatehouse.test.yml";
export const policyTestPaths = [policyTestPath, ".github/gatehouse.test.yaml"] as const;

export const bothStand = (paths: readonly string[]): string =>
  `${paths.join(" and ")} both stand there, and nobody can tell which one holds; delete one of them`;

const bothPrefix = "both:";

/** Names what stands at both places, as a blob does for one; what stands at neither is null. */
export function blobOfPlaces(blobs: readonly (string | null)[]): string | null {
  const there = blobs.filter((blob) => blob !== null);
  return there.length > 1 ? `${bothPrefix}${there.join("+")}` : (there[0] ?? null);
}

export const isOfBothPlaces = (blob: string | null): boolean =>
  blob?.startsWith(bothPrefix) === true;

/** Names the value that says where a repository's policy was read last. */
export const policyPlace = (repository: number): string => `policy-place:${repository}`;

/** The organisation's policy stands in this repository of it. */
export const organizationRepository = ".github";

export const isOrganizationRepository = ({ name }: { readonly name: string }): boolean =>
  name.toLowerCase() === organizationRepository;
