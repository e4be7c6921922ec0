import { GatehouseError } from "../core/model/errors.ts";
import type { Effect } from "../core/model/effect.ts";
import { priorities, type Lease, type RepositoryRecord } from "../core/ports.ts";
import type { House } from "./house.ts";
import { leaseMs } from "./work.ts";

/** What became of an effect: performed, or dropped because the world moved on. */
export type Published = "sent" | "superseded";

/** True when head, base and state are what was judged; also where nothing was to be kept. */
async function stillStands(house: House, effect: Effect, repository: RepositoryRecord): Promise<boolean> {
  if (effect.kind !== "check_run" || effect.guard === null) return true;
  const now = await house.github.currentHead(repository, effect.guard.pullRequest).catch((error: unknown) => {
    if (error instanceof GatehouseError && error.code === "not_found") return null;
    throw error;
  });
  if (now === null) return false;
  await house.store.records.savePullRequest(now);
  return now.headSha === effect.guard.headSha && now.baseRef === effect.guard.baseRef && now.state === "open";
}

/** Only a green is worth a call before it is sent (threat T5): an old no is harmless on a head nobody looks at any more. */
const isGreen = (effect: Effect): boolean => effect.kind === "check_run" && effect.content.conclusion === "success";

/** GitHub has no such thing (any more): a head that was pushed away and collected, a deleted branch. */
const mayBeGone = (error: unknown): boolean => error instanceof GatehouseError && (error.code === "invalid" || error.code === "not_found");

/** Whether this worker still is the one to speak for the subject; prolongs its lease (fault F22: a process that was paused). */
async function isOurs(house: House, lease: Lease | null): Promise<boolean> {
  return lease === null || (await house.store.queue.extend(lease, house.clock.now() + leaseMs));
}

/** What was seen of the target outside our own records: `found` is GitHub's id; `fresh` asks for a new one all the same. */
export interface SeenTarget {
  readonly found: number | null;
  readonly fresh: boolean;
}

/**
 * Performs the wanted effect on a target, if there still is one. The row is marked before the request leaves, so that
 * a crash between request and record makes the next try look first instead of making a second one. With a `lease`, only
 * its holder sends; one who lost it while sending has the subject judged once more, so that the new holder's word is last.
 */
export async function publish(house: House, key: string, repository: RepositoryRecord, seen: SeenTarget = { found: null, fresh: false }, lease: Lease | null = null): Promise<Published> {
  const { outbox, queue } = house.store;
  const row = await outbox.row(key);
  // What was sent last is known for certain only when no later try was cut off.
  if (row === null || (row.sentHash === row.hash && !row.maybeSent)) return "sent";
  const { effect } = row;
  const superseded = async (): Promise<Published> => {
    await outbox.drop(key);
    house.meter.count("effects_total", { kind: effect.kind, outcome: "superseded" });
    return "superseded";
  };
  if (isGreen(effect) && !(await stillStands(house, effect, repository))) return superseded();
  if (!(await isOurs(house, lease))) throw new GatehouseError("stale", "another worker took the subject over: nothing was sent");
  await outbox.markSending(key);
  try {
    const performed = await house.publisher.perform(effect, repository, {
      remoteId: seen.fresh ? null : (row.remoteId ?? seen.found),
      maybeSent: row.maybeSent,
      annotationsSent: row.annotationsSent,
    });
    await outbox.markSent(key, row.hash, performed.remoteId);
    house.meter.count("effects_total", { kind: effect.kind, outcome: "sent" });
    if (lease !== null && !(await queue.holds(lease))) {
      await queue.mark([{ key: lease.key, kind: lease.kind, payload: lease.payload, priority: priorities.pullRequest, runAt: house.clock.now() }]);
    }
    return "sent";
  } catch (error) {
    if (mayBeGone(error) && !(await stillStands(house, effect, repository))) return superseded();
    house.meter.count("effects_total", { kind: effect.kind, outcome: "failed" });
    await outbox.markFailed(key, error instanceof GatehouseError ? error.code : "internal");
    throw error;
  }
}
