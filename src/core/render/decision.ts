import { holdsBack, type Decision, type Hold, type RuleOutcome } from "#core/model/decision.ts";
import type { Annotation } from "#core/model/evidence.ts";
import { isUnmet, type VerdictKind } from "#core/model/verdict.ts";
import { inert, link, table } from "#core/text/markdown.ts";
import { cut, oneLine, lowerFirst } from "#core/text/plain-text.ts";
import { instant } from "#core/text/time.ts";

/** GitHub's cap for the title of a check run. */
const titleCap = 255;

/** What a person reads of a decision, wherever it is shown. */
export interface RenderedDecision {
  readonly title: string;
  readonly summary: string;
  readonly text: string | null;
  readonly annotations: readonly Annotation[];
}

export interface RenderContext {
  /** Trouble with the policy that the title must say: "The policy on main is broken at line 12; the last good one judges". */
  readonly notice?: string | undefined;
  /** Where the policy stands, for the last line: "policy 1a2b3c4 of main, organisation policy 5d6e7f8". */
  readonly policy?: string | undefined;
  readonly subject?: string | undefined;
  /** Why the check run binds nobody here. */
  readonly unenforced?: string | undefined;
}

const words: Readonly<Record<VerdictKind, string>> = {
  pass: "✅ pass",
  fail: "❌ fail",
  pending: "⏳ pending",
  skipped: "⏭️ skipped",
  unknown: "❓ unknown",
};

/** Rules that hold the decision back now: active, unmet, not overridden; in the policy's order, as the table has them. */
export function unmetRules(decision: Decision): readonly RuleOutcome[] {
  return decision.rules.filter(holdsBack);
}

function needOf(outcome: RuleOutcome): string {
  const { verdict } = outcome;
  const phrase = verdict.need === "" ? `${outcome.name}: ${verdict.found}` : verdict.need;
  return phrase.charAt(0).toUpperCase() + phrase.slice(1);
}

/** Nobody holds it, and nobody can tell that: something could not be read. */
const isUntold = ({ by, label }: Hold): boolean => by === "" && label === "";

function holdWords(hold: Hold): string {
  const { by, reason, label } = hold;
  if (isUntold(hold)) return `On hold: ${reason}`;
  return label === undefined
    ? `On hold by @${by}${reason === "" ? "" : `: ${reason}`}`
    : `On hold: the label ${label}`;
}

/** The same with the way out. */
function holdSentence(hold: Hold): string {
  if (isUntold(hold)) return `On hold: ${inert(hold.reason)}. Gatehouse tries again by itself.`;
  if (hold.label !== undefined)
    return `On hold by the label ${inert(hold.label)}. Somebody with the triage role removes it.`;
  return `On hold by ${inert(`@${hold.by}`)} since ${instant(hold.at)}${hold.reason === "" ? "" : `: ${inert(hold.reason)}`}. Somebody with the triage role lifts it with \`/gate unhold\`.`;
}

function titleOf(decision: Decision): string {
  const unmet = unmetRules(decision);
  const hold = decision.holds[0];
  const phrases = unmet.map((rule, index) =>
    index === 0 ? needOf(rule) : lowerFirst(needOf(rule)),
  );
  if (hold !== undefined) phrases.unshift(holdWords(hold));
  if (phrases.length > 0) return fitted(phrases);
  const counted = decision.rules.filter(
    (rule) => rule.enforcement === "active" && rule.verdict.kind !== "skipped",
  );
  if (counted.length === 0) return untouched(decision);
  const overridden = counted.filter((rule) => rule.overridden !== undefined);
  const first = overridden[0]?.overridden;
  if (first !== undefined)
    return `Allowed by override ${first.name} of @${first.by.login} (${overridden.map((rule) => rule.name).join(", ")})`;
  return counted.length === 1 ? "1 rule passes" : `All ${counted.length} rules pass`;
}

/** Nothing counts: either nothing applies, or what applies is only shown. */
function untouched({ rules }: Decision): string {
  const shown = rules.filter(
    (rule) => rule.enforcement === "evaluate" && rule.verdict.kind !== "skipped",
  );
  if (shown.length === 0) return "No rule applies";
  const failing = shown.filter((rule) => rule.verdict.kind === "fail").length;
  return `No rule is enforced here; ${failing === 0 ? `${shown.length} only evaluated` : `${failing} would fail`}`;
}

/** As many phrases as fit the title, and how many more there are. */
function fitted(phrases: readonly string[]): string {
  for (let count = phrases.length; count > 1; count -= 1) {
    const rest = phrases.length - count;
    const title = phrases.slice(0, count).join("; ") + (rest === 0 ? "" : `; and ${rest} more`);
    if (title.length <= titleCap - 60) return title;
  }
  return cut(phrases[0] ?? "", titleCap - 60);
}

