import { z, ZodError } from "zod";
import { ifReadable } from "#core/facts/if-readable.ts";
import { GatehouseError, isEndOf } from "#core/model/errors.ts";
import type { FactResult, Need } from "#core/model/fact.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { Log } from "#core/ports/system.ts";
import type { Readers } from "./shared-readers.ts";

/** What was seen on the way to the facts. */
export interface SeenOnTheWay {
  readonly policyHints: FactSession["policyHints"];
  readonly ownCheckRuns: FactSession["ownCheckRuns"];
  readonly historyMoved?: FactSession["historyMoved"];
}

/** An unreadable fact is a value; only the end of the subject's own repository is thrown. */
async function attempt(
  readers: Readers,
  need: Need<unknown>,
  log: Log,
  repository: number,
): Promise<FactResult<unknown>> {
  const reader = readers[need.fact];
  if (reader === undefined)
    return {
      ok: false,
      code: "unsupported",
      message: `${need.describe} cannot be read for this kind of subject`,
    };
  try {
    const { value, evidence } = await reader(need.params);
    return { ok: true, value, evidence };
  } catch (error) {
    if (error instanceof GatehouseError) {
      if (isEndOf(repository, error)) throw error;
      log.warn(
        { fact: need.fact, code: error.code, reason: error.message },
        "a fact cannot be read",
      );
      return {
        ok: false,
        code: error.code,
        message: error.message,
        ...(error.retryAt === undefined ? {} : { retryAt: error.retryAt }),
      };
    }
    const message =
      error instanceof ZodError
        ? "the parameters of the need are not what the fact takes"
        : "the reader failed";
    log.error(
      { fact: need.fact, reason: error instanceof Error ? error.message : "unknown" },
      "reading a fact failed",
    );
    return { ok: false, code: "invalid", message };
  }
}

const innerNeed = z.object({
  need: z.object({ fact: z.string(), key: z.string(), params: z.unknown(), describe: z.string() }),
});

/** One evaluation's reading: every need once, all at the same time. */
export function createFactSession(
  readers: Readers,
  seen: SeenOnTheWay,
  log: Log,
  repository: number,
): FactSession {
  const reads = new Map<string, Promise<FactResult<unknown>>>();

  function readOnce(need: Need<unknown>): Promise<FactResult<unknown>> {
    const known = reads.get(need.key);
    if (known !== undefined) return known;
    // A name that is somebody else's by now is refused under a policy: where that moved meanwhile, it is asked anew.
    const reading = readNow(need).then((result) => {
      if (!result.ok && result.code === "unsupported") reads.delete(need.key);
      return result;
    });
    reads.set(need.key, reading);
    return reading;
  }

  async function readNow(need: Need<unknown>): Promise<FactResult<unknown>> {
    if (need.fact !== ifReadable.name) return attempt(readers, need, log, repository);
    const inner = await readOnce(innerNeed.parse(need.params).need);
    return {
      ok: true,
      value: inner.ok ? { told: true, value: inner.value } : { told: false, code: inner.code },
      evidence: inner.ok ? inner.evidence : [],
    };
  }

  return {
    ...seen,
    read: async (needs) => {
      for (const need of needs) void readOnce(need);
      const keys = [...new Set(needs.map((need) => need.key))];
      const results = await Promise.all(
        keys.map(async (key) => [key, await reads.get(key)] as const),
      );
      return new Map(
        results.flatMap(([key, result]) => (result === undefined ? [] : [[key, result]])),
      );
    },
  };
}
