import { z } from "zod";
import { parseDuration, positiveDurationSchema } from "#core/text/duration.ts";
import { meaningsOf } from "#core/text/meanings.ts";
import { parseLocalDateTime, parseTimeOfDay } from "./civil.ts";
import { readCron } from "./cron.ts";

export const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const weekdayNames = {
  sun: "Sunday",
  mon: "Monday",
  tue: "Tuesday",
  wed: "Wednesday",
  thu: "Thursday",
  fri: "Friday",
  sat: "Saturday",
};
export type Weekday = (typeof weekdays)[number];

/** Relative to the repository's root; anything that could leave it is refused. */
export const icsPathSchema = z
  .string()
  .meta({ examples: [".github/holidays.ics"] })
  .min(1)
  .max(1_024)
  .refine(
    (path) =>
      !path.startsWith("/") &&
      !/[\\\0-\x1f]/.test(path) &&
      !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(path) &&
      !path.split("/").includes(".."),
    {
      error: "write a path inside the repository, such as .github/holidays.ics",
    },
  );

const written = z.strictObject({
  days: z
    .array(
      z
        .enum(weekdays, { error: "write days as mon, tue, wed, thu, fri, sat or sun" })
        .meta(meaningsOf(weekdays, weekdayNames)),
    )
    .min(1, { error: "an empty list never holds; write at least one day" })
    .max(7)
    .optional()
    .meta({ description: "Days of the week.", examples: [["mon", "tue", "wed", "thu"]] }),
  from: z
    .string()
    .optional()
    .meta({
      description: "Where it begins: a time of day beside days, a date and time beside until.",
      examples: ["09:00", "2026-12-24T18:00"],
    }),
  to: z
    .string()
    .optional()
    .meta({
      description: "The time of day at which it ends; earlier than from, it is the next day's.",
      examples: ["17:00", "24:00"],
    }),
  cron: z
    .string()
    .max(256)
    .optional()
    .meta({
      description: "When it begins, as a cron expression of five fields.",
      examples: ["0 22 * * fri"],
    }),
  duration: positiveDurationSchema.optional().describe("How long it lasts from where cron begins."),
  until: z
    .string()
    .optional()
    .meta({
      description: "The date and time at which it ends.",
      examples: ["2027-01-04T08:00"],
    }),
  month_end: z
    .strictObject({
      last_business_days: z
        .int()
        .min(1, { error: "must be at least 1" })
        .max(23, { error: "must be at most 23: no month has more business days" })
        .meta({ description: "How many days before the month's end.", examples: [2] }),
      calendar: z
        .string()
        .min(1)
        .optional()
        .meta({
          description: "Name of the calendar whose days are no business days.",
          examples: ["holidays"],
        }),
    })
    .optional()
    .meta({
      description: "The last business days of each month.",
      examples: [{ last_business_days: 2, calendar: "holidays" }],
    }),
  ics: icsPathSchema
    .optional()
    .describe("Path of an iCalendar file in this repository, whose events are the times."),
});

type Written = z.infer<typeof written>;
type Key = keyof Written;

/** Each form by the keys that make it; the first key is what tells it from the others. */
const timeForms: readonly (readonly [Key, ...Key[]])[] = [
  ["days", "from", "to"],
  ["cron", "duration"],
  ["until", "from"],
  ["month_end"],
  ["ics"],
];
const everyForm =
  "{days, from, to}, {cron, duration}, {from, until}, {month_end: {last_business_days, calendar}} or {ics}";

interface Fault {
  readonly path: readonly Key[];
  readonly message: string;
}

function shapeFault(form: Written): Fault | undefined {
  const keys = (Object.keys(form) as Key[]).filter((key) => form[key] !== undefined);
  const shape = timeForms.find(([mark]) => keys.includes(mark));
  if (shape === undefined) return { path: [], message: `not a time: write one of ${everyForm}` };
  const extra = keys.find((key) => !shape.includes(key));
  if (extra !== undefined)
    return {
      path: [extra],
      message: `"${extra}" does not go with "${shape[0]}": one time is one of ${everyForm}`,
    };
  const missing = shape.find((key) => !keys.includes(key));
  if (missing !== undefined)
    return {
      path: [],
      message: `"${missing}" is missing: a time with "${shape[0]}" is {${shape.join(", ")}}`,
    };
  return undefined;
}

