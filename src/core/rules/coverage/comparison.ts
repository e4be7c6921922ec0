import type { BaseCoverage, CoverageFact } from "#core/facts/coverage.ts";
import { listed } from "#core/text/phrases.ts";
import type { Figures } from "./figures.ts";

/** What a drop is measured between. `unlike`: the two sides are not measured alike, and why. */
export type Comparison =
  | { readonly kind: "no_base" }
  | { readonly kind: "unlike"; readonly what: string; readonly next: string }
  | {
      readonly kind: "alike";
      readonly base: BaseCoverage;
      readonly percent: number | undefined;
      /** Reports of the head that the base has not: they count for the project and for no drop. */
      readonly added: readonly string[];
    };

/**
 * Like with like: the same reports on both sides. A report that the base has and the head lacks is waited for, because
 * what is left may be the better half; one that the base lacks is left out. `measured` answers for some of the head's
 * artifacts; undefined while it has not been asked.
 */
export function compareCoverage(
  head: Figures,
  base: BaseCoverage | null,
  measured: (artifacts: readonly string[]) => CoverageFact | undefined,
): Comparison | undefined {
  if (base === null) return { kind: "no_base" };
  if (head.from !== base.from)
    return {
      kind: "unlike",
      what: `the base is measured by ${sourceOf(base)}, this commit by ${sourceOf(head)}`,
      next: `The author lets ${sourceOf(base)} measure this commit as well.`,
    };
  const had = new Set(base.reports.map(reportKey));
  const has = new Set(head.reports.map(reportKey));
  const lacking = base.reports.filter((name) => !has.has(reportKey(name)));
  if (lacking.length > 0)
    return {
      kind: "unlike",
      what: `waiting for ${lacking.length === 1 ? "the report" : "the reports"} ${listed(lacking, 3)}, which the base has`,
      next:
        head.waiting.length > 0
          ? `${listed(head.waiting, 3)} may still bring ${lacking.length === 1 ? "it" : "them"}: Gatehouse judges again by itself when the run ends.`
          : `The author lets the workflow upload ${listed(lacking, 3)} for this commit too: a drop is measured between the same reports.`,
    };
  const common = head.reports.filter((name) => had.has(reportKey(name)));
  if (common.length === head.reports.length)
    return { kind: "alike", base, percent: head.project?.percent, added: [] };
  const added = head.reports.filter((name) => !had.has(reportKey(name)));
  const alike = measured(common);
  if (alike === undefined) return undefined;
  if (alike.kind !== "figures")
    return {
      kind: "unlike",
      what: `${listed(common, 3)} cannot be measured without ${listed(added, 3)}`,
      next: "The author repairs the step that writes the reports that the base has as well.",
    };
  return { kind: "alike", base, percent: alike.project?.percent, added };
}

/** Names often carry the run or the commit, which are never the same twice. */
const reportKey = (name: string): string => name.replaceAll(/[0-9a-f]{40}|\d{6,}/gi, "#");

const sourceOf = ({ from }: Pick<BaseCoverage, "from">): string =>
  from === "service" ? "a coverage service" : "reports in artifacts";
