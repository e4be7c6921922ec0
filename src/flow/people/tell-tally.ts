import { z } from "zod";
import type { Outcome as CommandOutcome } from "#core/commands/command.ts";
import type { SaidCommand } from "#core/commands/parse.ts";
import { whatCameOf } from "#core/commands/what-came-of-it.ts";
import { deploymentWords } from "#core/facts/deployment-words.ts";
import { isTallied, type Act } from "#core/model/act.ts";
import { lookUp } from "#core/model/fact.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import { priorities, type Lease, type WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { approvalInVain, commandAnswer } from "#core/render/answer.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import type { DeploymentAssessment } from "#flow/judge/deployment-assessment.ts";
import type { Deps } from "#flow/deps.ts";
import { conversationKey } from "#flow/in-force/people-values.ts";
import { react } from "./react.ts";
import type { CommandRequest } from "#flow/in-force/command-request.ts";
import { done, type Outcome } from "#flow/jobs/work.ts";
import type { SummaryComment } from "#flow/publish/summary-comment.ts";

/** How somebody hears what became of their word, kept with the act. */
const answerSchema = z.object({
  /** The comment that gets the reaction; null: it has one already, or can have none. */
  comment: z.number().nullable(),
  number: z.number().nullable(),
  word: z.string(),
  rest: z.string(),
  /** Whether words are all that can be given. */
  inWords: z.boolean(),
});

const payloadSchema = z.object({
  repository: z.number(),
  number: z.number().nullable(),
  comment: z.number().nullable(),
  counts: z.boolean(),
  says: z.string().nullable(),
});

const told = (act: string): string => `tally-told:${act}`;

/** The act, with how its author hears whether it counted. */
export function withAnswer(
  act: Act,
  request: CommandRequest,
  results: readonly { readonly command: SaidCommand; readonly outcome: CommandOutcome }[],
): Act {
  const own = results.find(
    ({ outcome }) => outcome.kind === "done" && outcome.acts.some(({ id }) => id === act.id),
  );
  if (!isTallied(act) || own === undefined) return act;
  const isRefused = results.some(({ outcome }) => outcome.kind === "refused");
  const answer: z.infer<typeof answerSchema> = {
    comment: request.from.kind === "comment" && !isRefused ? request.from.id : null,
    number: request.number,
    word: own.command.word,
    rest: own.command.rest,
    inWords: request.from.kind === "review",
  };
  return { ...act, detail: { ...act.detail, answer } };
}

/** What a judged deployment tells those who approved it: whether their word counted, each once. */
export async function talliedItems(
  deps: Deps,
  repository: RepositoryRecord,
  subject: DeploymentSubject,
  { facts, policy, decision }: DeploymentAssessment,
): Promise<void> {
  const summary = lookUp(facts, deploymentWords.need());
  if (policy === null || decision === null || summary?.ok !== true) return;
  const { store, clock } = deps;
  for (const act of summary.value) {
    const answer = answerSchema.safeParse(act.detail["answer"]);
    if (
      !answer.success ||
      !sameEnvironment(act.environment ?? "", subject.environment) ||
      (await store.records.getValue(told(act.id))) !== null
    )
      continue;
    const came = whatCameOf(act, policy, subject, { facts, decision });
    if (came === null) continue;
    const { comment, number, word, rest, inWords } = answer.data;
    const conversation =
      number === null
        ? await store.records.getValue(conversationKey(repository.id, subject.sha))
        : null;
    const item: WorkItem = {
      key: `tally:${act.id}`,
      kind: "tally",
      payload: {
        repository: repository.id,
        number: number ?? (conversation === null ? null : Number(conversation)),
        comment,
        counts: came.counts,
        says: !came.counts
          ? commandAnswer(act.actor, { word, rest }, approvalInVain(subject.environment, came.why))
          : inWords
            ? commandAnswer(act.actor, { word, rest }, "done.")
            : null,
      },
      priority: priorities.command,
      runAt: clock.now(),
      share: String(repository.id),
    };
    await store.queue.mark([item]);
    await store.records.setValue(told(act.id), String(clock.now()));
  }
}

/** A rocket for what counted; for what did not, one sentence why. */
export function createTallyTeller(
  deps: Deps,
  summary: SummaryComment,
): (lease: Lease) => Promise<Outcome> {
  return async (lease) => {
    const { repository: id, number, comment, counts, says } = payloadSchema.parse(lease.payload);
    const repository = await deps.store.records.repository(id);
    if (repository === null || !repository.active || repository.archived) return done;
    if (says !== null && number !== null)
      await summary.update(lease, repository, number, [{ name: "answer", text: says }]);
    if (comment !== null)
      await react(deps, lease, repository, comment, counts ? "rocket" : "confused");
    return done;
  };
}
