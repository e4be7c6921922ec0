import { describe, expect, it } from "vitest";
import { parseLocalDateTime } from "#core/calendar/civil.ts";
import { instantOf, localOf, namedZone } from "#core/calendar/zone.ts";
import { nearestZone, zoneProblem } from "#core/calendar/zone-name.ts";

describe("instantOf", () => {
  it.each([
    ["Europe/Berlin", "2026-07-01T12:00", "2026-07-01T10:00:00.000Z", "2026-07-01T10:00:00.000Z"],
    ["Europe/Berlin", "2026-03-29T01:59", "2026-03-29T00:59:00.000Z", "2026-03-29T00:59:00.000Z"],
    ["Europe/Berlin", "2026-03-29T02:00", "2026-03-29T01:00:00.000Z", "2026-03-29T01:00:00.000Z"],
    ["Europe/Berlin", "2026-03-29T02:59", "2026-03-29T01:00:00.000Z", "2026-03-29T01:00:00.000Z"],
    ["Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00:00.000Z", "2026-03-29T01:00:00.000Z"],
    ["Europe/Berlin", "2026-10-25T02:00", "2026-10-25T00:00:00.000Z", "2026-10-25T01:00:00.000Z"],
    ["Europe/Berlin", "2026-10-25T02:59", "2026-10-25T00:59:00.000Z", "2026-10-25T01:59:00.000Z"],
    ["Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00:00.000Z", "2026-10-25T02:00:00.000Z"],
    ["Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00:00.000Z", "2011-12-30T10:00:00.000Z"],
    ["Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00:00.000Z", "2011-12-30T10:00:00.000Z"],
    [
      "Australia/Lord_Howe",
      "2024-04-07T01:30",
      "2024-04-06T14:30:00.000Z",
      "2024-04-06T15:00:00.000Z",
    ],
    [
      "Africa/Casablanca",
      "2026-03-22T02:30",
      "2026-03-22T02:00:00.000Z",
      "2026-03-22T02:00:00.000Z",
    ],
    ["UTC", "2026-10-25T02:30", "2026-10-25T02:30:00.000Z", "2026-10-25T02:30:00.000Z"],
    ["Europe/Berlin", "2075-07-01T12:00", "2075-07-01T10:00:00.000Z", "2075-07-01T10:00:00.000Z"],
  ])("%s %s is first %s and second %s", (id, local, first, second) => {
    const zone = namedZone(id);
    const wall = parseLocalDateTime(local);
    if (zone === undefined || wall === undefined) throw new Error("bad row");
    expect(new Date(instantOf(zone, wall, "first")).toISOString()).toBe(first);
    expect(new Date(instantOf(zone, wall, "second")).toISOString()).toBe(second);
  });

  it("agrees with Intl on what the clock shows, over 40 years of eight zones", () => {
    for (const id of [
      "Europe/Berlin",
      "America/New_York",
      "Australia/Lord_Howe",
      "Africa/Casablanca",
      "Pacific/Apia",
      "Asia/Kathmandu",
      "America/Sao_Paulo",
      "Africa/Cairo",
    ]) {
      const zone = namedZone(id);
      if (zone === undefined) throw new Error(id);
      const format = new Intl.DateTimeFormat("sv-SE", {
        timeZone: id,
        dateStyle: "short",
        timeStyle: "medium",
      });
      for (
        let at = Date.UTC(2000, 0, 1);
        at < Date.UTC(2040, 0, 1);
        at += 331 * 3_600_000 + 11 * 60_000
      ) {
        const local = new Date(localOf(zone, at)).toISOString();
        expect(`${id} ${local.slice(0, 19).replace("T", " ")}`).toBe(`${id} ${format.format(at)}`);
      }
    }
  });
});

describe("namedZone", () => {
  it.each([
    "Europe/Berln",
    "+01:00",
    "",
    "UTC+11",
    "Z",
    "../etc/passwd",
    "a".repeat(100),
    "Europe/Berlin\n",
    "__proto__",
  ])("knows no zone %j", (name) => {
    expect(namedZone(name)).toBeUndefined();
  });

  it.each([
    ["Europe/Berln", "Europe/Berlin"],
    ["Berlin", "Europe/Berlin"],
    ["america/new york", "America/New_York"],
    ["Mars/Olympus_Mons", undefined],
  ])("takes %s for %s", (written, meant) => {
    expect(nearestZone(written)).toBe(meant);
  });

  it("always names a remedy", () => {
    expect(zoneProblem("Mars/Olympus_Mons")).toContain("such as Europe/Berlin");
  });
});
