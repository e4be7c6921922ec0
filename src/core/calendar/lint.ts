import { cursorOf } from "./cursor.ts";
import { readCron } from "./cron.ts";
import { formatLocal } from "./civil.ts";
import { type PlacedForm, placedForms } from "./files.ts";
import { lintCron } from "./lint-cron.ts";
import { isAnswerable, lookAhead } from "./limits.ts";
import type { CalendarProblem } from "./problem.ts";
import type { Schedule } from "./schedule.ts";
import type { WrittenTimes } from "./schema.ts";
import { readForm } from "./time-form.ts";
import { type Question, questionTo } from "./question.ts";
import { chunkMs } from "./timeline.ts";
import { zoneWarning } from "./zone-name.ts";
import { instantOf, namedZone, type Zone } from "./zone.ts";

/** A year and a month: a calendar of holidays that has nothing in it is one that nobody has kept up. */
const keptUp = 400 * 86_400_000;

function lintForm(
  { form, at }: PlacedForm,
  zone: Zone | undefined,
  now: number | undefined,
): readonly CalendarProblem[] {
  const warn = (message: string, key?: string): CalendarProblem => ({
    path: key === undefined ? at : [...at, key],
    message,
    severity: "warning",
  });
  const read = readForm(form);
  switch (read?.kind) {
    case "weekly": {
      const out: CalendarProblem[] = [];
      if (form.to === "23:59")
        out.push(warn('ends a minute before midnight; the end of the day is "24:00"', "to"));
      if (read.from === read.to && read.from !== 0)
        out.push(
          warn(
            `from ${form.from ?? ""} to ${form.to ?? ""} is 24 hours, to the same time of the next day`,
            "to",
          ),
        );
      if (new Set(read.days).size < read.days.length) out.push(warn("names a day twice", "days"));
      return out;
    }
    case "cron": {
      const times = readCron(read.cron);
      return times.kind === "broken"
        ? []
        : lintCron(read.cron, times, read.duration, zone, now).map((message) =>
            warn(message, "cron"),
          );
    }
    case "interval": {
      const isSkipped =
        zone !== undefined &&
        instantOf(zone, read.from, "first") >= instantOf(zone, read.until, "second");
      return isSkipped
        ? [
            warn(
              `is never on: the clock of ${zone.id} skips ${formatLocal(read.from)} to ${formatLocal(read.until)}`,
            ),
          ]
        : [];
    }
    case "month_end":
      return read.lastBusinessDays >= 20
        ? [
            warn(
              `the last ${read.lastBusinessDays} business days are the whole month, or nearly`,
              "month_end",
            ),
          ]
        : [];
    case "ics":
    case undefined:
      return [];
  }
}

type Ahead = "never" | "always" | "sometimes" | "unknown";

function ahead(timeline: Question, now: number): Ahead {
  const limit = lookAhead(now);
  if (timeline.chunk(Math.floor(now / chunkMs)).because !== undefined) return "unknown";
  const possible = cursorOf(timeline, "possible", limit);
  if (possible.nextOn(now) >= limit) return "never";
  return cursorOf(timeline, "on", limit).endOfRun(now) >= limit ? "always" : "sometimes";
}

/** Warnings about what the coming years hold; they need to know when now is. */
function lintAhead(
  times: WrittenTimes,
  schedule: Schedule,
  now: number,
): readonly CalendarProblem[] {
  const out: CalendarProblem[] = [];
  const warn = (path: readonly (string | number)[], message: string): void =>
    void out.push({ path, message, severity: "warning" });
  for (const [name, { timeline, except }] of schedule.windows) {
    const found = ahead(questionTo(timeline, schedule.steps), now);
    if (found === "never")
      warn(
        ["windows", name],
        `window ${name} does not open any more within ten years: nothing that needs it will ever pass`,
      );
    if (found === "always")
      warn(["windows", name], `window ${name} is always open: it limits nothing`);
    for (const [
      index,
      {
        name: calendar,
        calendar: { closing },
      },
    ] of except.entries()) {
      const next = cursorOf(questionTo(closing, schedule.steps), "possible", now + keptUp).nextOn(
        now,
      );
      if (next >= now + keptUp)
        warn(
          ["windows", name, "except", index],
          `calendar ${calendar} holds nothing for the next 12 months: has it been kept up to date?`,
        );
    }
  }
  for (const [index, { name, enforcement }] of (times.freezes ?? []).entries()) {
    const freeze = schedule.freezes.get(name);
    if (freeze === undefined || enforcement === "disabled") continue;
    const found = ahead(questionTo(freeze.timeline, schedule.steps), now);
    if (found === "never")
      warn(["freezes", index], `freeze ${name} is over and will not be on again within ten years`);
    if (found === "always")
      warn(
        ["freezes", index],
        `freeze ${name} is always on: nothing that it covers will ever pass`,
      );
  }
  return out;
}

function lintZones({ windows, calendars, freezes }: WrittenTimes): readonly CalendarProblem[] {
  const zones = [
    ...Object.entries(windows ?? {}).map(
      ([name, { timezone }]) => [["windows", name, "timezone"], timezone] as const,
    ),
    ...Object.entries(calendars ?? {}).map(
      ([name, { timezone }]) => [["calendars", name, "timezone"], timezone] as const,
    ),
    ...(freezes ?? []).map(
      ({ timezone }, index) => [["freezes", index, "timezone"], timezone] as const,
    ),
  ];
  return zones.flatMap(([path, timezone]): readonly CalendarProblem[] => {
    const message = zoneWarning(timezone);
    return message === undefined ? [] : [{ path, message, severity: "warning" }];
  });
}

/** Forms that say something else than people mean. Without `now` (epoch ms) only what holds at all times is said. */
export function lintTimes(
  times: WrittenTimes,
  schedule: Schedule,
  now?: number,
): readonly CalendarProblem[] {
  const forms: readonly (PlacedForm & { readonly timezone: string })[] = [
    ...Object.entries(times.windows ?? {}).flatMap(([name, { open, timezone }]) =>
      placedForms(open, ["windows", name, "open"]).map((placed) => ({ ...placed, timezone })),
    ),
    ...(times.freezes ?? []).flatMap(({ during, timezone }, index) =>
      placedForms(during, ["freezes", index, "during"]).map((placed) => ({ ...placed, timezone })),
    ),
  ];
  const still = [
    ...lintZones(times),
    ...forms.flatMap((placed) => lintForm(placed, namedZone(placed.timezone), now)),
  ];
  return now === undefined || !isAnswerable(now)
    ? still
    : [...still, ...lintAhead(times, schedule, now)];
}
