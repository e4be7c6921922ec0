import { holdsBack, type Decision, type Hold, type RuleOutcome } from "#core/model/decision.ts";
import type { Annotation } from "#core/model/evidence.ts";
import { inert, link, linkAround } from "#core/text/markdown.ts";
import { cut, oneLine, lowerFirst } from "#core/text/plain-text.ts";
import { instant } from "#core/text/time.ts";
import { decisionTable, unmetFirst, type DecisionLinks } from "./decision-table.ts";
import { inZone } from "./in-zone.ts";

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
  /** The commit that `subject` names by its first seven digits. */
  readonly sha?: string | undefined;
  /** Why the check run binds nobody here. */
  readonly unenforced?: string | undefined;
  /** The time zone of the policy: instants are told on its clock, with UTC in brackets. */
  readonly zone?: string | undefined;
  readonly links?: DecisionLinks | undefined;
}

/** Rules that hold the decision back now: active, unmet, not overridden; in the policy's order, as the table has them first. */
export function unmetRules(decision: Decision): readonly RuleOutcome[] {
  return decision.rules.filter(holdsBack);
}

/** What a regular expression asks for, the rule's description says better. */
const inWords = (need: string, { description, verdict }: RuleOutcome): string =>
  description === ""
    ? need
    : (verdict.patterns ?? []).reduce(
        (phrase, pattern) =>
          phrase.replace(`must match ${pattern}`, () => `must fit: ${lastDotless(description)}`),
        need,
      );

const lastDotless = (text: string): string => oneLine(text, 120).replace(/\.$/, "");

function needOf(outcome: RuleOutcome): string {
  const { verdict } = outcome;
  const phrase =
    verdict.need === "" ? `${outcome.name}: ${verdict.found}` : inWords(verdict.need, outcome);
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

const lead: Readonly<Record<Decision["kind"], string>> = {
  allow: "**Allowed.**",
  deny: "**Denied.**",
  wait: "**Waiting.**",
};

function subjectText({ subject, sha, links }: RenderContext): string {
  if (subject === undefined) return "";
  const short = sha?.slice(0, 7) ?? "";
  const url = sha === undefined ? undefined : links?.commit?.(sha);
  const words = inert(subject);
  return `${url === undefined ? words : words.replace(short, () => linkAround(short, url))} `;
}

function summaryOf(decision: Decision, context: RenderContext): string {
  const { zone, links } = context;
  const shown = decision.rules.filter((rule) => rule.enforcement !== "disabled");
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
    `${lead[decision.kind]} ${inert(inZone(titleOf(decision).replace(/\.$/, ""), zone), 500)}.`,
    ...decision.holds.map((hold) => inZone(holdSentence(hold), zone)),
    shown.length === 0 ? "No rule of the policy applies here." : decisionTable(shown, context),
    ...(warnings.length === 0
      ? []
      : [["Warnings:", ...warnings.slice(0, 50).map((warning) => `- ${warning}`)].join("\n")]),
    context.unenforced === undefined ? null : `> ⚠️ ${inert(context.unenforced, 1000)}`,
    decision.changesAt === undefined
      ? null
      : `This answer may change by itself at ${inZone(instant(decision.changesAt), zone)}; Gatehouse judges again then.`,
    context.policy === undefined
      ? null
      : `Judged ${subjectText(context)}by ${link(context.policy, links?.policy)}.`,
  ]
    .filter((part): part is string => part !== null)
    .join("\n\n");
}

/** Evidence of each rule, as links a reader can follow. */
function textOf(decision: Decision, links: DecisionLinks | undefined): string | null {
  const parts = unmetFirst(decision.rules)
    .filter((rule) => rule.verdict.evidence.length > 0)
    .map((rule) =>
      [
        `**${rule.name}**${rule.description === "" ? "" : `: ${inert(rule.description)}`}`,
        ...rule.verdict.evidence
          .slice(0, 100)
          .map(
            (evidence) =>
              `- ${link(evidence.label, evidence.url)}${evidence.sha === undefined ? "" : ` at ${linkAround(`\`${evidence.sha.slice(0, 7)}\``, links?.commit?.(evidence.sha))}`}`,
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
    text: textOf(decision, context.links),
    annotations: decision.rules
      .filter((rule) => rule.enforcement !== "disabled")
      .flatMap((rule) => rule.verdict.annotations),
  };
}
