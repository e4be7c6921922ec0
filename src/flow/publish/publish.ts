import { setTimeout as sleep } from "node:timers/promises";
import type { Effect } from "#core/model/effect.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { OutboxRow, SendingBegun } from "#core/ports/outbox.ts";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import { priorities, type Lease } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { leaseMs } from "#flow/jobs/lease-time.ts";
import { effectEntry } from "./effect-entry.ts";
import { forReaders } from "./for-readers.ts";
import { haveEnded, termsOf, TermsEnded } from "./terms.ts";

/** What sending needs of Gatehouse. */
type Sender = Pick<Deps, "store" | "publisher" | "clock" | "meter"> & {
  readonly github: Pick<Deps["github"], "currentHead" | "team">;
};

/**
 * What became of an effect: performed; found done by somebody with a younger store; dropped because the world moved on;
 * or dropped because it is to be judged again at once.
 */
export type Published = "sent" | "adopted" | "superseded" | "outdated";

type Guard = NonNullable<Extract<Effect, { readonly kind: "check_run" }>["guard"]>;

const isWhatWasJudged = (guard: Guard, now: PullRequestRow): boolean =>
  now.headSha === guard.headSha &&
  now.baseRef === guard.baseRef &&
  now.directBaseRef === guard.directBaseRef &&
  now.state === "open";

/** True when head, base, stack and state are what was judged; also where nothing was to be kept. */
async function stillStands(
  deps: Sender,
  effect: Effect,
  repository: RepositoryRecord,
): Promise<boolean> {
  if (effect.kind !== "check_run" || effect.guard === null) return true;
  const now = await deps.github
    .currentHead(repository, effect.guard.pullRequest)
    .catch((error: unknown) => {
      if (error instanceof GatehouseError && error.code === "not_found") return null;
      throw error;
    });
  if (now === null) return false;
  await deps.store.records.savePullRequest(now);
  return isWhatWasJudged(effect.guard, now);
}

/** Only a green is worth a call before it is sent (threat T5): an old no is harmless on a head nobody looks at any more. */
const isGreen = (effect: Effect): boolean =>
  effect.kind === "check_run" && effect.content.conclusion === "success";

/** GitHub has no such thing (any more): a head that was pushed away and collected, a deleted branch. */
const mayBeGone = (error: unknown): boolean =>
  error instanceof GatehouseError && (error.code === "invalid" || error.code === "not_found");

/**
 * What was seen of the target outside our own records: `found` is GitHub's id; `fresh` asks for a new one all the same;
 * `isUnseen`: nobody looked, and records that were put back from a backup do not know what was sent since.
 */
export interface SeenTarget {
  readonly found: number | null;
  readonly fresh: boolean;
  readonly isUnseen?: boolean;
}

/** Another worker that sends on the same target needs a moment; longer than this, and the work is put off instead. */
const patienceMs = 5000;
const lookAgainMs = 20;

/**
 * Takes the target for this worker: one sends on it at a time, over all processes. A request that a crash cut off a
 * moment ago may still be on its way to GitHub: what it says must not land after, or beside, what is said now.
 */
async function begin(
  deps: Sender,
  row: OutboxRow,
  repository: RepositoryRecord,
  lease: Lease,
): Promise<Extract<SendingBegun, { readonly kind: "begun" | "changed" }>> {
  const { outbox } = deps.store;
  const { key } = row.effect;
  const giveUpAt = performance.now() + patienceMs;
  let isPast = false;
  for (;;) {
    const begun = await outbox.beginSending(
      key,
      row.hash,
      lease,
      deps.clock.now() + leaseMs,
      isPast,
    );
    switch (begun.kind) {
      case "begun":
      case "changed":
        return begun;
      case "cut_off": {
        const isRepeated = begun.hash === row.hash && begun.row.remoteId !== null;
        isPast =
          isRepeated ||
          (await deps.publisher.hasLanded(row.effect, repository, {
            remoteId: begun.row.remoteId,
            hash: begun.hash,
          }));
        if (!isPast)
          throw new GatehouseError(
            "unavailable",
            "a request that was cut off may still reach GitHub; the answer is sent once it cannot any more",
            { retryAt: begun.until },
          );
        break;
      }
      case "taken":
        if (performance.now() > giveUpAt)
          throw new GatehouseError(
            "unavailable",
            "another worker is still sending on the same target",
          );
        await sleep(lookAgainMs);
    }
  }
}

