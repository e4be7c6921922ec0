import { describe, expect, it } from "vitest";
import { targets as faulty } from "./faulty-targets.ts";
import { fuzz, type Finding } from "./fuzz.ts";
import { createReader } from "./reader.ts";
import { inputsOf } from "./generate.ts";
import { shrink } from "./shrink.ts";
import type { FuzzTarget } from "./target.ts";
import { targets } from "./targets/index.ts";

const names = Object.keys(targets);

describe.each(names)("the target %s", (name) => {
  it("bears its honest inputs and a few spoiled ones, and makes the same again", async () => {
    const target = await targets[name]?.();
    if (target === undefined) throw new Error(name);
    expect(target.name).toBe(name);
    const [first, second] = [inputsOf(target, 7), inputsOf(target, 7)];
    for (let index = 0; index < target.corpus.length + 20; index += 1) {
      const input = first(index);
      expect(Buffer.from(second(index)).equals(input)).toBe(true);
      await target.read(input);
    }
  });
});

it("making inputs leaves nothing behind that changes later ones", () => {
  const target: FuzzTarget = {
    name: "x",
    corpus: ['{"a":[{"b":1}],"c":"d"}'],
    read: () => undefined,
  };
  const all = inputsOf(target, 3);
  for (let index = 0; index < 3_000; index += 1) all(index);
  for (const index of [5, 900, 2_999])
    expect(Buffer.from(inputsOf(target, 3)(index)).equals(all(index))).toBe(true);
});

it("another seed makes other inputs", async () => {
  const target = await targets["webhook"]?.();
  if (target === undefined) throw new Error("webhook");
  const after = target.corpus.length;
  const inputs = [1, 2].map((seed) =>
    [0, 1, 2].map((each) => Buffer.from(inputsOf(target, seed)(after + each)).toString()),
  );
  expect(inputs[0]).not.toEqual(inputs[1]);
});

it.each([
  ["a few bytes", "..x..y..", "xy"],
  ["what is shortest already", "xy", "xy"],
  ["thousands of bytes", `${"a".repeat(5_000)}x${"b".repeat(5_000)}y`, "xy"],
])("shortens %s to what fails", async (_what, input, shortest) => {
  const fails = async (smaller: Uint8Array): Promise<boolean> =>
    /x.*y/s.test(Buffer.from(smaller).toString());
  expect(Buffer.from(await shrink(Buffer.from(input), fails, 5_000)).toString()).toBe(shortest);
});

const list = new URL("./faulty-targets.ts", import.meta.url).href;

it("tells what crashes, hangs and swells from what is sound", async () => {
  const reader = createReader(list);
  const kindOf = async (target: string, input: string): Promise<string | undefined> =>
    (await reader.attempt(target, Buffer.from(input)))?.kind;
  try {
    expect(await kindOf("sound", "[[[[")).toBeUndefined();
    expect(await kindOf("crash", "a constructor")).toBe("crash");
    expect(await kindOf("crash-later", "NaN")).toBe("died");
    expect(await kindOf("hang", "[[[[")).toBe("hang");
    expect(await kindOf("memory", "\u202e")).toBe("memory");
    expect(await kindOf("memory", "nothing")).toBeUndefined();
  } finally {
    reader.stop();
  }
});

it("finds the input, shortens it, and counts what was read", async () => {
  const found: Finding[] = [];
  const executed = await fuzz({
    list,
    targets: faulty,
    names: ["crash"],
    seed: 1,
    ms: 800,
    processes: 1,
    shrinkMs: 5_000,
    onFinding: (finding) => found.push(finding),
  });
  expect(executed.get("crash")).toBeGreaterThan(10);
  expect(found.map(({ input }) => Buffer.from(input).toString())).toEqual(["constructor"]);
  expect(found[0]?.trouble).toMatchObject({
    kind: "crash",
    signature: expect.stringContaining("TypeError"),
  });
});