function verdictCell(outcome: RuleOutcome): string {
  const word = words[outcome.verdict.kind];
  if (outcome.overridden !== undefined) return `🔓 overridden (${outcome.verdict.kind})`;
  if (outcome.enforcement === "evaluate" && isUnmet(outcome.verdict))
    return `${word} (would ${outcome.verdict.kind === "fail" ? "fail" : "wait"}; evaluate only)`;
  return outcome.enforcement === "evaluate" ? `${word} (evaluate only)` : word;
}

function nextCell(outcome: RuleOutcome): string {
  const { verdict, overridden } = outcome;
  if (overridden !== undefined)
    return inert(
      `${overridden.name} by @${overridden.by.login} until ${instant(overridden.expiresAt)}: ${overridden.reason}`,
    );
  const opens =
    isUnmet(outcome.verdict) &&
    verdict.changesAt !== undefined &&
    !verdict.next.includes("by itself")
      ? ` (may change by itself at ${instant(verdict.changesAt)})`
      : "";
  return isUnmet(outcome.verdict) ? inert(verdict.next + opens, 600) : "";
}

const lead: Readonly<Record<Decision["kind"], string>> = {
  allow: "**Allowed.**",
  deny: "**Denied.**",
  wait: "**Waiting.**",
};

function summaryOf(decision: Decision, context: RenderContext): string {
  const shown = decision.rules.filter((rule) => rule.enforcement !== "disabled");
  const rows = shown.map((rule) => [
    `\`${rule.name}\`${rule.source === "organization" ? " (organisation)" : ""}`,
    verdictCell(rule),
    inert(rule.verdict.found),
    inert(rule.verdict.required),
    nextCell(rule),
  ]);
  const warnings = [
    ...decision.warnings.map((warning) => inert(warning, 600)),
    ...shown.flatMap((rule) => [
      ...(rule.verdict.links ?? []).map(
        ({ label, url }) => `${inert(rule.name)}: ${link(label, url)}`,
      ),
      ...rule.verdict.warnings.map((warning) => inert(`${rule.name}: ${warning}`, 600)),
    ]),
  ];
  return [
    context.notice === undefined ? null : `> ⚠️ ${inert(context.notice, 1000)}`,
    `${lead[decision.kind]} ${inert(titleOf(decision).replace(/\.$/, ""), 500)}.`,
    ...decision.holds.map(holdSentence),
    rows.length === 0
      ? "No rule of the policy applies here."
      : table(["Rule", "Verdict", "Found", "Required", "Next step"], rows),
    ...(warnings.length === 0
      ? []
      : [["Warnings:", ...warnings.slice(0, 50).map((warning) => `- ${warning}`)].join("\n")]),
    context.unenforced === undefined ? null : `> ⚠️ ${inert(context.unenforced, 1000)}`,
    decision.changesAt === undefined
      ? null
      : `This answer may change by itself at ${instant(decision.changesAt)}; Gatehouse judges again then.`,
    context.policy === undefined
      ? null
      : `Judged ${context.subject === undefined ? "" : `${inert(context.subject)} `}by ${inert(context.policy)}.`,
  ]
    .filter((part): part is string => part !== null)
    .join("\n\n");
}

/** Evidence of each rule, as links a reader can follow. */
function textOf(decision: Decision): string | null {
  const parts = decision.rules
    .filter((rule) => rule.verdict.evidence.length > 0)
    .map((rule) =>
      [
        `**${rule.name}**${rule.description === "" ? "" : `: ${inert(rule.description)}`}`,
        ...rule.verdict.evidence
          .slice(0, 100)
          .map(
            (evidence) =>
              `- ${link(evidence.label, evidence.url)}${evidence.sha === undefined ? "" : ` at \`${evidence.sha.slice(0, 7)}\``}`,
          ),
        ...(rule.verdict.evidence.length > 100
          ? [`- and ${rule.verdict.evidence.length - 100} more`]
          : []),
      ].join("\n"),
    );
  return parts.length === 0 ? null : parts.join("\n\n");
}

/** Title, summary, details and annotations of a decision, in the order GitHub shows them. */
export function renderDecision(decision: Decision, context: RenderContext = {}): RenderedDecision {
  const title =
    context.notice === undefined ? titleOf(decision) : `${context.notice} — ${titleOf(decision)}`;
  return {
    title: oneLine(title, titleCap),
    summary: summaryOf(decision, context),
    text: textOf(decision),
    annotations: decision.rules
      .filter((rule) => rule.enforcement !== "disabled")
      .flatMap((rule) => rule.verdict.annotations),
  };
}
