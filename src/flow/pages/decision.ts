import { createHash } from "node:crypto";
import { decideAgain } from "#core/record/decide-again.ts";
import { readDecisionId } from "#core/record/decision-address.ts";
import type { DecisionInputs } from "#core/record/inputs.ts";
import { digestsOf, putTogether, readDigests } from "#core/record/put-together.ts";
import { readRecorded } from "#core/record/differences.ts";
import { holdsBack, type Decision, type RuleOutcome } from "#core/model/decision.ts";
import { isUnmet } from "#core/model/verdict.ts";
import type { Evidence } from "#core/model/evidence.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { LoggedEntry } from "#core/ports/views.ts";
import type { Deps } from "#flow/deps.ts";
import { policyLines, type PolicyLines } from "./policy-lines.ts";
import { asRecordedFor, forReadersOf } from "./reader-texts.ts";
import { identified, subjectView, type SubjectView } from "./subject.ts";
import { timelineOf, type TimelineItem } from "./timeline.ts";
import type { Viewer } from "./viewer.ts";

export interface RuleView {
  readonly name: string;
  readonly description: string;
  readonly source: RuleOutcome["source"];
  readonly enforcement: RuleOutcome["enforcement"];
  readonly verdict: string;
  readonly isUnmet: boolean;
  readonly found: string;
  readonly required: string;
  readonly need: string;
  /** Who can do what, by name. */
  readonly next: string;
  readonly evidence: readonly Evidence[];
  readonly warnings: readonly string[];
  readonly changesAt: number | null;
  readonly lines: PolicyLines | null;
}

export interface OverrideView {
  readonly name: string;
  readonly by: string;
  readonly confirmedBy: readonly string[];
  readonly reason: string;
  readonly rules: readonly string[];
  readonly grantedAt: number;
  readonly expiresAt: number;
}

/** One decision with everything that a reader may want to know of it. Instants are epoch ms. */
export interface DecisionView {
  readonly id: string;
  readonly seq: number;
  readonly at: number;
  readonly subject: SubjectView;
  readonly answer: string;
  readonly title: string;
  /** The newest decision on the subject; null: this is it. */
  readonly newer: number | null;
  /** `recorded`: as it was decided. `again`: made again from what it was made of. `short`: only what the log says. */
  readonly from: "recorded" | "again" | "short";
  readonly rules: readonly RuleView[];
  readonly warnings: readonly string[];
  readonly holds: Decision["holds"];
  readonly overrides: readonly OverrideView[];
  readonly changesAt: number | null;
  readonly timeline: readonly TimelineItem[];
  readonly replay: { readonly kind: string; readonly because: string } | null;
}

const looked = 300;

/** Unmet first, then what would be, what passes, and what does not apply; in the policy's order among themselves. */
function weightOf(rule: RuleOutcome): number {
  if (holdsBack(rule)) return 0;
  if (isUnmet(rule.verdict)) return 1;
  return rule.verdict.kind === "skipped" ? 3 : 2;
}

function overridesIn(decision: Decision): readonly OverrideView[] {
  const found = new Map<string, OverrideView>();
  for (const { name, overridden } of decision.rules) {
    if (overridden === undefined) continue;
    const before = found.get(overridden.id);
    found.set(overridden.id, {
      name: overridden.name,
      by: overridden.by.login,
      confirmedBy: overridden.confirmedBy.map(({ login }) => login),
      reason: overridden.reason,
      rules: [...(before?.rules ?? []), name],
      grantedAt: overridden.grantedAt,
      expiresAt: overridden.expiresAt,
    });
  }
  return [...found.values()];
}

type Reading = Pick<Deps, "store" | "github" | "webUrl">;

/** What a decision was made of, where all of it is kept and is what was recorded. */
async function inputsOf({ store }: Reading, detail: unknown): Promise<DecisionInputs | null> {
  const named = readDigests(
    typeof detail === "object" && detail !== null && "inputs" in detail ? detail.inputs : null,
  );
  if (named === null) return null;
  const digests = digestsOf(named);
  const texts = await store.inputs.read(digests);
  const isWhole = digests.every((digest) => {
    const text = texts.get(digest);
    return text !== undefined && createHash("sha256").update(text).digest("hex") === digest;
  });
  return isWhole ? putTogether(named, (digest) => texts.get(digest) ?? "") : null;
}

