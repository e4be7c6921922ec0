import type { Actors, Person } from "#core/model/actor.ts";
import type { RuleOutcome } from "#core/model/decision.ts";
import type { Override } from "#core/model/override.ts";
import { either } from "#core/text/phrases.ts";
import { actorNames, teamOf } from "#core/people/who-is-among.ts";
import { commandSpan } from "#core/text/command-text.ts";
import { inert } from "#core/text/markdown.ts";
import { oneLine } from "#core/text/plain-text.ts";
import { instant } from "#core/text/time.ts";

export const reviewTitle = (override: Override, number: number): string =>
  oneLine(`Review: override ${override.name} of @${override.by.login} on #${number}`, 200);

/** Teams of a policy are called by name: their owners asked to be. */
export function called(review: Actors, owner: string): string {
  const teams = (review.teams ?? [])
    .map((team) => teamOf(team, owner))
    .map((slug) => (slug.includes("/") ? `@${slug}` : `@${owner}/${slug}`));
  const names = [...teams, ...(review.users ?? []).map((login) => `@${login}`)].filter((name) =>
    /^@[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(name),
  );
  return names.length > 0 ? names.join(", ") : inert(either(actorNames(review, owner)), 400);
}

export interface OwedReviewWords {
  readonly owner: string;
  readonly number: number;
  readonly review: Actors;
  readonly dueAt: number;
  readonly verdicts: readonly RuleOutcome[];
}

/** What a reviewer of an override has to know. */
export function reviewBody(
  override: Override,
  { owner, number, review, dueAt, verdicts }: OwedReviewWords,
): string {
  const verdictLines = verdicts
    .filter((rule) => override.rules.includes(rule.name))
    .map((rule) => `- \`${rule.name}\`: ${rule.verdict.kind}, ${inert(rule.verdict.found, 300)}`);
  return [
    `${inert(`@${override.by.login}`)} let rules through on #${number} at \`${override.sha.slice(0, 7)}\` with the override **${inert(override.name)}**${override.confirmedBy.length === 0 ? "" : `, confirmed by ${override.confirmedBy.map((person) => inert(`@${person.login}`)).join(", ")}`}.`,
    `- reason: ${inert(override.reason, 600)}`,
    `- granted: ${instant(override.grantedAt)}, until ${instant(override.expiresAt)}`,
    ...(verdictLines.length === 0
      ? []
      : ["", "Their verdicts when it was granted:", "", ...verdictLines]),
    "",
    `${called(review, owner)}: look at what went through, say what you found, and close this issue by ${instant(dueAt)}. Closing it is the review. While it is overdue, this override is refused in the repository.`,
  ].join("\n");
}

/** Closed by somebody whose review it is not. */
export function reopenedWords(by: Person | null, review: Actors, owner: string): string {
  const who = by === null ? "Somebody" : inert(`@${by.login}`);
  return `${who} closed this, and it is ${inert(either(actorNames(review, owner)), 400)} who reviews it. It is open again.`;
}

/** An override that nothing was merged with. */
export const unusedWords = (because: string): string =>
  `The override let nothing through: it is ${because} and the pull request was not merged with it. There is nothing to review.`;

/** A review of an override for which there is no issue. `body`: what the issue would say; null where it is gone. */
export const withoutIssueWords = (override: string, body: string | null): string =>
  [
    ...(body === null ? [] : [body]),
    `${body === null ? `The issue of the review that the override **${inert(override)}** owes is not there any more.` : "No issue can be opened for this review in this repository."} Whose review it is writes ${commandSpan("reviewed", override, "<what you found>")} here, and that is the review. While it is overdue, this override is refused in the repository.`,
  ].join("\n\n");

/** Closed by whose review it is, with questions left open: said once. */
export const unansweredWords = (by: string, titles: readonly string[]): string =>
  `${inert(`@${by}`)} has reviewed this. Still empty: ${titles.join(", ")}. The person who reviews answers in a comment below the headings of this issue: the report has it as not observed until then.`;

/** Merged past the gate. */
export function bypassBody(bypass: {
  readonly number: number;
  readonly by: Person | null;
  readonly sha: string;
  readonly title: string;
  readonly unmet: readonly string[];
  readonly owner: string;
  readonly review: Actors;
  readonly dueAt: number;
}): string {
  const who = bypass.by === null ? "Somebody" : inert(`@${bypass.by.login}`);
  return [
    `${who} merged #${bypass.number} as \`${bypass.sha.slice(0, 7)}\` although the gate had not allowed it: ${inert(bypass.title, 300)}.`,
    ...(bypass.unmet.length === 0
      ? []
      : ["", ...bypass.unmet.slice(0, 30).map((line) => `- ${inert(line, 300)}`)]),
    "",
    `${called(bypass.review, bypass.owner)}: look at what went in, and close this issue by ${instant(bypass.dueAt)}.`,
  ].join("\n");
}
