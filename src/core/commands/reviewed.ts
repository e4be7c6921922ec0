import { reviewersFor } from "#core/decide/owing-review.ts";
import type { TicketRow } from "#core/model/ticket.ts";
import { isReason } from "#core/overrides/reason.ts";
import { reviewedOverride } from "#core/overrides/review-due.ts";
import { reviewIssue } from "#core/overrides/review-place.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { commandSpan } from "#core/text/command-text.ts";
import { inert } from "#core/text/markdown.ts";
import { actOf } from "./acts.ts";
import { firstWord } from "./arguments.ts";
import { grantTo, grantWords, mayUse } from "./authority.ts";
import { done, refused, type Call, type Command, type Grant } from "./command.ts";

const grants = (policy: EffectivePolicy): readonly Grant[] =>
  policy.overrides.flatMap(({ name, post_review: review }) =>
    review === undefined ? [] : [grantTo(review, { of: name })],
  );

/** What is owed of an override, the oldest first. */
const owed = ({ reviews }: Call, name: string): readonly TicketRow[] =>
  reviews
    .filter(
      (ticket) =>
        ticket.purpose === "review" &&
        ticket.state !== "closed" &&
        reviewedOverride(ticket)?.toLowerCase() === name.toLowerCase(),
    )
    .toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0));

/** The review of an override for which there is no issue: who may close one says here what they found. */
export const reviewed: Command = {
  name: "reviewed",
  usage: "<override> <what you found>",
  summary: "Reviews an override afterwards, where there is no issue to close for it.",
  who: "as the override's `post_review` says",
  grants,
  run: (call) => {
    const { word, rest } = firstWord(call.rest);
    const usage = commandSpan("reviewed", undefined, "<override> <what you found>");
    if (word === "") return refused(`Say which override was reviewed: ${usage}.`);
    const all = owed(call, word);
    const [first] = all;
    const name = inert(first === undefined ? word : (reviewedOverride(first) ?? word), 100);
    if (first === undefined) return refused(`No review of the override ${name} is owed here.`);
    const placeless = all.filter((ticket) => reviewIssue(ticket) === null);
    if (placeless.length === 0)
      return refused(
        `The review of ${name} is #${reviewIssue(first) ?? ""}: closing that issue is the review.`,
      );
    const who = grantTo(reviewersFor(first, call.policy));
    const may = mayUse(call, [who]);
    if (may === undefined) return undefined;
    if (!may)
      return refused(
        `Only ${grantWords([who], call.context.owner)} may review ${name} afterwards.`,
      );
    if (!isReason(rest)) return refused(`Say what you found: ${usage}.`);
    const acts = placeless.map((ticket, index) =>
      actOf({ ...call, id: `${call.id}:${index}` }, "review", {
        pullRequest:
          typeof ticket.detail["pullRequest"] === "number"
            ? ticket.detail["pullRequest"]
            : call.context.number,
        sha: typeof ticket.detail["sha"] === "string" ? ticket.detail["sha"] : null,
        name: reviewedOverride(ticket),
        reason: "completed",
        detail: {
          key: ticket.key,
          issue: ticket.issue,
          outcome: "completed",
          late: ticket.dueAt !== null && call.now > ticket.dueAt,
          answers: {},
          caughtBy: [],
          found: rest,
        },
      }),
    );
    return done(acts, `The review of ${name} is done. It is on record with what you found.`);
  },
};
