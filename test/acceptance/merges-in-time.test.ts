import { describe, expect, it } from "vitest";
import { ask, outcome } from "./ask.ts";

const hours =
  "windows: { h: { timezone: Europe/Berlin, open: [{ days: [mon], from: '09:00', to: '17:00' }] }, late: { timezone: UTC, open: [{ days: [mon], from: '20:00', to: '22:00' }] } }\n";
const rule = (require: string): string =>
  `version: 1\nrules: [{ name: r, applies_to: pull_request, require: ${require} }]\n`;
const freeze = (more = ""): string =>
  `freezes: [{ name: f, timezone: UTC, during: { from: 2026-03-30T10:00, until: 2026-03-30T12:00 }${more} }]\n`;
const at = (time: string): string => `2026-03-30T${time}Z`;

describe("windows and freezes that stand before a merge", () => {
  it.each<[string, string, string, string, string]>([
    [
      "before the window",
      `${rule("{ window: h }")}${hours}`,
      "{}",
      at("06:59:59"),
      "wait r=pending",
    ],
    [
      "at its first instant",
      `${rule("{ window: h }")}${hours}`,
      "{}",
      at("07:00:00"),
      "allow r=pass",
    ],
    [
      "in its last second",
      `${rule("{ window: h }")}${hours}`,
      "{}",
      at("14:59:59"),
      "allow r=pass",
    ],
    ["at its end", `${rule("{ window: h }")}${hours}`, "{}", at("15:00:00"), "wait r=pending"],
    [
      "one of two windows",
      `${rule("{ window: [h, late] }")}${hours}`,
      "{}",
      at("21:00:00"),
      "allow r=pass",
    ],
    [
      "neither of two windows",
      `${rule("{ window: [h, late] }")}${hours}`,
      "{}",
      at("19:00:00"),
      "wait r=pending",
    ],
    [
      "before a freeze",
      `${rule("{ not_frozen: true }")}${freeze()}`,
      "{}",
      at("09:59:59"),
      "allow r=pass",
    ],
    [
      "at a freeze's first instant",
      `${rule("{ not_frozen: true }")}${freeze()}`,
      "{}",
      at("10:00:00"),
      "wait r=pending",
    ],
    [
      "at a freeze's end",
      `${rule("{ not_frozen: true }")}${freeze()}`,
      "{}",
      at("12:00:00"),
      "allow r=pass",
    ],
    [
      "a freeze beats a window",
      `${rule("{ all: [{ window: h }, { not_frozen: true }] }")}${hours}${freeze()}`,
      "{}",
      at("11:00:00"),
      "wait r=pending",
    ],
    [
      "a freeze of this branch",
      `${rule("{ not_frozen: true }")}${freeze(", branches: [main]")}`,
      "pull_request: { base: main }",
      at("11:00:00"),
      "wait r=pending",
    ],
    [
      "a freeze of another branch",
      `${rule("{ not_frozen: true }")}${freeze(", branches: [main]")}`,
      "pull_request: { base: dev }",
      at("11:00:00"),
      "allow r=pass",
    ],
    [
      "a freeze of these files",
      `${rule("{ not_frozen: true }")}${freeze(", paths: ['db/**']")}`,
      "pull_request: { files: [db/a] }",
      at("11:00:00"),
      "wait r=pending",
    ],
    [
      "a freeze of other files",
      `${rule("{ not_frozen: true }")}${freeze(", paths: ['db/**']")}`,
      "pull_request: { files: [src/a] }",
      at("11:00:00"),
      "allow r=pass",
    ],
    [
      "a freeze of files, under an old name",
      `${rule("{ not_frozen: true }")}${freeze(", paths: ['db/**']")}`,
      "pull_request: { files: [{ path: src/a, previous: db/a, status: renamed }] }",
      at("11:00:00"),
      "wait r=pending",
    ],
    [
      "a freeze of files that cannot be read",
      `${rule("{ not_frozen: true }")}${freeze(", paths: ['db/**']")}`,
      "unreadable: [files]",
      at("11:00:00"),
      "wait r=unknown",
    ],
    [
      "files that cannot be read do not matter before the freeze",
      `${rule("{ not_frozen: true }")}${freeze(", paths: ['db/**']")}`,
      "unreadable: [files]",
      at("09:00:00"),
      "allow r=pass",
    ],
    [
      "a freeze of this label",
      `${rule("{ not_frozen: true }")}${freeze(", labels: [big]")}`,
      "pull_request: { labels: [BIG] }",
      at("11:00:00"),
      "wait r=pending",
    ],
    [
      "a freeze of another label",
      `${rule("{ not_frozen: true }")}${freeze(", labels: [big]")}`,
      "pull_request: { labels: [small] }",
      at("11:00:00"),
      "allow r=pass",
    ],
    [
      "a freeze of environments freezes no merge",
      `${rule("{ not_frozen: true }")}${freeze(", environments: [production]")}`,
      "{}",
      at("11:00:00"),
      "allow r=pass",
    ],
    [
      "a freeze that the rule does not name",
      `${rule("{ not_frozen: [g] }")}freezes: [{ name: f, timezone: UTC, during: { from: 2026-03-30T10:00, until: 2026-03-30T12:00 } }, { name: g, timezone: UTC, during: { from: 2026-04-30T10:00, until: 2026-04-30T12:00 } }]\n`,
      "{}",
      at("11:00:00"),
      "allow r=pass",
    ],
  ])("%s", async (_what, policy, facts, now, expected) => {
    expect(await outcome({ policy, facts, now })).toBe(expected);
  });

  it("says when it opens, and that nobody need do anything", async () => {
    const { json } = await ask({
      policy: `${rule("{ window: h }")}${hours}`,
      facts: "{}",
      now: at("15:00:00"),
    });
    expect(json?.title).toMatch(/^The window h opens .*2026-04-06/);
    expect(json?.rules[0]?.next).toMatch(/by itself/);
  });
});

describe("the instant that is judged at", () => {
  const policy = `${rule("{ window: h }")}${hours}`;
  const open = at("10:00:00");
  const shut = at("03:00:00");
  it.each<[string, string, string | undefined, string]>([
    ["of the facts", `now: ${open}`, undefined, "allow r=pass"],
    ["of the facts, as JSON", `{"now": "${shut}"}`, undefined, "wait r=pending"],
    ["--now wins over the facts", `now: ${open}`, shut, "wait r=pending"],
    ["--now alone", "{}", open, "allow r=pass"],
    ["with an offset", "now: 2026-03-30T12:00:00+02:00", undefined, "allow r=pass"],
    [
      "with an offset that is another time",
      "now: 2026-03-30T05:00:00+02:00",
      undefined,
      "wait r=pending",
    ],
    ["without seconds", "now: 2026-03-30T10:00Z", undefined, "allow r=pass"],
    ["a day alone is its first instant in UTC", "now: 2026-03-30", undefined, "wait r=pending"],
  ])("%s", async (_what, facts, now, expected) => {
    expect(await outcome({ policy, facts, now })).toBe(expected);
  });
});
