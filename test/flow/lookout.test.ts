import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { subjectKey } from "#core/model/subject.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { askedAnew } from "#core/outside/asking.ts";
import { createBell } from "#flow/outside/bell.ts";
import { createLookout } from "#flow/outside/lookout.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";

const everyMs = 2_000;

const aQuestion = (repository: number): DeploymentRow =>
  askedAnew(
    {
      repository,
      environment: "live",
      sha: "a".repeat(40),
      ref: "main",
      runId: null,
      actor: null,
      caller: "token one",
      callerKey: "token:one",
      digest: null,
      now: 0,
    },
    repository,
  );
const keyOf = (row: DeploymentRow): string => subjectKey(subjectOf(row));
const answered = (row: DeploymentRow): DeploymentRow => ({
  ...row,
  gateAnswer: "approved",
  gateAnsweredAt: 5,
});

let kept: DeploymentRow[];
let asked: number[];
let bell: ReturnType<typeof createBell>;
let lookout: ReturnType<typeof createLookout>;
beforeEach(() => {
  vi.useFakeTimers();
  kept = [];
  asked = [];
  bell = createBell();
  lookout = createLookout(
    {
      rows: async (keys) => {
        asked.push(keys.length);
        return kept;
      },
    },
    bell,
    everyMs,
  );
});
afterEach(() => void vi.useRealTimers());

/** A caller that is held; answers whether the bell has let it go. */
function held(row: DeploymentRow): { readonly isHeld: () => boolean } {
  let isHeld = true;
  const callOff = lookout.watch(row);
  const { signal } = new AbortController();
  void bell.next(keyOf(row), 600_000, signal, bell.rung()).then(() => {
    isHeld = false;
    callOff();
  });
  return { isHeld: () => isHeld };
}

describe("held callers beside other processes", () => {
  it("are let go by what another process answered, each by its own", async () => {
    const [one, other] = [aQuestion(1), aQuestion(2)];
    kept = [one, other];
    const [first, second] = [held(one), held(other)];
    await vi.advanceTimersByTimeAsync(everyMs);
    expect([first.isHeld(), second.isHeld()]).toEqual([true, true]);
    kept = [answered(one), other];
    await vi.advanceTimersByTimeAsync(everyMs);
    expect([first.isHeld(), second.isHeld()]).toEqual([false, true]);
  });

  it("cost the store one question together, and none once nobody is held", async () => {
    const rows = Array.from({ length: 500 }, (_, index) => aQuestion(1 + (index % 50)));
    kept = rows.slice(0, 50);
    const all = rows.map(held);
    await vi.advanceTimersByTimeAsync(2 * everyMs);
    expect(asked).toEqual([50, 50]);
    kept = kept.map(answered);
    await vi.advanceTimersByTimeAsync(everyMs);
    expect(all.filter(({ isHeld }) => isHeld())).toEqual([]);
    await vi.advanceTimersByTimeAsync(10 * everyMs);
    expect(asked).toHaveLength(3);
  });

  it("who know less than one that came later are let go at once to look", async () => {
    const row = aQuestion(1);
    kept = [row];
    const early = held(row);
    const late = held(answered(row));
    await vi.advanceTimersByTimeAsync(0);
    expect([early.isHeld(), late.isHeld()]).toEqual([false, true]);
  });

  it("do not miss what was rung while they looked", async () => {
    const row = aQuestion(1);
    const since = bell.rung();
    bell.ring(keyOf(row));
    const { signal } = new AbortController();
    let isHeld = true;
    void bell.next(keyOf(row), 600_000, signal, since).then(() => (isHeld = false));
    await vi.advanceTimersByTimeAsync(0);
    expect(isHeld).toBe(false);
  });

  it("go on being looked for after the store did not answer", async () => {
    const row = aQuestion(1);
    kept = [row];
    let fails = true;
    lookout = createLookout(
      { rows: () => (fails ? Promise.reject(new Error("down")) : Promise.resolve(kept)) },
      bell,
      everyMs,
    );
    const caller = held(row);
    await vi.advanceTimersByTimeAsync(everyMs);
    fails = false;
    kept = [answered(row)];
    await vi.advanceTimersByTimeAsync(everyMs);
    expect(caller.isHeld()).toBe(false);
  });
});
