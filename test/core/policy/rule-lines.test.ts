import { expect, it } from "vitest";
import { policyZone } from "#core/policy/policy-zone.ts";
import { ruleLines, rulePlaces } from "#core/policy/rule-lines.ts";

const text = `version: 1
rules:
  - name: reviewed
    require: { reviews: { count: 1 } }

  - name: titled
    description: Titles
      follow a form.
    require: { title: { pattern: "^x" } }
  - name: reviewed
    require: { reviews: { count: 2 } }
`;

it("finds the lines of every rule, of the first where a name stands twice", () => {
  expect([...rulePlaces(text)]).toEqual([
    ["reviewed", { from: 3, to: 4 }],
    ["titled", { from: 6, to: 9 }],
  ]);
  expect(ruleLines(text, "reviewed")?.text).toContain("count: 1");
  expect(ruleLines(text, "absent")).toBeNull();
});

it.each(["", "rules: 3", "rules: [{ name: [a] }, 4]", "rules: [", "- a"])(
  "finds none in %j",
  (odd) => {
    expect([...rulePlaces(odd)]).toEqual([]);
  },
);

it("a policy's time zone is the one that it names most often", () => {
  const window = (timezone: string) => ({ open: [], timezone });
  const zoneOf = (...zones: readonly string[]) =>
    policyZone({
      windows: Object.fromEntries(zones.map((zone, index) => [`w${index}`, window(zone)])),
      calendars: {},
      freezes: [],
    });
  expect(zoneOf()).toBeUndefined();
  expect(zoneOf("Europe/Berlin")).toBe("Europe/Berlin");
  expect(zoneOf("UTC", "Asia/Tokyo", "Europe/Berlin", "Asia/Tokyo")).toBe("Asia/Tokyo");
});
