import { pullRequestKey } from "#core/model/subject.ts";
import type { Call, CommandContext } from "#core/commands/command.ts";
import type { CommentOrder } from "#core/model/act.ts";
import { mergedInOrder } from "#core/model/comment-order.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { decisionId, decisionPath } from "#core/record/decision-address.ts";
import type { Deps } from "#flow/deps.ts";
import { pullOfDeployment } from "#flow/in-force/pull-of-deployment.ts";
import type { CommandRequest } from "#flow/jobs/command-job.ts";

/** Buttons and forms have no number or instant of GitHub's; they are ordered by arrival. */
const orderOf = ({ github }: Deps, { at, from }: CommandRequest): CommentOrder => ({
  at: from.kind === "button" || from.kind === "page" ? at + github.clockAhead() : at,
  comment: from.kind === "comment" ? from.id : null,
});

/**
 * Everything a command may look at; acts that the same comment recorded before a crash are left out, so that a
 * repetition has the same result.
 */
export async function readSurroundings(
  deps: Deps,
  request: CommandRequest,
  place: CommandContext,
  policy: EffectivePolicy,
): Promise<Omit<Call, "command" | "rest" | "commands" | "ask">> {
  const { store, clock } = deps;
  const { repository } = place;
  const own =
    place.number === null ? [] : await store.acts.find({ repository, pullRequest: place.number });
  const frozen = await store.acts.find({ repository, kinds: ["freeze", "unfreeze"] });
  const environments = await store.deployments.environments(repository);
  const deployments = (
    await Promise.all(
      environments.map((environment) =>
        store.deployments.inEnvironment(repository, environment, 50),
      ),
    )
  ).flat();
  const waiting = deployments
    .filter((row) => row.gateRequestedAt !== null && row.gateAnsweredAt === null)
    .map((row) => row.sha);
  const spokenFor: string[] = [];
  for (const sha of new Set(waiting)) {
    const on = await pullOfDeployment(store.records, repository, sha);
    if (on !== null && on === place.number) spokenFor.push(sha);
  }
  const acts = mergedInOrder(own, frozen).filter((act) => !act.id.startsWith(`${request.key}:`));
  const last =
    place.number === null
      ? null
      : await store.records.lastDecision(pullRequestKey(repository, place.number));
  return {
    id: request.key,
    actor: request.actor,
    at: request.heardAt,
    now: clock.now(),
    commentedAt: orderOf(deps, request),
    context: place,
    policy,
    acts,
    deployments,
    commitsOnProtectionRules: spokenFor,
    reviews: await store.tickets.open(repository, "review"),
    decision: last?.decision ?? null,
    decisionPage:
      last === null || deps.pagesAt === null
        ? undefined
        : `${deps.pagesAt()}${decisionPath(decisionId(last))}`,
  };
}
