import { scanSources, type ScanSourceFact } from "#core/facts/findings.ts";
import type { FindingSource } from "#core/formats/findings/finding.ts";
import { lookUp, type FactTable } from "#core/model/fact.ts";
import { sourcesOf, type FindingsParams } from "./params.ts";
import { scanState } from "./scans.ts";

/** Below this, a scan that was not seen proves nothing. */
const fewest = 3;

/** Sources of one pull request; null where not all that are asked were read. */
function readOf(
  asked: FindingsParams,
  table: FactTable,
): ReadonlyMap<FindingSource, ScanSourceFact> | null {
  const read = new Map<FindingSource, ScanSourceFact>();
  for (const source of sourcesOf(asked, false)) {
    const result = lookUp(table, scanSources[source].need());
    if (result?.ok !== true) return null;
    read.set(source, result.value);
  }
  return read;
}

/** Why a scan that is asked for may never be there: its source is switched off, or no pull request was ever scanned so. */
export function whyNeverScanned(
  asked: FindingsParams,
  seen: readonly FactTable[],
): readonly string[] {
  const read = seen.map((table) => readOf(asked, table)).filter((sources) => sources !== null);
  if (read.length === 0) return [];
  const off = (asked.from ?? []).filter((source) =>
    read.every((sources) => sources.get(source)?.state === "off"),
  );
  const told = off.map(
    (source) => `${source} is switched off for this repository, or not in its plan`,
  );
  if (read.length < fewest) return told;
  const missing = read.map((sources) => scanState(sources, asked, [], Infinity).missing);
  const never = (missing[0] ?? []).filter(
    (what) =>
      missing.every((list) => list.includes(what)) && !off.some((source) => source === what),
  );
  return [
    ...told,
    ...never.map(
      (what) =>
        `it asks for ${what === "a scan of this commit" ? "a scan" : `a scan by ${what}`}, and none of the ${read.length} pull requests looked at has one`,
    ),
  ];
}
