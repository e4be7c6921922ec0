import { GatehouseError, isEndOf, isTransient } from "#core/model/errors.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { Deps } from "#flow/deps.ts";
import type { Job, PreparedJob } from "./define-job.ts";
import { leaseMs } from "./lease-time.ts";
import { backOff, isGoneForGood, type Outcome } from "./outcome.ts";

export interface Worker {
  readonly start: () => void;
  /** Something was marked: look at the queue now. */
  readonly wake: () => void;
  /** Leases nothing more, waits for what runs (at most `graceMs`), releases the rest. */
  readonly stop: (graceMs: number) => Promise<void>;
  readonly running: () => number;
}

/** What is set up around each piece of work, and taken down after it. */
export type Around = (lease: Lease, work: () => Promise<Outcome>) => Promise<Outcome>;

const pollMs = 1000;
/** A job that fails for our own reasons, or takes its process with it, this often goes to the dead-letter queue; trouble outside is retried for ever. */
const faultsBeforeDeadLetter = 8;

const untaken = "the queue did not take the outcome; the lease will run out";

/** Leases due work and runs it, several subjects side by side, one at a time each. */
export function createWorker(
  deps: Pick<Deps, "store" | "clock" | "log" | "meter">,
  owner: string,
  table: readonly Job[],
  concurrency: number,
  /** GitHub refuses our credentials, and that was said: each piece of work need not say it again. */
  isRefused: () => Promise<boolean> = () => Promise.resolve(false),
  /** Runs a piece of work in surroundings of its own. */
  around: Around = (_lease, work) => work(),
): Worker {
  const { store, clock, log, meter } = deps;
  const jobs = new Map(table.map((job) => [job.kind, job]));
  const running = new Set<Promise<void>>();
  let stopping = false;
  let looping: Promise<void> | null = null;
  let signal: (() => void) | null = null;
  let signalled = false;

  function wake(): void {
    signalled = true;
    signal?.();
  }

  /**
   * Until `wake()`, or until the queue's next row is due; the poll catches clocks that were moved. With nobody free to take
   * it, what is due is not asked for: a worker that becomes free wakes the loop.
   */
  async function rest(): Promise<void> {
    if (signalled) return;
    const isFull = running.size >= concurrency;
    const next = isFull ? null : await store.queue.nextDue().catch(() => null);
    const wait = next === null ? pollMs : Math.min(pollMs, Math.max(10, next - clock.now()));
    if (signalled) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait);
      signal = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    signal = null;
  }

  async function settle(lease: Lease, repository: number | null, error: unknown): Promise<void> {
    const now = clock.now();
    const code = error instanceof GatehouseError ? error.code : null;
    const reason =
      error instanceof Error ? `${code ?? error.name}: ${error.message}` : String(error);
    if (code === "stale") {
      log.info({ job: lease.key, reason }, "superseded: another worker or a newer head goes on");
      // A lost lease is not ours to complete, and completing it does nothing; a newer head has marked the row again.
      await store.queue.complete(lease, null);
      return;
    }
    if (code === "gone") {
      await settleGone(lease, repository, error, reason, now);
      return;
    }
    if (code !== null && isTransient(code)) {
      const retryAt = error instanceof GatehouseError ? (error.retryAt ?? 0) : 0;
      const at = Math.max(retryAt, now + backOff(lease.attempts, Math.random()));
      if (code !== "unauthorized" || !(await isRefused()))
        log.warn(
          { job: lease.key, attempts: lease.attempts, reason, again: new Date(at).toISOString() },
          "it cannot be done now, for a reason that passes; the work is kept",
        );
      await store.queue.retry(lease, at, reason);
      return;
    }
    if (lease.faults + 1 >= faultsBeforeDeadLetter) {
      await deadLetter(lease, reason, error);
      return;
    }
    log.error(
      { job: lease.key, attempts: lease.attempts, err: error },
      "work failed; trying again",
    );
    await store.queue.retry(lease, now + backOff(lease.attempts, Math.random()), reason, true);
  }

  /** A subject ends only when its repository or installation is gone, and that is recorded. */
  async function settleGone(
    lease: Lease,
    repository: number | null,
    error: unknown,
    reason: string,
    now: number,
  ): Promise<void> {
    if (repository !== null && !isEndOf(repository, error)) {
      const at = now + backOff(lease.attempts, Math.random());
      log.warn(
        { job: lease.key, attempts: lease.attempts, reason, again: new Date(at).toISOString() },
        "another repository cannot be read; the work is kept",
      );
      await store.queue.retry(lease, at, reason);
      return;
    }
    if (!isGoneForGood(lease)) {
      const at = now + backOff(lease.attempts, Math.random());
      log.warn(
        { job: lease.key, attempts: lease.attempts, reason, again: new Date(at).toISOString() },
        "GitHub does not know the subject; asked again before that is believed",
      );
      await store.queue.retry(lease, at, reason);
      return;
    }
    log.warn({ job: lease.key, reason }, "the subject is gone: nothing more to judge");
    if (lease.kind === "judge")
      await store.audit.append([
        {
          at: now,
          kind: "subject_gone",
          repository,
          subject: lease.key,
          actor: null,
          detail: { reason },
        },
      ]);
    await store.queue.complete(lease, null);
  }

  async function deadLetter(lease: Lease, reason: string, error?: unknown): Promise<void> {
    log.error(
      {
        job: lease.key,
        attempts: lease.attempts,
        faults: lease.faults,
        reason,
        ...(error === undefined ? {} : { err: error }),
      },
      "given up: in the dead-letter queue until something marks it again",
    );
    meter.count("dead_letters_total", { kind: lease.kind });
    await store.queue.deadLetter(lease, reason);
  }

  async function run(lease: Lease): Promise<void> {
    if (lease.faults >= faultsBeforeDeadLetter) {
      // The work itself never reported a failure: each time its process died or stopped answering.
      await deadLetter(lease, "the process died, or stood still, each time it did this").catch(
        (error: unknown) => log.error({ job: lease.key, err: error }, untaken),
      );
      return;
    }
    const heartbeat = setInterval(() => {
      void store.queue.extend(lease, clock.now() + leaseMs).catch(() => false);
    }, leaseMs / 3);
    let prepared: PreparedJob | undefined;
    try {
      const job = jobs.get(lease.kind);
      if (job === undefined)
        throw new GatehouseError("unsupported", `no handler for work of kind ${lease.kind}`);
      prepared = job.prepare(lease);
      const outcome = await around(lease, prepared.run);
      if (outcome.kind === "done") await store.queue.complete(lease, outcome.wakeAt);
      else await store.queue.retry(lease, outcome.at, outcome.reason);
    } catch (error) {
      await settle(lease, prepared?.repository ?? null, error).catch((second: unknown) =>
        log.error({ job: lease.key, err: second }, untaken),
      );
    } finally {
      clearInterval(heartbeat);
    }
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      signalled = false;
      const free = concurrency - running.size;
      const leases =
        free > 0
          ? await store.queue.lease(owner, clock.now(), leaseMs, free).catch((error: unknown) => {
              log.error({ err: error }, "the queue cannot be read");
              return [];
            })
          : [];
      for (const lease of leases) {
        const task = run(lease).finally(() => {
          running.delete(task);
          wake();
        });
        running.add(task);
      }
      if (leases.length === 0 || running.size >= concurrency) await rest();
    }
  }

  return {
    start: () => {
      looping ??= loop();
    },
    wake,
    running: () => running.size,
    stop: async (graceMs) => {
      stopping = true;
      wake();
      await looping;
      const grace = new Promise<void>((resolve) => {
        setTimeout(resolve, graceMs).unref();
      });
      await Promise.race([Promise.allSettled([...running]), grace]);
      await store.queue.release(owner);
    },
  };
}
