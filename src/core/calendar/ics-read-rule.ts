import { z } from "zod";
import { type IcsRule, weekdayCodes } from "./ics-rule.ts";

const one = <T extends z.ZodType>(schema: T) =>
  z.union([z.array(schema).max(400), schema.transform((value) => [value])]);
const between = (low: number, high: number) => one(z.coerce.number().int().min(low).max(high));
const aroundZero = (high: number) =>
  one(
    z.coerce
      .number()
      .int()
      .min(-high)
      .max(high)
      .refine((value) => value !== 0),
  );

/** What ical.js makes of an RRULE; it checks little, so everything is checked here. Hostile input. */
const jcalRule = z.strictObject({
  freq: z.string(),
  interval: z.coerce.number().int().min(1).max(10_000).default(1),
  count: z.coerce.number().int().min(1).optional(),
  until: z.string().optional(),
  wkst: z.union([z.int().min(1).max(7), z.enum(weekdayCodes)]).optional(),
  bymonth: between(1, 12).optional(),
  byweekno: aroundZero(53).optional(),
  byyearday: aroundZero(366).optional(),
  bymonthday: aroundZero(31).optional(),
  byday: one(z.string()).optional(),
  byhour: between(0, 23).optional(),
  byminute: between(0, 59).optional(),
  bysecond: between(0, 60).optional(),
  bysetpos: aroundZero(366).optional(),
});

const frequencies = ["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;
/** More instances than any calendar of a working life holds. */
const mostCounted = 20_000;

function sorted(values: readonly number[] | undefined): readonly number[] | undefined {
  return values === undefined ? undefined : [...new Set(values)].sort((a, b) => a - b);
}

function readWeekdays(codes: readonly string[]): NonNullable<IcsRule["weekdays"]> | undefined {
  const out: { weekday: number; nth: number }[] = [];
  for (const code of codes) {
    const match = /^([+-]?\d{1,2})?(SU|MO|TU|WE|TH|FR|SA)$/.exec(code);
    if (match === null) return undefined;
    const nth = match[1] === undefined ? 0 : Number(match[1]);
    if (match[1] !== undefined && (nth === 0 || Math.abs(nth) > 53)) return undefined;
    out.push({ weekday: weekdayCodes.findIndex((name) => name === match[2]), nth });
  }
  return out;
}

/** An RRULE out of jCal, or what is wrong with it. Combinations that RFC 5545 forbids are refused, not guessed at. */
export function readRule(value: unknown): IcsRule | string {
  const parsed = jcalRule.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return `RRULE has a bad ${issue?.code === "unrecognized_keys" ? issue.keys.join(", ").toUpperCase() : String(issue?.path[0] ?? "value").toUpperCase()}`;
  }
  const rule = parsed.data;
  const freq = frequencies.find((name) => name === rule.freq.toUpperCase());
  if (freq === undefined)
    return `RRULE repeats ${rule.freq.slice(0, 20)}: only HOURLY, DAILY, WEEKLY, MONTHLY and YEARLY are read`;
  if (rule.count !== undefined && rule.until !== undefined) return "RRULE has both COUNT and UNTIL";
  if (rule.count !== undefined && rule.count > mostCounted)
    return `RRULE counts more than ${mostCounted} instances`;
  const weekdays = rule.byday === undefined ? undefined : readWeekdays(rule.byday);
  if (rule.byday !== undefined && weekdays === undefined) return "RRULE has a bad BYDAY";
  if (
    weekdays?.some(({ nth }) => nth !== 0) === true &&
    (!["MONTHLY", "YEARLY"].includes(freq) || rule.byweekno !== undefined)
  )
    return `RRULE numbers its BYDAY, which ${freq} does not allow`;
  if (rule.byweekno !== undefined && freq !== "YEARLY")
    return `RRULE has BYWEEKNO, which ${freq} does not allow`;
  if (rule.byyearday !== undefined && ["DAILY", "WEEKLY", "MONTHLY"].includes(freq))
    return `RRULE has BYYEARDAY, which ${freq} does not allow`;
  if (rule.bymonthday !== undefined && freq === "WEEKLY")
    return "RRULE has BYMONTHDAY, which WEEKLY does not allow";
  if (rule.bysetpos !== undefined && freq === "HOURLY")
    return "RRULE has BYSETPOS with HOURLY, which is not read";
  return {
    freq,
    interval: rule.interval,
    count: rule.count,
    until: rule.until,
    weekStart:
      rule.wkst === undefined
        ? 1
        : typeof rule.wkst === "number"
          ? rule.wkst - 1
          : weekdayCodes.indexOf(rule.wkst),
    months: rule.bymonth === undefined ? undefined : new Set(rule.bymonth),
    weeks: sorted(rule.byweekno),
    yearDays: sorted(rule.byyearday),
    monthDays: sorted(rule.bymonthday),
    weekdays,
    hours: sorted(rule.byhour),
    minutes: sorted(rule.byminute),
    seconds: sorted(rule.bysecond?.map((second) => Math.min(second, 59))),
    positions: sorted(rule.bysetpos),
  };
}
