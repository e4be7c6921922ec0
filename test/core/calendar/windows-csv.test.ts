import { describe, expect, it } from "vitest";
import { z } from "zod";
import { freezeAt } from "../../../src/core/calendar/freeze.ts";
import { windowAt } from "../../../src/core/calendar/window.ts";
import { aSchedule, ms } from "./a-schedule.ts";
import { corpusText } from "./corpus.ts";

const own = `id,rule_type,rule,zone,instant,local,as_window,as_freeze,tag
F1,weekly,"{""days"":[""sat""],""start"":""23:00"",""end"":""02:30""}",Europe/Berlin,2027-10-31T00:29:59Z,,true,true,overlap
F2,weekly,"{""days"":[""sat""],""start"":""23:00"",""end"":""02:30""}",Europe/Berlin,2027-10-31T00:30:00Z,,false,true,overlap
F3,weekly,"{""days"":[""sat""],""start"":""23:00"",""end"":""02:30""}",Europe/Berlin,2027-10-31T01:30:00Z,,false,false,overlap
F4,cron,"{""cron"":""30 1 * * 0"",""duration"":""10m""}",Europe/London,2026-10-25T00:35:00Z,,true,true,overlap starts twice
F5,cron,"{""cron"":""30 1 * * 0"",""duration"":""10m""}",Europe/London,2026-10-25T01:35:00Z,,true,true,overlap starts twice
F6,cron,"{""cron"":""30 1 * * 0"",""duration"":""10m""}",Europe/London,2026-03-29T01:05:00Z,,false,false,gap starts none
F7,month_end,"{""lastBusinessDays"":1,""holidays"":[""2026-12-31""]}",Europe/Berlin,2026-12-29T23:00:00Z,,true,true,holiday
F8,month_end,"{""lastBusinessDays"":1,""holidays"":[""2026-12-31""]}",Europe/Berlin,2026-12-31T23:00:00Z,,false,false,next month
F9,interval,"{""from"":""2026-10-25T02:30"",""until"":""2026-10-25T04:00""}",Europe/Berlin,2026-10-25T01:00:00Z,,false,true,overlap
`;

const text = corpusText("windows/windows.csv");
if (text === undefined)
  console.warn("corpus/windows is not here: only the rows of this file are checked");

/** RFC 4180 as far as this file uses it: quoted fields with doubled quotes, no line breaks inside. */
function rows(csv: string): readonly (readonly string[])[] {
  return csv
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        (match) => match[1]?.replaceAll('""', '"') ?? match[2] ?? "",
      ),
    );
}

const rule = z.object({
  days: z.array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])).optional(),
  start: z.string().default(""),
  end: z.string().default(""),
  cron: z.string().default(""),
  duration: z.string().default(""),
  from: z.string().default(""),
  until: z.string().default(""),
  lastBusinessDays: z.int().default(1),
  holidays: z.array(z.string()).default([]),
});

function formOf(
  type: string,
  written: string,
): { readonly form: Record<string, unknown>; readonly holidays: readonly string[] } {
  const { days, start, end, cron, duration, from, until, lastBusinessDays, holidays } = rule.parse(
    JSON.parse(written),
  );
  switch (type) {
    case "weekly":
      return { form: { days, from: start, to: end }, holidays };
    case "cron":
      return { form: { cron, duration }, holidays };
    case "interval":
      return { form: { from, until }, holidays };
    case "month_end":
      return {
        form: { month_end: { last_business_days: lastBusinessDays, calendar: "holidays" } },
        holidays,
      };
    default:
      throw new Error(`unknown rule type ${type}`);
  }
}

const schedules = new Map<string, ReturnType<typeof aSchedule>>();
function scheduleOf(type: string, written: string, zone: string): ReturnType<typeof aSchedule> {
  const key = `${type} ${written} ${zone}`;
  const known = schedules.get(key);
  if (known !== undefined) return known;
  const { form, holidays } = formOf(type, written);
  const calendars = {
    holidays: { timezone: zone, dates: holidays.length === 0 ? ["1999-01-01"] : [...holidays] },
  };
  const fresh = aSchedule({
    calendars,
    windows: { w: { timezone: zone, open: [form] } },
    freezes: [{ name: "f", timezone: zone, during: form }],
  });
  schedules.set(key, fresh);
  return fresh;
}

describe("windows.csv", () => {
  const all = [...rows(own), ...(text === undefined ? [] : rows(text))];

  it("has all rows", () => {
    if (text !== undefined) expect(rows(text)).toHaveLength(500);
  });

  it.each(all)(
    "%s %s %s %s %s",
    (_id, type, written, zone, instant, _local, asWindow, asFreeze) => {
      const schedule = scheduleOf(type ?? "", written ?? "", zone ?? "");
      const at = ms(instant ?? "");
      expect({
        window: windowAt(schedule, "w", at).open,
        freeze: freezeAt(schedule, "f", at).on,
      }).toEqual({ window: asWindow === "true", freeze: asFreeze === "true" });
    },
  );
});