async function entryOf({ store }: Reading, id: string): Promise<LoggedEntry | null> {
  const name = readDecisionId(id);
  if (name === null) return null;
  if (name.kind === "entry") {
    const entry = await store.views.entry(name.seq);
    return entry?.kind === "decision" ? entry : null;
  }
  const { subjectKey, head } = name;
  for (let before: number | undefined; ;) {
    const page = await store.views.ofSubject(subjectKey, {
      limit: looked,
      ...(before === undefined ? {} : { before }),
    });
    const found = page.find(
      (entry) =>
        entry.kind === "decision" &&
        (head === null || readRecorded(JSON.parse(entry.detail))?.head?.startsWith(head) === true),
    );
    if (found !== undefined) return found;
    before = page.at(-1)?.seq;
    if (page.length < looked) return null;
  }
}

/** The decision with this id as the viewer may see it; null if there is none, or it is not theirs to read. */
export async function readDecision(
  deps: Reading,
  viewer: Viewer,
  id: string,
  options: { readonly replays?: boolean } = {},
): Promise<DecisionView | null> {
  const { store, webUrl } = deps;
  const entry = await entryOf(deps, id);
  if (entry === null || entry.subject === null || entry.repository === null) return null;
  const repository: RepositoryRecord | null = await store.records.repository(entry.repository);
  if (repository === null || !(await viewer.mayRead(repository))) return null;
  const detail: unknown = JSON.parse(entry.detail);
  const said = readRecorded(detail);
  const about = said === null ? null : identified(entry.subject, said.head ?? "");
  if (said === null || about === null || !viewer.sees(about.environment)) return null;

  const log = await store.views.ofSubject(entry.subject, { limit: 100 });
  const newest = log.find(({ kind }) => kind === "decision");
  const last = await store.records.lastDecision(entry.subject);
  const inputs = await inputsOf(deps, detail);
  const isLast = newest?.seq === entry.seq && last?.at === entry.at;
  const decision = isLast ? last.decision : inputs === null ? null : decideAgain(inputs).decision;
  const lines = inputs === null ? null : await policyLines(deps, viewer, repository, inputs.policy);

  const rules = (decision?.rules ?? [])
    .filter(({ enforcement }) => enforcement !== "disabled")
    .toSorted((a, b) => weightOf(a) - weightOf(b))
    .map((rule): RuleView => ({
      name: rule.name,
      description: rule.description,
      source: rule.source,
      enforcement: rule.enforcement,
      verdict: rule.overridden === undefined ? rule.verdict.kind : "overridden",
      isUnmet: holdsBack(rule),
      found: rule.verdict.found,
      required: rule.verdict.required,
      need: rule.verdict.need,
      next: isUnmet(rule.verdict) ? rule.verdict.next : "",
      evidence: [...rule.verdict.evidence, ...(rule.verdict.links ?? [])],
      warnings: rule.verdict.warnings,
      changesAt: rule.verdict.changesAt ?? null,
      lines: lines?.(rule) ?? null,
    }));
  const shortRules = said.rules.map(({ name, verdict, overridden }): RuleView => ({
    name,
    description: "",
    source: "repository",
    enforcement: "active",
    verdict: overridden === null ? verdict : "overridden",
    isUnmet: overridden === null && isUnmet({ kind: verdict }),
    found: "",
    required: "",
    need: "",
    next: "",
    evidence: [],
    warnings: [],
    changesAt: null,
    lines: null,
  }));
  const view: Omit<DecisionView, "timeline"> = {
    id,
    seq: entry.seq,
    at: entry.at,
    subject: subjectView(about, repository, webUrl),
    answer: said.decision,
    title: said.title,
    newer: newest === undefined || newest.seq === entry.seq ? null : newest.seq,
    from: decision === null ? "short" : isLast ? "recorded" : "again",
    rules: decision === null ? shortRules : rules,
    warnings: decision?.warnings ?? [],
    holds: decision?.holds ?? [],
    overrides: decision === null ? [] : overridesIn(decision),
    changesAt: decision?.changesAt ?? null,
    replay: options.replays === true ? await store.views.replay(entry.seq) : null,
  };
  return forReadersOf(deps, repository, {
    ...asRecordedFor(repository, entry.at, view),
    timeline: timelineOf(log, repository),
  });
}
