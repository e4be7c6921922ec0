import { expect, it } from "vitest";
import { readDecision, type LoggedDecision } from "#core/report/logged.ts";
import { createUnmetTimes } from "#core/report/unmet-times.ts";

const period = { from: 100, to: 1_000 };

function decided(
  rules: Readonly<Record<string, string>>,
  over: Partial<LoggedDecision> = {},
): LoggedDecision {
  const read = readDecision({
    detail: JSON.stringify({
      decision: "wait",
      title: "",
      rules: Object.entries(rules).map(([name, verdict]) => ({
        name,
        verdict,
        enforcement: "active",
        overridden: null,
      })),
    }),
  });
  if (read === null) throw new Error("no decision");
  return { ...read, ...over };
}

it("adds up how long each rule was not met, from decision to decision", () => {
  const times = createUnmetTimes(period);
  times.add("pr:1:1", 200, decided({ reviewed: "pending", tests: "fail" }));
  times.add("pr:1:2", 250, decided({ reviewed: "pending" }));
  times.add("pr:1:1", 300, decided({ reviewed: "pending", tests: "pass" }));
  times.add("pr:1:1", 600, decided({ reviewed: "pass", tests: "unknown" }));
  times.add("pr:1:2", 350, decided({ reviewed: "pass" }));
  expect(times.rows().byRule).toEqual([
    { name: "reviewed", rows: 2, missing: 0, totalMs: 500, medianMs: 250 },
    { name: "tests", rows: 1, missing: 1, totalMs: 100, medianMs: 100 },
  ]);
});

it("counts nothing for what only watches, was overridden, or lies outside the period", () => {
  const times = createUnmetTimes(period);
  const [rule] = decided({ reviewed: "pending" }).rules;
  if (rule === undefined) throw new Error("no rule");
  times.add("pr:1:1", 200, decided({}, { rules: [{ ...rule, enforcement: "evaluate" }] }));
  times.add("pr:1:2", 200, decided({}, { rules: [{ ...rule, overridden: "act:1" }] }));
  times.add("pr:1:3", 50, decided({ reviewed: "pending" }));
  for (const number of [1, 2, 3]) times.add(`pr:1:${number}`, 300, decided({ reviewed: "pass" }));
  expect(times.rows().byRule).toEqual([
    { name: "reviewed", rows: 1, missing: 0, totalMs: 200, medianMs: 200 },
  ]);
});

it("names teams as the title names them, as the reader may see them", () => {
  const times = createUnmetTimes(period);
  const title = "Needs 1 approval from @acme/security or @acme/leads. and a@b/c";
  times.add("pr:1:1", 200, decided({ reviewed: "pending" }, { title }));
  times.add("pr:1:2", 200, decided({ reviewed: "pending" }, { title }), () => "a team");
  times.add("pr:1:1", 300, decided({ reviewed: "pass" }));
  times.add("pr:1:2", 300, decided({ reviewed: "pass" }));
  expect(times.rows().byTeam.map(({ name, totalMs }) => [name, totalMs])).toEqual([
    ["a team", 100],
    ["acme/leads", 100],
    ["acme/security", 100],
  ]);
});

it.each(["", "null", "[]", '{"decision":1}'])("takes %s for no decision", (detail) => {
  expect(readDecision({ detail })).toBeNull();
});
