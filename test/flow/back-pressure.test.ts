import { expect, it } from "vitest";
import { createBackPressure } from "#flow/intake/back-pressure.ts";
import { handClock } from "../io/github/local-github.ts";

it("turns away first what comes in masses, then everything, and takes it again at half", async () => {
  let backlog = 0;
  const said: string[] = [];
  const clock = handClock();
  const say = (_fields: unknown, message: string): void => void said.push(message);
  const isTooMuch = createBackPressure(
    { backlog: (most) => Promise.resolve(Math.min(most, backlog)) },
    { clock, log: { info: say, warn: say, error: say } },
    { yielding: 100, all: 200 },
  );
  const refused = async (waiting: number): Promise<readonly string[]> => {
    backlog = waiting;
    clock.advance(1_000);
    isTooMuch("check_run");
    await new Promise((resolve) => setImmediate(resolve));
    return ["check_run", "issue_comment", "deployment_protection_rule"].filter(isTooMuch);
  };
  expect(await refused(99)).toEqual([]);
  expect(await refused(100)).toEqual(["check_run"]);
  expect(await refused(60)).toEqual(["check_run"]);
  expect(await refused(200)).toHaveLength(3);
  expect(await refused(110)).toHaveLength(3);
  expect(await refused(100)).toEqual(["check_run"]);
  expect(await refused(50)).toEqual([]);
  expect(said).toEqual([
    expect.stringContaining("refused with 503"),
    expect.stringContaining("refused with 503"),
    "all deliveries are taken again",
  ]);
});

it("does not refuse because the database does not answer: storing tells that", async () => {
  const clock = handClock();
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const isTooMuch = createBackPressure(
    { backlog: () => Promise.reject(new Error("gone")) },
    { clock, log: silent },
  );
  expect(isTooMuch("push")).toBe(false);
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(5_000);
  expect(isTooMuch("push")).toBe(false);
});
