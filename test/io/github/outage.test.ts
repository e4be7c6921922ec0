import { describe, expect, it } from "vitest";
import { createOutageWatch } from "#io/github/client/outage.ts";
import { handClock, recordingLog } from "./local-github.ts";

function watch() {
  const clock = handClock();
  const log = recordingLog();
  const up = new Map<string, number>();
  const outage = createOutageWatch({
    clock,
    log,
    meter: {
      count: () => undefined,
      observe: (name, value, labels) => up.set(`${name} ${labels?.["api"] ?? ""}`, value),
    },
  });
  let asked = 0;
  const note = (
    times: number,
    failed: boolean,
    api: "rest" | "graphql" = "rest",
    where = "",
  ): void => {
    for (let n = 0; n < times; n += 1) {
      clock.advance(100);
      outage.note(api, where || `/repos/${(asked += 1)}`, failed);
    }
  };
  return { clock, log, up, outage, note };
}

describe("an outage of GitHub's", () => {
  it("is told once when half of the last requests fail, with since when, and once when it is over", () => {
    const { outage, note, up, log, clock } = watch();
    expect(up.get("github_up rest")).toBe(1);
    note(12, false);
    const from = clock.now() + 100;
    note(9, true);
    expect(outage.current()).toEqual([]);
    note(6, true);
    expect(outage.current()).toEqual([{ api: "rest", since: from, failed: 10, of: 20 }]);
    expect(up.get("github_up rest")).toBe(0);
    expect(up.get("github_up graphql")).toBe(1);
    note(4, false);
    note(1, true);
    note(4, false);
    expect(outage.current()).toHaveLength(1);
    note(1, false);
    expect(outage.current()).toEqual([]);
    expect(up.get("github_up rest")).toBe(1);
    expect(log.lines.map((line) => line.split(" {")[0])).toEqual([
      expect.stringContaining("GitHub is in trouble"),
      "GitHub answers again",
    ]);
  });

  it.each([
    ["few failures", 4, "rest", ""],
    ["one thing that GitHub cannot answer", 40, "rest", "/repos/acme/shop/pulls/1/files"],
  ] as const)("is not %s", (_, times, api, where) => {
    const { outage, note } = watch();
    note(times, true, api, where);
    expect(outage.current()).toEqual([]);
  });

  it("is of one API, and of now", () => {
    const { outage, note, clock } = watch();
    note(4, true, "graphql", "/graphql");
    clock.advance(3 * 60_000);
    note(4, true, "graphql", "/graphql");
    expect(outage.current()).toEqual([]);
    note(1, true, "graphql", "/graphql");
    expect(outage.current()).toMatchObject([{ api: "graphql", failed: 5, of: 5 }]);
  });

  it("is over after five proper answers, also where one is asked for every ten minutes", () => {
    const { outage, note, clock } = watch();
    note(5, true);
    expect(outage.current()).toHaveLength(1);
    for (let n = 0; n < 5; n += 1) {
      expect(outage.current()).toHaveLength(1);
      clock.advance(10 * 60_000);
      note(1, false);
    }
    expect(outage.current()).toEqual([]);
  });
});
