import type { Event } from "#core/model/event.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";

/** Our own closing is recorded before it is sent, so a ticket that is open in the records was closed by somebody else. */
export async function noteIssue(
  { store, clock }: Pick<Deps, "store" | "clock">,
  event: Event,
  repository: RepositoryRecord,
): Promise<void> {
  if ((event.name !== "issues.closed" && event.name !== "issues.reopened") || event.issue === null)
    return;
  const row = await store.tickets.byIssue(repository.id, event.issue.number);
  if (row === null) return;
  const closedByPerson = event.name === "issues.closed";
  let isNews = false;
  await store.tickets.change(row.repository, row.key, (before) => {
    isNews =
      before?.purpose === "finding" &&
      before.state === "open" &&
      (before.detail["closedByPerson"] === true) !== closedByPerson;
    return before === null || !isNews
      ? null
      : {
          ...before,
          closedAt: closedByPerson ? clock.now() : null,
          detail: { ...before.detail, closedByPerson },
        };
  });
  if (!isNews) return;
  await store.audit.append([
    {
      at: clock.now(),
      kind: "ticket",
      repository: repository.id,
      subject: `ticket:${repository.id}:${row.key}`,
      actor: event.sender?.login ?? null,
      detail: {
        what: closedByPerson ? "closed by a person" : "opened again by a person",
        issue: event.issue.number,
      },
    },
  ]);
}

/** Whether the event may change the findings of the default branch. */
export async function concernsDefaultBranch(
  { store }: Pick<Deps, "store">,
  event: Event,
  repository: RepositoryRecord,
): Promise<boolean> {
  if (event.push !== null)
    return !event.push.deleted && event.push.ref === `refs/heads/${repository.defaultBranch}`;
  if (event.alert !== undefined)
    return (
      event.alert.ref === null ||
      event.alert.byPerson ||
      event.alert.ref === `refs/heads/${repository.defaultBranch}`
    );
  // A run's event does not say its branch in our words; what is no pull request's head may be the branch's tip.
  if (event.name !== "workflow_run.completed" || event.check === null) return false;
  return (
    (await store.records.openPullRequestsWithHead(repository.id, event.check.headSha)).length === 0
  );
}
