import { expect } from "vitest";
import { z } from "zod";
import { compileSchedule, type FileAnswer } from "#core/calendar/compile.ts";
import type { CalendarProblem } from "#core/calendar/problem.ts";
import type { Schedule } from "#core/calendar/schedule.ts";
import { calendarsSchema, freezesSchema, windowsSchema } from "#core/calendar/schema.ts";

const policySchema = z.strictObject({
  windows: windowsSchema.optional(),
  calendars: calendarsSchema.optional(),
  freezes: freezesSchema.optional(),
});

/** A policy's parts as a person writes them, not yet checked. */
export type PolicyText = Readonly<Record<string, unknown>>;

export function parsed(policy: PolicyText): z.infer<typeof policySchema> {
  return policySchema.parse(policy);
}

/** What a policy would hold, as a person writes it: parsed by the real schemas, compiled, with the files it names. */
export function compiled(
  policy: PolicyText,
  files: Readonly<Record<string, FileAnswer>> = {},
): { schedule: Schedule; problems: readonly CalendarProblem[] } {
  return compileSchedule(parsed(policy), { file: (path) => files[path] });
}

/** The same where nothing may be wrong with it. */
export function aSchedule(
  policy: PolicyText,
  files: Readonly<Record<string, FileAnswer>> = {},
): Schedule {
  const { schedule, problems } = compiled(policy, files);
  expect(problems).toEqual([]);
  return schedule;
}

export function ms(iso: string): number {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) throw new Error(`bad instant in a test: ${iso}`);
  return at;
}

/** One event between VCALENDAR lines, CRLF as the format wants. */
export function anIcs(...lines: readonly string[]): string {
  return [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//test//EN",
    ...lines,
    "END:VCALENDAR",
    "",
  ].join("\r\n");
}

export function anEvent(...lines: readonly string[]): readonly string[] {
  return ["BEGIN:VEVENT", "DTSTAMP:20260101T000000Z", ...lines, "END:VEVENT"];
}
