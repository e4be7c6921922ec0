import type { Finding, FindingKind } from "./finding.ts";
import { readPackage } from "./package-name.ts";

/**
 * What tells that a base has a finding already, whichever source tells of either. Three kinds of key: the fingerprint
 * (the same report of the same tool), the package in its version (alone, or with an advisory), the rule and its place.
 */
export type FindingKey = string;

const aboutPackages: ReadonlySet<FindingKind> = new Set(["dependency", "container"]);

/** A package in one version; undefined without a version: nobody knows then whether it is the same. */
export function packageKey(text: string): FindingKey | undefined {
  const named = readPackage(text);
  return named === null || named.version === null
    ? undefined
    : JSON.stringify(["package", named.type ?? "", named.name, named.version]);
}

/** The package with each name of the problem: two scanners call one by its CVE and by its GHSA. */
function problemKeys({ rule, aliases }: Finding, of: FindingKey): readonly FindingKey[] {
  const ids = new Set([rule, ...aliases].map((id) => id.toUpperCase()));
  return [...ids].map((id) => `${of}${id}`);
}

function placeKey({ tool, rule, path, startLine }: Finding): FindingKey | undefined {
  return path === undefined
    ? undefined
    : JSON.stringify(["place", tool, rule, path, startLine ?? 0]);
}

/** What a finding of the base says that the base has. */
export function keysOf(finding: Finding): readonly FindingKey[] {
  const place = placeKey(finding);
  if (!aboutPackages.has(finding.kind))
    return [finding.fingerprint, ...(place === undefined ? [] : [place])];
  const of = finding.package === undefined ? undefined : packageKey(finding.package);
  return [finding.fingerprint, ...(of === undefined ? [] : problemKeys(finding, of))];
}

/** Whether a source of its own kind told of the finding on the base. */
export const isKnownThere = (
  finding: Finding,
  own: ReadonlySet<FindingKey> | null | undefined,
): boolean => own?.has(finding.fingerprint) === true;

/**
 * Whether the base has it by the word of any source: a vulnerability by its package and version (the whole package where
 * a list of the base's packages names it), another finding by rule and place, which is asked only where its own source
 * never looked at the base: lines move, and where fingerprints are to be had they tell better.
 */
export function isKnownAnywhere(
  finding: Finding,
  known: Iterable<ReadonlySet<FindingKey>>,
  hasOwn: boolean,
): boolean {
  const of =
    aboutPackages.has(finding.kind) && finding.package !== undefined
      ? packageKey(finding.package)
      : undefined;
  const place = aboutPackages.has(finding.kind) || hasOwn ? undefined : placeKey(finding);
  const wanted = [
    ...(of === undefined ? [] : [of, ...problemKeys(finding, of)]),
    ...(place === undefined ? [] : [place]),
  ];
  return wanted.length > 0 && [...known].some((keys) => wanted.some((key) => keys.has(key)));
}