/** Performs what was begun and notes it. */
async function send(
  deps: Sender,
  { row, sending }: Extract<SendingBegun, { readonly kind: "begun" }>,
  repository: RepositoryRecord,
  seen: SeenTarget,
  lease: Lease,
): Promise<Published> {
  const { outbox, queue } = deps.store;
  const { effect } = row;
  const terms = termsOf(effect);
  const shown = await forReaders(deps.github, effect, repository);
  const performed = await deps.publisher.perform(shown, repository, {
    remoteId: seen.fresh ? null : (row.remoteId ?? seen.found),
    maybeSent: row.maybeSent,
    isUnseen: seen.isUnseen === true && !seen.fresh,
    annotationsSent: row.annotationsSent,
    ...(terms === null
      ? {}
      : {
          mayLeave: async () => {
            if (await haveEnded(deps, terms)) throw new TermsEnded();
          },
        }),
  });
  const isLastWord = await outbox.markSent(effect.key, row.hash, performed.remoteId, sending, [
    effectEntry(effect, row.hash, "sent", performed.remoteId ?? row.remoteId, deps.clock.now()),
  ]);
  deps.meter.count("effects_total", { kind: effect.kind, outcome: "sent" });
  const published = performed.isAdopted === true ? "adopted" : "sent";
  if (isLastWord && (await queue.holds(lease))) return published;
  await queue.mark([
    {
      key: lease.key,
      kind: lease.kind,
      payload: lease.payload,
      priority: priorities.pullRequest,
      runAt: deps.clock.now(),
    },
  ]);
  return published;
}

/**
 * Performs the wanted effect on a target, if there still is one. The row is marked before the request leaves, so that
 * a crash between request and record makes the next try look first instead of making a second one. Only the holder of
 * the lease sends; one who lost it while sending has the subject judged once more, so that the new holder's word is last.
 */
export async function publish(
  deps: Sender,
  lease: Lease,
  key: string,
  repository: RepositoryRecord,
  seen: SeenTarget = { found: null, fresh: false, isUnseen: true },
): Promise<Published> {
  const { outbox } = deps.store;
  for (;;) {
    const row = await outbox.row(key);
    // What was sent last is known for certain only when no later try was cut off.
    if (row === null || (row.sentHash === row.hash && !row.maybeSent)) return "sent";
    const { effect } = row;
    const terms = termsOf(effect);
    const dropped = async (as: "superseded" | "outdated"): Promise<Published> => {
      await outbox.drop(key, row.hash, [
        effectEntry(effect, row.hash, as, row.remoteId, deps.clock.now()),
      ]);
      deps.meter.count("effects_total", { kind: effect.kind, outcome: as });
      return as;
    };
    if (terms !== null && (await haveEnded(deps, terms))) return dropped("outdated");
    if (isGreen(effect) && !(await stillStands(deps, effect, repository)))
      return dropped("superseded");
    const begun = await begin(deps, row, repository, lease);
    // Another subject on the same commit composed a newer answer meanwhile: that one is to be sent.
    if (begun.kind === "changed") continue;
    try {
      return await send(deps, begun, repository, seen, lease);
    } catch (error) {
      const isOver = error instanceof TermsEnded;
      const code = error instanceof GatehouseError ? error.code : isOver ? "outdated" : "internal";
      await outbox.markFailed(key, code, begun.sending);
      if (isOver) return dropped("outdated");
      if (mayBeGone(error) && !(await stillStands(deps, effect, repository)))
        return dropped("superseded");
      deps.meter.count("effects_total", { kind: effect.kind, outcome: "failed" });
      throw error;
    }
  }
}
