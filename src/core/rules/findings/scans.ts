import type { ScanFact, ScanSourceFact } from "#core/facts/findings.ts";
import type { FindingSource } from "#core/formats/findings/finding.ts";
import { toolId } from "#core/formats/findings/tool-name.ts";
import type { ReadSources } from "./count.ts";
import type { FindingsParams } from "./params.ts";

/** What is known of the scans that a rule asks for. */
export interface ScanState {
  /** Tools that scanned exactly this commit (or its changes). */
  readonly scanned: readonly string[];
  /** What blocks: required, and not there. */
  readonly missing: readonly string[];
  /** What did not scan, whether it was required or not, and why. */
  readonly notScanned: readonly string[];
  /** Runs that may still bring a report. */
  readonly waiting: readonly string[];
  /** Runs that were stopped before they had reported, in words. */
  readonly cut: readonly string[];
  /** Tools that are waited for no longer. */
  readonly late: readonly string[];
  /** Epoch ms at which nothing is missing any more, whatever happens; left out where a scan has to come. */
  readonly until?: number | undefined;
}

/** Services that look at a repository at their own time: they prove no scan of a commit, and can be asked for by name only. */
const continuous: ReadonlyMap<FindingSource, ScanFact> = new Map([
  ["dependabot", { tool: "dependabot", kinds: ["dependency"] }],
  ["secret-scanning", { tool: "secret-scanning", kinds: ["secret"] }],
]);

/** `untrusted`: workflow files that the pull request changes; reports from them prove nothing where `trusted` is asked. */
export function scanState(
  sources: ReadSources,
  asked: FindingsParams,
  untrusted: readonly string[],
  now: number,
): ScanState {
  const scans = [...sources].flatMap(([source, fact]) => scansOf(source, fact, asked, untrusted));
  const wantedTools = asked.tools === undefined ? null : new Set(asked.tools.map(toolId));
  const isAsked = (scan: ScanFact): boolean => {
    if (
      asked.kinds !== undefined &&
      scan.kinds.length > 0 &&
      !scan.kinds.some((kind) => asked.kinds?.includes(kind))
    )
      return false;
    return wantedTools === null || wantedTools.has(toolId(scan.tool));
  };
  const counting = scans.filter(isAsked);
  // One scan will do, but not a quick one in the place of another that this change was always looked at by.
  const awaited =
    asked.require_scan === "any"
      ? [...sources.values()].flatMap((fact) => (fact.awaited ?? []).filter(isAsked))
      : [];
  const tools = new Set(scans.map((scan) => toolId(scan.tool)));
  const unseen = awaited.filter(({ tool }) => !tools.has(toolId(tool)));
  const open = unseen.filter(({ until }) => until === undefined || now < until);
  const required = [
    ...missingTools(asked, counting, tools),
    ...missingSources(sources, asked, untrusted),
  ];
  const ends = open.map(({ until }) => until ?? Infinity);
  const end = required.length > 0 || ends.length === 0 ? Infinity : Math.max(...ends);
  return {
    scanned: [...new Set(scans.map((scan) => scan.tool))],
    missing: [...new Set([...required, ...open.map(({ tool }) => tool)])],
    late: unseen.flatMap((scan) => (open.includes(scan) ? [] : [scan.tool])),
    ...(end === Infinity ? {} : { until: end }),
    notScanned: [...sources].flatMap(([source, fact]) => whyNot(source, fact, asked, untrusted)),
    waiting: [...new Set([...sources.values()].flatMap((fact) => fact.waiting))],
    cut: [...new Set([...sources.values()].flatMap((fact) => fact.cut ?? []))],
  };
}

function scansOf(
  source: FindingSource,
  fact: ScanSourceFact,
  asked: FindingsParams,
  untrusted: readonly string[],
): readonly ScanFact[] {
  if (fact.state === "off" || isUntrusted(source, fact, asked, untrusted)) return [];
  const own = continuous.get(source);
  const scans = fact.scans.filter((scan) => !isOfChanged(scan, asked, untrusted));
  return own !== undefined && isNamed(source, own.tool, asked) ? [...scans, own] : scans;
}

/** What a changed workflow uploaded takes the place of what an unchanged one found: then the tool proves nothing here. */
const isOfChanged = (
  { workflows }: ScanFact,
  { trusted }: FindingsParams,
  untrusted: readonly string[],
): boolean => trusted && (workflows ?? []).some((path) => untrusted.includes(path));

const isNamed = (
  source: FindingSource,
  tool: string,
  { from, require_scan }: FindingsParams,
): boolean =>
  from?.includes(source) === true ||
  (Array.isArray(require_scan) && require_scan.some((name) => toolId(name) === tool));

const isUntrusted = (
  source: FindingSource,
  fact: ScanSourceFact,
  asked: FindingsParams,
  untrusted: readonly string[],
): boolean =>
  asked.trusted &&
  source === "artifacts" &&
  fact.workflows.some((path) => untrusted.includes(path));

function missingTools(
  { require_scan }: FindingsParams,
  counting: readonly ScanFact[],
  tools: ReadonlySet<string>,
): readonly string[] {
  if (require_scan === "none") return [];
  if (require_scan === "any") return counting.length === 0 ? ["a scan of this commit"] : [];
  return require_scan.filter((name) => !tools.has(toolId(name)));
}

/** A source named in `from` is asked for, whatever `require_scan` says: it must be on, and have looked at this commit. */
function missingSources(
  sources: ReadSources,
  asked: FindingsParams,
  untrusted: readonly string[],
): readonly string[] {
  if (asked.from === undefined) return [];
  return [...sources].flatMap(([source, fact]) =>
    scansOf(source, fact, asked, untrusted).length === 0 ? [source] : [],
  );
}

function whyNot(
  source: FindingSource,
  fact: ScanSourceFact,
  asked: FindingsParams,
  untrusted: readonly string[],
): readonly string[] {
  if (isUntrusted(source, fact, asked, untrusted))
    return [`${source}: its workflow is changed here`];
  const failed = fact.failed.map(({ tool, reason }) => `${tool}: ${reason}`);
  if (fact.state === "off") return [`${source}: ${fact.note ?? "switched off"}`];
  const changed = fact.scans.filter((scan) => isOfChanged(scan, asked, untrusted));
  if (changed.length > 0)
    return changed.map(
      ({ tool }) => `${tool}: a workflow that uploaded its results is changed here`,
    );
  if (fact.scans.length > 0 || continuous.has(source)) return failed;
  return [`${source}: ${fact.note ?? "no scan of this commit"}`, ...failed];
}