function weeklyFaults(from: string, to: string): readonly Fault[] {
  const start = parseTimeOfDay(from);
  const faults: Fault[] = [];
  if (start === undefined || from === "24:00")
    faults.push({
      path: ["from"],
      message: 'not a time of day: write 24-hour local time in quotes, such as "09:00"',
    });
  if (parseTimeOfDay(to) === undefined)
    faults.push({
      path: ["to"],
      message:
        'not a time of day: write 24-hour local time in quotes, such as "17:00" (the end of the day is "24:00")',
    });
  return faults;
}

function intervalFaults(from: string, until: string): readonly Fault[] {
  const remedy = "write a local date and time without zone or offset, such as 2026-12-24T18:00";
  const start = parseLocalDateTime(from);
  const end = parseLocalDateTime(until);
  if (start === undefined)
    return [{ path: ["from"], message: `not a local date and time: ${remedy}` }];
  if (end === undefined)
    return [{ path: ["until"], message: `not a local date and time: ${remedy}` }];
  if (end <= start)
    return [
      {
        path: ["until"],
        message: `"until" must be later than "from": from ${from} until ${until} lasts no time at all`,
      },
    ];
  return [];
}

function cronFaults(cron: string): readonly Fault[] {
  const pattern = readCron(cron);
  return pattern.kind === "pattern" ? [] : [{ path: ["cron"], message: pattern.message }];
}

function valueFaults(form: Written): readonly Fault[] {
  if (form.days !== undefined && form.from !== undefined && form.to !== undefined)
    return weeklyFaults(form.from, form.to);
  if (form.cron !== undefined) return cronFaults(form.cron);
  if (form.from !== undefined && form.until !== undefined)
    return intervalFaults(form.from, form.until);
  return [];
}

/**
 * One time, as windows (`open:`) and freezes (`during:`) write it. One object with optional keys instead of a union, so
 * that a mistake is reported at the key that is wrong. The parsed value is what was written. See docs/policy-language.md, Time.
 */
export const timeFormSchema = written
  .superRefine((form, context) => {
    const shape = shapeFault(form);
    for (const fault of shape === undefined ? valueFaults(form) : [shape])
      context.addIssue({
        code: "custom",
        path: [...fault.path],
        message: fault.message,
        input: form,
      });
  })
  .meta({
    description:
      "One time: weekly days, a cron start with a duration, one interval, month end, or an iCalendar file.",
    examples: [
      { days: ["mon", "tue", "wed", "thu"], from: "09:00", to: "17:00" },
      { cron: "0 22 * * fri", duration: "4h" },
    ],
    anyOf: timeForms.map((keys) => ({ required: [...keys] })),
  });

export type WrittenForm = z.infer<typeof timeFormSchema>;

/** A written form with its kind made plain and its texts read; times of day and local date-times in milliseconds. */
export type TimeForm =
  | {
      readonly kind: "weekly";
      readonly days: readonly Weekday[];
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: "cron"; readonly cron: string; readonly duration: number }
  | { readonly kind: "interval"; readonly from: number; readonly until: number }
  | {
      readonly kind: "month_end";
      readonly lastBusinessDays: number;
      readonly calendar: string | undefined;
    }
  | { readonly kind: "ics"; readonly path: string };

/** Reads a form that `timeFormSchema` accepted; undefined for one that it would refuse. */
export function readForm(form: WrittenForm): TimeForm | undefined {
  if (shapeFault(form) !== undefined || valueFaults(form).length > 0) return undefined;
  if (form.ics !== undefined) return { kind: "ics", path: form.ics };
  if (form.month_end !== undefined)
    return {
      kind: "month_end",
      lastBusinessDays: form.month_end.last_business_days,
      calendar: form.month_end.calendar,
    };
  if (form.cron !== undefined) {
    const duration = parseDuration(form.duration ?? "");
    return duration === undefined || duration === 0
      ? undefined
      : { kind: "cron", cron: form.cron, duration };
  }
  if (form.until !== undefined) {
    const from = parseLocalDateTime(form.from ?? "");
    const until = parseLocalDateTime(form.until);
    return from === undefined || until === undefined
      ? undefined
      : { kind: "interval", from, until };
  }
  const from = parseTimeOfDay(form.from ?? "");
  const to = parseTimeOfDay(form.to ?? "");
  return form.days === undefined || from === undefined || to === undefined
    ? undefined
    : { kind: "weekly", days: form.days, from, to };
}
