import {
  isChanged,
  type ChangedRule,
  type Impact,
  type ReplayedPullRequest,
} from "#core/policy/impact.ts";
import { count } from "#core/text/phrases.ts";
import type { NeverMet } from "#core/policy/unsatisfiable.ts";
import { inert, table } from "#core/text/markdown.ts";
import { oneLine } from "#core/text/plain-text.ts";

const mostRows = 50;

const ruleWords = ({ name, before, after, found }: ChangedRule): string =>
  `${name}: ${before ?? "no such rule"} → ${after ?? "no such rule"}${found === "" ? "" : ` (${found})`}`;

function whyOf(replayed: ReplayedPullRequest): string {
  const rules = replayed.rules.slice(0, 5).map(ruleWords);
  const more = replayed.rules.length > 5 ? `; and ${replayed.rules.length - 5} more rules` : "";
  return inert(
    `${rules.join("; ")}${more}${replayed.partial ? " — not everything could be read" : ""}`,
    500,
  );
}

/** Which rules were not looked at everywhere, for want of calls. */
function notReplayedWords(replayed: readonly ReplayedPullRequest[]): readonly string[] {
  const some = replayed.filter(({ notReplayed }) => notReplayed.length > 0);
  if (some.length === 0) return [];
  const rules = [...new Set(some.flatMap(({ notReplayed }) => notReplayed))];
  return [
    `On ${count(some.length, "pull request")} there were no calls left for ${rules.slice(0, 10).join(", ")}${rules.length > 10 ? " and others" : ""}: there the decisions are compared by the other rules.`,
  ];
}

/** How many decisions would change, which and why: a section of `gatehouse / policy`. */
export function renderImpact({ replayed, leftOut, calls }: Impact): string {
  const open = replayed.filter(({ state }) => state === "open").length;
  const changed = replayed.filter(isChanged);
  const over = `${count(open, "open pull request")} and the last ${replayed.length - open} merged`;
  const lead = `### Impact\n\nReplayed over ${over}: **${changed.length === 0 ? "no decision would change" : `${count(changed.length, "decision")} would change`}**.`;
  const rows = changed
    .slice(0, mostRows)
    .map((each) => [
      `#${each.number} ${inert(each.title, 80)}`,
      each.state,
      each.before ?? "not judged",
      each.after,
      whyOf(each),
    ]);
  const notes = [
    ...(changed.length > mostRows ? [`… and ${changed.length - mostRows} more.`] : []),
    ...(leftOut > 0
      ? [`${count(leftOut, "pull request")} left out: the replay's time or calls were spent.`]
      : []),
    ...notReplayedWords(replayed),
    ...(replayed.some(({ partial }) => partial)
      ? ["Where not everything could be read, the comparison is not the whole."]
      : []),
    `${count(calls, "call")} to GitHub.`,
  ];
  return [
    lead,
    ...(rows.length === 0 ? [] : [table(["Pull request", "State", "Now", "Then", "Why"], rows)]),
    notes.join(" "),
  ].join("\n\n");
}

/** The same for a terminal. */
export function impactWords(
  { replayed, leftOut, calls }: Impact,
  never: readonly NeverMet[],
): string {
  const open = replayed.filter(({ state }) => state === "open").length;
  const changed = replayed.filter(isChanged);
  return [
    `replayed over ${count(open, "open pull request")} and the last ${replayed.length - open} merged: ${changed.length === 0 ? "no decision would change" : `${count(changed.length, "decision")} would change`}`,
    ...changed.map(
      (each) =>
        `  #${each.number} (${each.state}) ${each.before ?? "not judged"} -> ${each.after}  ${oneLine(each.title, 80)}${each.rules.map((rule) => `\n      ${oneLine(ruleWords(rule), 300)}`).join("")}${each.partial ? "\n      not everything could be read" : ""}`,
    ),
    ...(leftOut === 0
      ? []
      : [`${count(leftOut, "pull request")} left out: the replay's time or calls were spent`]),
    ...notReplayedWords(replayed),
    ...never.map(({ rule, because }) => `${rule} may never pass: ${because}`),
    `${count(calls, "call")} to GitHub`,
  ].join("\n");
}
