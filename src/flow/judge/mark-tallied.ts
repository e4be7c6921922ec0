import { whatCameOf } from "#core/commands/what-came-of-it.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import { deploymentApprovals } from "#core/facts/deployment-approvals.ts";
import { lookUp } from "#core/model/fact.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { approvalInVain, commandAnswer } from "#core/render/answer.ts";
import type { Deps } from "#flow/deps.ts";
import { conversationKey } from "#flow/in-force/people-values.ts";
import { tallyAnswerSchema } from "#flow/in-force/tally-answer.ts";
import { tallyJob } from "#flow/jobs/deployment-jobs.ts";
import type { DeploymentAssessment } from "./deployment-assessment.ts";

const toldKey = (act: string): string => `tally-told:${act}`;

/** Tells everybody who approved a deployment, once, whether the approval counted now that it is judged. */
export async function markTallied(
  deps: Deps,
  repository: RepositoryRecord,
  subject: DeploymentSubject,
  { facts, policy, decision }: DeploymentAssessment,
): Promise<void> {
  const approvals = lookUp(facts, deploymentApprovals.need());
  if (policy === null || decision === null || approvals?.ok !== true) return;
  const { store, clock } = deps;
  for (const act of approvals.value) {
    const answer = tallyAnswerSchema.safeParse(act.detail["answer"]);
    if (
      !answer.success ||
      !sameEnvironment(act.environment ?? "", subject.environment) ||
      (await store.records.getValue(toldKey(act.id))) !== null
    )
      continue;
    const came = whatCameOf(act, policy, subject, { facts, decision });
    if (came === null) continue;
    const { comment, number, word, rest, inWords } = answer.data;
    const conversation =
      number === null
        ? await store.records.getValue(conversationKey(repository.id, subject.sha))
        : null;
    await store.queue.mark([
      tallyJob.item(
        {
          repository: repository.id,
          number: number ?? (conversation === null ? null : Number(conversation)),
          comment,
          counts: came.counts,
          actor: act.actor.id,
          says: !came.counts
            ? commandAnswer(
                act.actor,
                { word, rest },
                approvalInVain(subject.environment, came.why),
              )
            : inWords
              ? commandAnswer(act.actor, { word, rest }, "done.")
              : null,
        },
        clock.now(),
        act.id,
      ),
    ]);
    await store.records.setValue(toldKey(act.id), String(clock.now()));
  }
}
