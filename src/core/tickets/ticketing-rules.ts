import { scanSources, type ScanSourceFact } from "#core/facts/findings.ts";
import type { Finding, FindingSource } from "#core/formats/findings/finding.ts";
import { isOpen } from "#core/formats/findings/suppression.ts";
import type { Waiver } from "#core/formats/findings/waivers.ts";
import { type FactTable, lookUp, type Need } from "#core/model/fact.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { leavesOf } from "#core/policy/requirement.ts";
import { countFindings, isOfKind, type ReadSources } from "#core/rules/findings/count.ts";
import { findingsParams, sourcesOf, type FindingsParams } from "#core/rules/findings/params.ts";
import { findings } from "#core/rules/findings/rule.ts";
import { ticketable } from "#core/rules/findings/tickets.ts";
import { ticketKey } from "./ticket-key.ts";

/** A requirement in force that asks for tickets. */
export interface TicketingRule {
  readonly asked: FindingsParams;
  readonly waivers: readonly Waiver[];
}

/** Rules that open tickets: active ones; a rule that is only shown opens nothing. */
export function ticketingRules(policy: Pick<EffectivePolicy, "rules">): readonly TicketingRule[] {
  return policy.rules
    .filter((rule) => rule.enforcement === "active")
    .flatMap((rule) =>
      leavesOf(rule.requirement)
        .filter((leaf) => leaf.rule.name === findings.name)
        .map((leaf) => ({
          asked: findingsParams.parse(leaf.raw),
          waivers: rule.context.waivers ?? [],
        })),
    )
    .filter(({ asked }) => asked.ticket !== "none");
}

/** A branch has no change to compare: it is read as a deployment of it would be. */
const sources = ({ asked }: TicketingRule): readonly FindingSource[] => sourcesOf(asked, true);

export function needsOf(rules: readonly TicketingRule[]): readonly Need<ScanSourceFact>[] {
  return [...new Set(rules.flatMap(sources))].map((source) => scanSources[source].need());
}

/** What the default branch holds, as far as it could be read. */
export interface BranchFindings {
  /** Get a ticket: at or above a rule's `ticket`. */
  readonly wanted: readonly Finding[];
  /** Are there all the same, and a waiver in force accepts them. */
  readonly waived: readonly Finding[];
  /** Keys of those that are there, dismissed or suppressed as the rules accept it. */
  readonly accepted: ReadonlySet<string>;
  /** Keys of those that are there, and no rule asks for an issue about them. */
  readonly unasked: ReadonlySet<string>;
  /** Whether any rule asks this source. */
  readonly asks: (source: FindingSource) => boolean;
  /** Whether a source was read whole and says of this tool that it looked at the very tip: only then is what it does not report gone. */
  readonly isProven: (source: FindingSource, tool: string) => boolean;
}

/** The services of GitHub's that hold one state for the whole repository need no scan of the tip. */
const always: readonly FindingSource[] = ["dependabot", "secret-scanning"];

export function branchFindings(
  rules: readonly TicketingRule[],
  table: FactTable,
  now: number,
): BranchFindings {
  const wanted = new Map<string, Finding>();
  const waived = new Map<string, Finding>();
  const accepted = new Set<string>();
  const unasked = new Set<string>();
  for (const rule of rules) {
    const read: ReadSources = new Map(
      sources(rule).flatMap((source) => {
        const result = lookUp(table, scanSources[source].need());
        return result?.ok === true ? [[source, result.value]] : [];
      }),
    );
    // What is new against the base means nothing on the base itself: a baseline of its own stands for that.
    const counted = countFindings(
      read,
      { ...rule.asked, new_only: false },
      { waivers: rule.waivers, now, known: new Map(), mayAccept: () => true },
    );
    for (const finding of ticketable(counted, rule.asked)) wanted.set(finding.fingerprint, finding);
    for (const { fingerprint } of counted.accepted) accepted.add(ticketKey(fingerprint));
    const others = [...read.values()].flatMap((fact) =>
      fact.findings.filter((finding) => isOpen(finding, now) && !isOfKind(finding, rule.asked)),
    );
    for (const { fingerprint } of [...counted.minor, ...others])
      unasked.add(ticketKey(fingerprint));
    for (const { finding } of counted.waived) waived.set(finding.fingerprint, finding);
  }
  return {
    wanted: [...wanted.values()],
    waived: [...waived.values()].filter((finding) => !wanted.has(finding.fingerprint)),
    accepted,
    unasked,
    asks: (source) => rules.some((rule) => sources(rule).includes(source)),
    isProven: (source, tool) => {
      const result = lookUp(table, scanSources[source].need());
      if (result?.ok !== true || result.value.state === "off") return false;
      if (result.value.unreadable.length > 0 || (result.value.lost ?? []).length > 0) return false;
      return always.includes(source) || result.value.scans.some((scan) => scan.tool === tool);
    },
  };
}
