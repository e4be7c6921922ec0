import { describe, expect, it } from "vitest";
import { nextWake } from "../../src/flow/judge/next-wake.ts";

describe("when a subject is judged again by itself", () => {
  it.each([
    ["nothing changes by itself", null, [], null],
    ["what comes first", 2000, [1500, 3000], 1500],
    ["the answer changes before anything else", 1200, [1500], 1200],
    ["an instant that comes again and is past does not count", null, [900, 1500], 1500],
    ["only past ones", null, [900], null],
    ["the answer was over before it was sent: at once", 900, [1500], 900],
  ])("%s", (_name, changesAt, others, wakeAt) => {
    expect(nextWake(changesAt, 1000, others)).toBe(wakeAt);
  });
});
