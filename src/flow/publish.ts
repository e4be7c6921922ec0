import { GatehouseError } from "../core/model/errors.ts";
import type { Effect } from "../core/model/effect.ts";
import type { RepositoryRecord } from "../core/ports.ts";
import type { House } from "./house.ts";

/** What became of an effect: performed, or dropped because the world moved on. */
export type Published = "sent" | "superseded";

/** True when a green may still be sent: head, base and state are what was judged (threat T5). */
async function stillStands(house: House, effect: Effect, repository: RepositoryRecord): Promise<boolean> {
  if (effect.kind !== "check_run" || effect.content.conclusion !== "success" || effect.guard === null) return true;
  const now = await house.github.currentHead(repository, effect.guard.pullRequest);
  await house.store.records.savePullRequest(now);
  return now.headSha === effect.guard.headSha && now.baseRef === effect.guard.baseRef && now.state === "open";
}

/** What was seen of the target outside our own records: `found` is GitHub's id; `fresh` asks for a new one all the same. */
export interface SeenTarget {
  readonly found: number | null;
  readonly fresh: boolean;
}

/**
 * Performs the wanted effect on a target, if there still is one. The row is marked before the request leaves, so that
 * a crash between request and record makes the next try look first instead of making a second one.
 */
export async function publish(house: House, key: string, repository: RepositoryRecord, seen: SeenTarget = { found: null, fresh: false }): Promise<Published> {
  const { outbox } = house.store;
  const row = await outbox.row(key);
  // What was sent last is known for certain only when no later try was cut off.
  if (row === null || (row.sentHash === row.hash && !row.maybeSent)) return "sent";
  const { effect } = row;
  if (!(await stillStands(house, effect, repository))) {
    await outbox.drop(key);
    house.meter.count("effects_total", { kind: effect.kind, outcome: "superseded" });
    return "superseded";
  }
  await outbox.markSending(key);
  try {
    const performed = await house.publisher.perform(effect, repository, {
      remoteId: seen.fresh ? null : (row.remoteId ?? seen.found),
      maybeSent: row.maybeSent,
      annotationsSent: row.annotationsSent,
    });
    await outbox.markSent(key, row.hash, performed.remoteId);
    house.meter.count("effects_total", { kind: effect.kind, outcome: "sent" });
    return "sent";
  } catch (error) {
    house.meter.count("effects_total", { kind: effect.kind, outcome: "failed" });
    await outbox.markFailed(key, error instanceof GatehouseError ? error.code : "internal");
    throw error;
  }
}
