import { describe, expect, it } from "vitest";
import { validatePolicy } from "#core/policy/validate.ts";

const places: readonly (readonly [string, (zone: string) => string])[] = [
  [
    "windows",
    (zone) =>
      `windows:\n  w:\n    timezone: ${zone}\n    open: { days: [mon], from: "09:00", to: "17:00" }\n`,
  ],
  ["calendars", (zone) => `calendars:\n  c:\n    timezone: ${zone}\n    dates: ["2026-12-25"]\n`],
  [
    "freezes",
    (zone) =>
      `freezes:\n  - name: f\n    timezone: ${zone}\n    during: { from: "2026-12-20T00:00", until: "2027-01-01T00:00" }\n`,
  ],
];

const warnings = (text: string): readonly string[] =>
  validatePolicy(text)
    .problems.filter(({ message }) => message.includes("fixed offset"))
    .map(({ line, path, severity, message }) => `${severity} ${line} ${path}: ${message}`);

describe.each(places)(
  "W46: a zone in %s that has no daylight saving and is no place",
  (part, policy) => {
    it.each(["EST", "est", "MST", "HST", "GMT", "Etc/GMT+5", "Etc/GMT-1"])(
      "%s is warned of",
      (zone) => {
        expect(warnings(policy(zone))).toEqual([
          expect.stringMatching(
            new RegExp(
              `^warning 3 ${part}.*timezone: .*without daylight saving; name the city`,
              "u",
            ),
          ),
        ]);
      },
    );

    it.each([
      "UTC",
      "Etc/UTC",
      "Europe/Berlin",
      "America/New_York",
      "Asia/Kolkata",
      "Africa/Lagos",
      "CET",
    ])("%s is what it says", (zone) => {
      expect(warnings(policy(zone))).toEqual([]);
    });
  },
);
