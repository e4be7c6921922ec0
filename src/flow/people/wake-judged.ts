import type { CommandContext } from "#core/commands/command.ts";
import type { Act } from "#core/model/act.ts";
import type { Deps } from "#flow/deps.ts";
import { judgeItem } from "#flow/jobs/judge-job.ts";
import { subjectOf, waitingIn } from "#flow/judge/waiting-deployments.ts";

/** Acts that may change the answer to a waiting deployment. */
const forDeployments: readonly Act["kind"][] = [
  "approve",
  "reject",
  "hold",
  "unhold",
  "freeze",
  "unfreeze",
  "rollback",
  "override",
  "confirm",
  "override_cancel",
];

/** Marks the subjects that the acts concern to be judged again. */
export async function wakeJudged(
  deps: Deps,
  place: CommandContext,
  acts: readonly Act[],
  isAsked: boolean,
): Promise<void> {
  const { store, clock } = deps;
  const now = clock.now();
  const items = [];
  if (place.number !== null && place.state === "open" && (isAsked || acts.length > 0))
    items.push(
      judgeItem(
        { kind: "pull_request", repository: place.repository, number: place.number },
        now,
        true,
      ),
    );
  if (acts.some((act) => forDeployments.includes(act.kind)) || isAsked)
    items.push(
      ...(await waitingIn(deps, place.repository)).map((row) =>
        judgeItem(subjectOf(row), now, true),
      ),
    );
  if (items.length > 0) await store.queue.mark(items);
}
