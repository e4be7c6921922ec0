import { expect, it } from "vitest";
import { z } from "zod";
import { freezeAt } from "#core/calendar/freeze.ts";
import { windowAt } from "#core/calendar/window.ts";
import { aSchedule, ms } from "./a-schedule.ts";

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

/** One test a row: id, type of rule, rule, zone, instant, local time, and whether a window and a freeze of it are on. */
export function testWindowRows(rows: readonly (readonly string[])[]): void {
  it.each(rows)(
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
}
