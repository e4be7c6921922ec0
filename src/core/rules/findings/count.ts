import type { ScanSourceFact } from "#core/facts/findings.ts";
import {
  isKnownAnywhere,
  isKnownThere,
  type FindingKey,
} from "#core/formats/findings/same-finding.ts";
import { dedupe } from "#core/formats/findings/dedupe.ts";
import {
  severities,
  type Finding,
  type FindingSource,
  type SuppressedBy,
} from "#core/formats/findings/finding.ts";
import { isOpen, judgeDismissals, suppressedUntil } from "#core/formats/findings/suppression.ts";
import { toolId } from "#core/formats/findings/tool-name.ts";
import {
  applyWaivers,
  earliest,
  type WaivedFinding,
  type Waiver,
} from "#core/formats/findings/waivers.ts";
import { effectiveSeverity, isAtLeast, type FindingsParams } from "./params.ts";

/** Sources as they were read, in the order of `findings.from`. */
export type ReadSources = ReadonlyMap<FindingSource, ScanSourceFact>;

export interface Counted {
  /** Open, unwaived, at or above `block`. */
  readonly blocking: readonly Finding[];
  /** Open, unwaived, at or above `ticket`, and below `block`. */
  readonly ticketed: readonly Finding[];
  /** Open, unwaived, below both. */
  readonly minor: readonly Finding[];
  /** Number of blocking findings that are not listed one by one. */
  readonly uncounted: number;
  readonly waived: readonly WaivedFinding[];
  readonly expired: readonly WaivedFinding[];
  /** Findings that would block or get a ticket, but were dismissed on GitHub or suppressed in a report. */
  readonly accepted: readonly Finding[];
  /** Findings dismissed by somebody who may not dismiss those of this change; they count (threat T26). */
  readonly refused: readonly Finding[];
  /** Dependabot's alerts on what this change removes. */
  readonly fixedHere: readonly Finding[];
  /** The first instant (epoch ms) at which a waiver or a suppression ends that takes something out here. */
  readonly endsAt: number | undefined;
}

export interface CountContext {
  readonly waivers: readonly Waiver[];
  readonly now: number;
  /** Findings of the base by source; null: that source never scanned it. Read only for `new_only`. */
  readonly known: ReadonlyMap<FindingSource, ReadonlySet<FindingKey> | null>;
  /** Whether an alert counts as accepted that this person dismissed. */
  readonly mayAccept: (by: SuppressedBy) => boolean;
}

/** Whether the rule asks for findings of this kind and tool at all. */
export const isOfKind = (finding: Finding, { kinds, tools }: FindingsParams): boolean =>
  (kinds === undefined || kinds.includes(finding.kind)) &&
  (tools === undefined || tools.some((tool) => toolId(tool) === finding.tool));

/** Findings that the rule asks about, whatever their severity and state; one that two sources report is listed once. */
export function relevant(
  sources: ReadSources,
  asked: FindingsParams,
  known: CountContext["known"],
): readonly Finding[] {
  return dedupe(
    [...sources].flatMap(([source, fact]) =>
      fact.findings.filter((finding) => {
        if (!isOfKind(finding, asked)) return false;
        return !asked.new_only || isNew(finding, source, known);
      }),
    ),
  );
}

/** Dependabot knows the default branch only, so what it reports was there before. For the others the base's findings decide. */
export function isNew(
  finding: Finding,
  source: FindingSource,
  known: CountContext["known"],
): boolean {
  if (source === "dependabot") return false;
  const own = known.get(source) ?? null;
  const all = [...known.values()].filter((keys) => keys !== null);
  return !isKnownThere(finding, own) && !isKnownAnywhere(finding, all, own !== null);
}

/** Sorts findings into those that block, those that get a ticket, and those that were accepted, and by whom. */
export function countFindings(
  sources: ReadSources,
  asked: FindingsParams,
  context: CountContext,
): Counted {
  const { now, waivers } = context;
  const all = relevant(sources, asked, context.known);
  const fixed = all.filter((finding) => isRemoved(finding, sources));
  const judged = judgeDismissals(
    all.filter((finding) => !fixed.includes(finding)),
    context.mayAccept,
  );
  const standing = judged.findings.filter((finding) => isOpen(finding, now));
  const grave = (finding: Finding): boolean => {
    const severity = effectiveSeverity(finding, asked);
    return isAtLeast(severity, asked.block) || isAtLeast(severity, asked.ticket);
  };
  const waived: WaivedFinding[] = [];
  const expired: WaivedFinding[] = [];
  const ends: (number | undefined)[] = [];
  const counts = standing.filter((finding) => {
    const candidates = grave(finding) ? waiversNaming(finding, waivers) : [];
    if (candidates.length === 0) return true;
    const applied = applyWaivers([finding], candidates, now);
    waived.push(...applied.waived);
    expired.push(...applied.expired);
    ends.push(applied.endsAt);
    return applied.counting.length > 0;
  });
  const isBlocking = (finding: Finding): boolean =>
    isAtLeast(effectiveSeverity(finding, asked), asked.block);
  const accepted = judged.findings.filter((finding) => !isOpen(finding, now) && grave(finding));
  return {
    blocking: counts.filter(isBlocking),
    ticketed: counts.filter((finding) => !isBlocking(finding) && grave(finding)),
    minor: counts.filter((finding) => !grave(finding)),
    uncounted: [...sources.values()].reduce((sum, source) => sum + beyond(source, asked), 0),
    waived,
    expired,
    accepted,
    refused: judged.refused.filter(grave),
    fixedHere: fixed,
    endsAt: earliest([...ends, ...accepted.map(suppressedUntil)]),
  };
}

function beyond(source: ScanSourceFact, asked: FindingsParams): number {
  return severities.reduce(
    (sum, severity) =>
      sum +
      (isAtLeast(effectiveSeverity({ severity }, asked), asked.block)
        ? (source.beyond[severity] ?? 0)
        : 0),
    0,
  );
}

/** A report may hold thousands of findings and a policy a thousand waivers: only those that name a finding are tried on it. */
function waiversNaming(finding: Finding, waivers: readonly Waiver[]): readonly Waiver[] {
  const byName = indexOf(waivers);
  if (byName.size === 0) return [];
  const names = new Set(
    [finding.id, finding.rule, ...finding.aliases].map((name) => name.toLowerCase()),
  );
  return [...names].flatMap((name) => byName.get(name) ?? []);
}

const indexes = new WeakMap<readonly Waiver[], ReadonlyMap<string, readonly Waiver[]>>();

/** A policy's waivers by what they name, made once. */
function indexOf(waivers: readonly Waiver[]): ReadonlyMap<string, readonly Waiver[]> {
  const known = indexes.get(waivers);
  if (known !== undefined) return known;
  const byName = new Map<string, Waiver[]>();
  for (const waiver of waivers) {
    const name = waiver.finding.toLowerCase();
    const named = byName.get(name);
    if (named === undefined) byName.set(name, [waiver]);
    else named.push(waiver);
  }
  indexes.set(waivers, byName);
  return byName;
}

/** An alert of the default branch on a package that this change takes out of that manifest is being mended here. */
function isRemoved(finding: Finding, sources: ReadSources): boolean {
  if (finding.source !== "dependabot") return false;
  const removed = sources.get("dependency-review")?.removed ?? [];
  return removed.some(
    (dependency) => dependency.package === finding.package && dependency.manifest === finding.path,
  );
}
