import { attestations } from "#core/facts/attestations.ts";
import { scanSources } from "#core/facts/findings.ts";
import { bySeverity, type Finding, type Severity } from "#core/formats/findings/finding.ts";
import { mayConcern } from "#core/decide/governed.ts";
import type { Decision } from "#core/model/decision.ts";
import type { Evidence } from "#core/model/evidence.ts";
import { type FactTable, lookUp, type Need } from "#core/model/fact.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { Verdict } from "#core/model/verdict.ts";
import type { EffectivePolicy, EffectiveRule } from "#core/policy/effective.ts";
import { evaluate } from "#core/policy/evaluate.ts";
import { wantedFacts } from "#core/policy/plan.ts";
import { leavesOf, type Requirement } from "#core/policy/requirement.ts";
import { attestationParams } from "#core/rules/attestation/params.ts";
import { attestation } from "#core/rules/attestation/rule.ts";
import { countFindings, type Counted, type ReadSources } from "#core/rules/findings/count.ts";
import {
  effectiveSeverity,
  type FindingsParams,
  findingsParams,
  sourcesOf,
} from "#core/rules/findings/params.ts";
import { findings } from "#core/rules/findings/rule.ts";

/** Why what runs would not be let through any more. */
export interface RunningCause {
  readonly rule: string;
  readonly need: string;
  readonly found: string;
  readonly evidence: readonly Evidence[];
  readonly warnings: readonly string[];
  readonly severity: Exclude<Severity, "unrated">;
  /** Identify the cause: fingerprints of findings, else the rule's name. */
  readonly keys: readonly string[];
  /** Who owned the waivers that ran out. */
  readonly owners: readonly string[];
}

/** What was so already when it went out, or when a rule was first asked of it: fingerprints by rule. */
export type KnownBefore = Readonly<Record<string, readonly string[]>>;

export interface RunningState {
  /** `unread`: not everything could be told, and nothing that could stands against it. */
  readonly kind: "stands" | "fallen" | "unread";
  readonly causes: readonly RunningCause[];
  readonly known: KnownBefore;
  /** When a waiver runs out (epoch ms). */
  readonly changesAt: number | undefined;
}

interface Watched {
  readonly rule: EffectiveRule;
  /** One requirement of the rule, or all of it where another way through may be left. */
  readonly part: Requirement;
}

/** The key for causes that have no fingerprints of findings. */
const everything = "*";

const names: readonly string[] = [findings.name, attestation.name];

const hasChoice = (requirement: Requirement): boolean =>
  requirement.kind === "any" || (requirement.kind === "all" && requirement.of.some(hasChoice));

/** What can turn against a commit after it went out: findings and attestations that active rules ask for. */
function watched({ rules }: Pick<EffectivePolicy, "rules">): readonly Watched[] {
  return rules
    .filter(({ enforcement, gates }) => enforcement === "active" && gates.includes("deployment"))
    .flatMap((rule): readonly Watched[] => {
      const leaves = leavesOf(rule.requirement).filter((leaf) => names.includes(leaf.rule.name));
      if (leaves.length === 0) return [];
      return hasChoice(rule.requirement)
        ? [{ rule, part: rule.requirement }]
        : leaves.map((part) => ({ rule, part }));
    });
}

export const watchesRunning = (policy: Pick<EffectivePolicy, "rules">): boolean =>
  watched(policy).length > 0;

/** Whether what runs in the environment may be asked for findings or attestations. */
export const watchesEnvironment = (
  policy: Pick<EffectivePolicy, "rules">,
  environment: string,
): boolean => watched(policy).some(({ rule }) => mayConcern(rule, environment));

const keyOf = ({ rule, part }: Watched): string =>
  `${rule.name}/${part.kind === "one" ? part.rule.name : everything}`;

const only = (policy: EffectivePolicy, { rule, part }: Watched): EffectivePolicy => ({
  ...policy,
  rules: [{ ...rule, requirement: part }],
});

/** Facts worth reading next about what runs. */
export function wantedForRunning(
  policy: EffectivePolicy,
  subject: DeploymentSubject,
  known: FactTable,
  now: number,
): readonly Need<unknown>[] {
  const wanted = watched(policy).flatMap((each) =>
    wantedFacts(only(policy, each), subject, known, now),
  );
  return [...new Map(wanted.map((need) => [need.key, need])).values()];
}

/** The findings behind a verdict. `accepts`: whether those count as accepted that a person dismissed. */
function counted(
  { rule, part }: Watched,
  facts: FactTable,
  now: number,
  accepts: boolean,
): { readonly asked: FindingsParams; readonly counted: Counted } | null {
  if (part.kind !== "one" || part.rule.name !== findings.name) return null;
  const asked = findingsParams.parse(part.raw);
  const sources: ReadSources = new Map(
    sourcesOf(asked, true).flatMap((source) => {
      const result = lookUp(facts, scanSources[source].need());
      return result?.ok === true ? [[source, result.value]] : [];
    }),
  );
  const waivers = rule.context.waivers ?? [];
  return {
    asked,
    counted: countFindings(sources, asked, {
      waivers,
      now,
      known: new Map(),
      mayAccept: () => accepts,
    }),
  };
}

