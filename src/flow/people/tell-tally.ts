import type { Outcome as CommandOutcome } from "#core/commands/command.ts";
import type { ParsedCommand } from "#core/commands/parse.ts";
import { isTallied, type Act } from "#core/model/act.ts";
import type { Deps } from "#flow/deps.ts";
import type { TallyAnswer } from "#flow/in-force/tally-answer.ts";
import { answerSection } from "#core/render/summary-comment.ts";
import type { CommandRequest } from "#flow/jobs/command-job.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import type { tallyJob } from "#flow/jobs/deployment-jobs.ts";
import { done } from "#flow/jobs/outcome.ts";
import type { SummaryComment } from "#flow/publish/summary-comment.ts";
import { react } from "./react.ts";

/** The act with the way in which its author is told whether it counted. */
export function withAnswer(
  act: Act,
  request: CommandRequest,
  results: readonly { readonly command: ParsedCommand; readonly outcome: CommandOutcome }[],
): Act {
  const own = results.find(
    ({ outcome }) => outcome.kind === "done" && outcome.acts.some(({ id }) => id === act.id),
  );
  if (!isTallied(act) || own === undefined) return act;
  const isRefused = results.some(({ outcome }) => outcome.kind === "refused");
  const answer: TallyAnswer = {
    comment: request.from.kind === "comment" && !isRefused ? request.from.id : null,
    number: request.number,
    word: own.command.word,
    rest: own.command.rest,
    inWords: request.from.kind === "review",
  };
  return { ...act, detail: { ...act.detail, answer } };
}

/** Adds a reaction to approvals that counted; for others, comments one sentence why. */
export function createTallyTeller(deps: Deps, summary: SummaryComment): HandlerOf<typeof tallyJob> {
  return async ({ lease, payload: { number, comment, counts, says, actor }, repository }) => {
    if (says !== null && number !== null)
      await summary.update(lease, repository, number, [
        { name: actor === undefined ? "answer" : answerSection(actor, null), text: says },
      ]);
    if (comment !== null)
      await react(deps, lease, repository, comment, counts ? "rocket" : "confused");
    return done;
  };
}
