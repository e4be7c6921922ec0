import { describe, expect, it } from "vitest";
import type { WorkloadClaims } from "#core/outside/claims.ts";
import type { Deps } from "#flow/deps.ts";
import { createBell } from "#flow/outside/bell.ts";
import { createGate, type GateCall } from "#flow/outside/gate.ts";
import { openAt, closeAfterEach, handClock } from "../io/database/store/harness.ts";
import { noMeter, recordingLog } from "../io/github/local-github.ts";

const sha = "a".repeat(40);
const claimsOf = (repository: number): WorkloadClaims => ({
  repository: `acme/r${repository}`,
  repository_id: repository,
  repository_owner_id: 1,
  sha,
  ref: "refs/heads/main",
  environment: "live",
  run_id: 1,
  run_attempt: 1,
  event_name: "push",
  actor: "ada",
  actor_id: 1,
});
const call = (repository: number): GateCall => ({
  shown: String(repository),
  body: { repository: `acme/r${repository}`, sha, environment: "live" },
  waitMs: 0,
  gone: new AbortController().signal,
  origin: "https://gate.example",
});

describe("callers that ask too often", () => {
  closeAfterEach();

  it("are told so, with what to do, each by itself, and are heard again a minute later", async () => {
    const clock = handClock();
    const store = await openAt(":memory:", clock);
    // Nobody is installed anywhere: every question that is heard comes to the same end.
    const github = { installationOf: async () => null } as Partial<Deps["github"]>;
    const gate = createGate(
      { store, clock, github, log: recordingLog(), meter: noMeter } as unknown as Deps,
      {
        policies: { of: async () => ({ kind: "ungoverned" }) } as never,
        bell: createBell(),
        lookout: { watch: () => () => undefined },
        jobs: {
          verify: async (shown: string) => ({ kind: "claims", claims: claimsOf(Number(shown)) }),
        },
        wake: () => undefined,
      },
    );
    for (let n = 0; n < 1_200; n += 1) expect((await gate.ask(call(1))).kind).toBe("not_governed");
    expect(await gate.ask(call(1))).toEqual({
      kind: "too_many",
      seconds: 60,
      next: expect.stringContaining("?wait=60") as string,
    });
    expect((await gate.ask(call(2))).kind).toBe("not_governed");
    clock.forward(61_000);
    expect((await gate.ask(call(1))).kind).toBe("not_governed");
  });
});