/** Whether an artifact that was proven when it went out has lost its attestation. One that is not kept any more says nothing. */
function isWithdrawn({ part }: Watched, before: Verdict, facts: FactTable): boolean {
  if (part.kind !== "one" || part.rule.name !== attestation.name) return false;
  const { subject, predicate } = attestationParams.parse(part.raw);
  const result = lookUp(facts, attestations.need({ subject, predicate }));
  if (result?.ok !== true) return false;
  const proven = new Set(before.evidence.flatMap(({ digest }) => digest ?? []));
  return result.value.artifacts.some(
    ({ digest, attestations: left }) =>
      digest !== null && proven.has(digest) && !left.some(({ kind }) => kind === "verified"),
  );
}

const fingerprints = (list: readonly Finding[] | undefined): readonly string[] =>
  (list ?? []).map(({ fingerprint }) => fingerprint);

interface Judged {
  readonly cause: RunningCause | null;
  readonly isUnread: boolean;
  readonly known: readonly string[];
}

function judgeOne(
  each: Watched,
  verdict: Verdict,
  before: Verdict | null,
  { facts, now, known }: { facts: FactTable; now: number; known: readonly string[] | undefined },
): Judged {
  const isAttested = each.part.kind === "one" && each.part.rule.name === attestation.name;
  const isRefuted =
    verdict.kind === "fail" ||
    (verdict.kind === "pending" && before !== null && isWithdrawn(each, before, facts));
  const isUnread = !isRefuted && verdict.kind !== "pass" && verdict.kind !== "skipped";
  const current = counted(each, facts, now, true);
  const passed = before?.kind === "pass";
  // What was let through in spite of it, or is older than the rule, is known: only what comes on top of it is news.
  const first = passed
    ? []
    : current === null
      ? isRefuted
        ? [everything]
        : []
      : fingerprints(counted(each, facts, now, false)?.counted.blocking);
  const base = known ?? (isUnread ? undefined : first);
  if (!isRefuted || base === undefined) return { cause: null, isUnread, known: base ?? [] };
  const fresh = (current?.counted.blocking ?? []).filter(
    ({ fingerprint }) => !base.includes(fingerprint),
  );
  const isNews = passed || (current === null ? !base.includes(everything) : fresh.length > 0);
  if (!isNews) return { cause: null, isUnread: false, known: base };
  const gravest = fresh.toSorted(bySeverity)[0];
  const expired = current?.counted.expired ?? [];
  return {
    isUnread: false,
    known: base,
    cause: {
      rule: each.rule.name,
      need:
        isAttested && verdict.kind === "pending" ? "An attestation was withdrawn" : verdict.need,
      found: verdict.found,
      evidence: verdict.evidence,
      warnings: verdict.warnings,
      keys: fresh.length === 0 ? [keyOf(each)] : fingerprints(fresh),
      severity:
        gravest === undefined || current === null
          ? "critical"
          : effectiveSeverity(gravest, current.asked),
      owners: [
        ...new Set(
          expired
            .filter(({ finding }) => current?.counted.blocking.includes(finding) === true)
            .map(({ waiver }) => waiver.owner),
        ),
      ],
    },
  };
}

/**
 * Whether what runs would be let through today as far as findings and attestations say. `before`: the decision by which
 * it went out. A function of its input and nothing else.
 */
export function judgeRunning({
  policy,
  subject,
  facts,
  now,
  before,
  known,
}: {
  readonly policy: EffectivePolicy;
  readonly subject: DeploymentSubject;
  readonly facts: FactTable;
  readonly now: number;
  readonly before: Decision | null;
  readonly known: KnownBefore;
}): RunningState {
  const judged = watched(policy).map((each) => {
    const { rules } = evaluate({
      policy: only(policy, each),
      subject,
      facts,
      now,
      holds: [],
      overrides: [],
    });
    const verdict = rules[0]?.verdict;
    const then = before?.rules.find(({ name }) => name === each.rule.name);
    const wasAsked = then?.enforcement === "active" && then.overridden === undefined;
    const key = keyOf(each);
    return {
      key,
      changesAt: verdict?.changesAt,
      ...(verdict === undefined
        ? { cause: null, isUnread: true, known: known[key] ?? [] }
        : judgeOne(each, verdict, wasAsked ? then.verdict : null, {
            facts,
            now,
            known: known[key],
          })),
    };
  });
  const causes = judged.flatMap(({ cause }) => cause ?? []);
  const ends = judged.flatMap(({ changesAt }) => changesAt ?? []).filter((at) => at > now);
  return {
    kind:
      causes.length > 0 ? "fallen" : judged.some(({ isUnread }) => isUnread) ? "unread" : "stands",
    causes,
    known: Object.fromEntries(
      judged.flatMap(({ key, known: base, isUnread }) =>
        isUnread && known[key] === undefined ? [] : [[key, base]],
      ),
    ),
    changesAt: ends.length === 0 ? undefined : Math.min(...ends),
  };
}
