import type { Event } from "#core/model/event.ts";
import type { Store } from "#core/ports/store.ts";
import { headTime, labelHead, readHeadTime } from "#flow/in-force/people-values.ts";

type Records = Pick<Store["records"], "changeValue">;

const movesHead = new Set([
  "pull_request.opened",
  "pull_request.synchronize",
  "pull_request.reopened",
]);

/** Notes when a head came, in GitHub's own time: a word said before it does not speak of it (threat T6). */
export async function noteHead(records: Records, event: Event, repository: number): Promise<void> {
  const { name, pullRequest } = event;
  if (pullRequest === null || !movesHead.has(name)) return;
  await noteLater(records, headTime(repository, pullRequest.number), pullRequest);
}

/** Notes the head that GitHub shows when a label is put on: however late we look, it speaks of that one. */
export async function noteLabelled(
  records: Records,
  { name, label, pullRequest }: Event,
  repository: number,
): Promise<void> {
  if (name !== "pull_request.labeled" || label === null || pullRequest === null) return;
  await noteLater(records, labelHead(repository, pullRequest.number, label), pullRequest);
}

/** What is delivered late, or again, does not take the place of a later head. */
async function noteLater(
  records: Records,
  key: string,
  {
    headSha,
    createdAt,
    updatedAt,
  }: Pick<NonNullable<Event["pullRequest"]>, "headSha" | "createdAt" | "updatedAt">,
): Promise<void> {
  if (updatedAt === undefined) return;
  await records.changeValue(key, (text) => {
    const before = readHeadTime(text);
    if (before !== null && before.at > updatedAt) return null;
    return `${headSha} ${updatedAt}${createdAt === undefined ? "" : ` ${createdAt}`}`;
  });
}
