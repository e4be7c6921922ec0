import { z } from "zod";
import { globProblem, type GlobKind } from "#core/formats/glob.ts";
import { oneOf } from "#core/text/meanings.ts";
import { parseLocalDate } from "./civil.ts";
import { icsPathSchema, timeFormSchema } from "./time-form.ts";
import { zoneProblem } from "./zone-name.ts";

const name = z
  .string()
  .meta({ examples: ["business-hours"] })
  .min(1)
  .max(100)
  .regex(/^[a-z0-9]+(?:[-_.][a-z0-9]+)*$/i, {
    error: "write a name of letters, digits and single hyphens, such as business-hours",
  });
const names = z.array(z.string().min(1).max(256)).min(1).max(200);
const text = z.string().max(1_000);

const globsOf = (kind: GlobKind) =>
  z
    .array(
      z
        .string()
        .min(1)
        .max(256)
        .superRefine((glob, context) => {
          const problem = globProblem(glob, kind);
          if (problem !== null) context.addIssue({ code: "custom", message: problem });
        }),
    )
    .min(1)
    .max(200);
const pathGlobs = globsOf("path");
const nameGlobs = globsOf("name");

/** An IANA zone, mandatory wherever local time is written: there is no default that would be right for everybody. */
export const timezoneSchema = z
  .string()
  .superRefine((zone, context) => {
    const problem = zoneProblem(zone);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem, input: zone });
  })
  .meta({
    description: "IANA time zone, such as Europe/Berlin.",
    examples: ["Europe/Berlin", "UTC"],
  });

const timeListSchema = z
  .array(timeFormSchema)
  .min(1, { error: "an empty list never holds; write at least one time" })
  .max(200)
  .superRefine((times, context) => {
    const seen = new Map<string, number>();
    for (const [index, form] of times.entries()) {
      const key = JSON.stringify(
        Object.entries(form).sort(([left], [right]) => (left < right ? -1 : 1)),
      );
      const earlier = seen.get(key);
      if (earlier === undefined) seen.set(key, index);
      else
        context.addIssue({
          code: "custom",
          path: [index],
          message: `duplicate: the same time as number ${earlier + 1} of this list; remove one`,
          input: form,
        });
    }
  });

const { $schema: _dialect, ...timeFormJson } = z.toJSONSchema(timeFormSchema, { io: "input" });
const timeExamples = [
  { days: ["mon", "tue", "wed", "thu"], from: "09:00", to: "17:00" },
  { cron: "0 22 * * fri", duration: "4h" },
];

/**
 * One time or a list of them; the parsed value is what was written. A union would report a mistake as "no alternative
 * matches"; choosing by shape first reports it at the key that is wrong.
 */
export const timesSchema = z
  .unknown()
  .transform((input, context) => {
    const result = (Array.isArray(input) ? timeListSchema : timeFormSchema).safeParse(input);
    if (result.success) return result.data;
    for (const { message, path, ...issue } of result.error.issues) {
      // What is missing, of a wrong type or unknown keeps its code, so that the reader of the policy says it in its own words.
      if (issue.code === "unrecognized_keys")
        context.issues.push({ code: issue.code, keys: issue.keys, path, message, input: {} });
      else if (issue.code === "invalid_type")
        context.issues.push({ code: issue.code, expected: issue.expected, path, message, input });
      else context.issues.push({ code: "custom", path, message, input });
    }
    return z.NEVER;
  })
  .meta({
    anyOf: [timeFormJson, { type: "array", items: timeFormJson }],
    examples: [...timeExamples, timeExamples],
  });

/** `windows.<name>`: when deployments may start. */
export const windowSchema = z.strictObject({
  timezone: timezoneSchema,
  open: timesSchema.describe("When it is open: one time or a list of them."),
  except: z
    .array(z.string().min(1))
    .max(50)
    .optional()
    .meta({
      description: "Names of calendars, on whose days it stays shut.",
      examples: [["holidays"]],
    }),
  description: text.optional().meta({
    description: "What the window is for, in words for those who wait.",
    examples: ["While somebody is there to see what goes wrong."],
  }),
});

/** `calendars.<name>`: days and times from an iCalendar file of the repository, or written out. */
export const calendarSchema = z
  .strictObject({
    ics: icsPathSchema.optional().describe("Path of an iCalendar file in this repository."),
    dates: z
      .array(
        z.string().refine((date) => parseLocalDate(date) !== undefined, {
          error: "not a date: write it as 2026-12-25",
        }),
      )
      .min(1)
      .max(5_000)
      .optional()
      .meta({ description: "Days, written out.", examples: [["2026-12-25", "2026-12-26"]] }),
    timezone: timezoneSchema,
    description: text.optional().meta({
      description: "What these days are, in words for those who wait.",
      examples: ["Public holidays in Berlin"],
    }),
  })
  .meta({
    examples: [
      { timezone: "Europe/Berlin", ics: ".github/holidays.ics" },
      { timezone: "Europe/Berlin", dates: ["2026-12-25"] },
    ],
  })
  .superRefine((calendar, context) => {
    if ((calendar.ics === undefined) === (calendar.dates === undefined)) {
      context.addIssue({
        code: "custom",
        message:
          'a calendar has either "ics" (a path in the repository) or "dates" (a list of dates)',
        input: calendar,
      });
    }
  });

/** One of `freezes`: when deployments (or merges) must not start, what it covers, and who is exempt. */
export const freezeSchema = z
  .strictObject({
    name: name.meta({
      description: "Unique; what commands and messages call it.",
      examples: ["year-end"],
    }),
    timezone: timezoneSchema,
    environments: nameGlobs.optional().meta({
      description: "Environments it covers, as globs.",
      examples: [["production"]],
    }),
    branches: pathGlobs.optional().meta({
      description: "Branches it covers, as globs: the base of a pull request, or what is deployed.",
      examples: [["main", "release/**"]],
    }),
    paths: pathGlobs.optional().meta({
      description: "Files it covers changes of, as globs.",
      examples: [["billing/**"]],
    }),
    repositories: nameGlobs.optional().meta({
      description: "Repositories it covers, as globs of names.",
      examples: [["shop", "api-*"]],
    }),
    labels: nameGlobs.optional().meta({
      description: "Labels of the pull requests it covers, as globs.",
      examples: [["risky"]],
    }),
    during: timesSchema.describe("When it is on: one time or a list of them."),
    reason: text.optional().meta({
      description: "Why, in words for those who are held.",
      examples: ["Nobody deploys over the holidays."],
    }),
    description: text.optional().meta({
      description: "What it is for.",
      examples: ["The weeks in which most is sold."],
    }),
    exempt: z
      .strictObject({
        rollbacks: z.boolean().optional().describe("Whether a roll back may go out all the same."),
        teams: names.optional().meta({
          description: "Teams whose members may deploy all the same: slugs, or org/slug.",
          examples: [["incident-response"]],
        }),
        users: names.optional().meta({
          description: "Logins of people who may deploy all the same.",
          examples: [["octocat"]],
        }),
        labels: names.optional().meta({
          description:
            "Labels by which it is let through, put on by somebody who may let it through.",
          examples: [["hotfix"]],
        }),
      })
      .optional()
      .meta({ description: "What it lets through.", examples: [{ rollbacks: true }] }),
    enforcement: oneOf(["active", "evaluate", "disabled"], {
      active: "It counts.",
      evaluate: "It is shown and blocks nothing.",
      disabled: "It is off.",
    })
      .optional()
      .describe("Whether it counts; the policy's `enforcement` by default."),
  })
  .meta({
    examples: [
      {
        name: "year-end",
        timezone: "Europe/Berlin",
        environments: ["production"],
        during: { from: "2026-12-18T18:00", until: "2027-01-04T08:00" },
        exempt: { rollbacks: true },
      },
    ],
  });

export const windowsSchema = z.record(name, windowSchema);
export const calendarsSchema = z.record(name, calendarSchema);
export const freezesSchema = z
  .array(freezeSchema)
  .max(500)
  .superRefine((freezes, context) => {
    const seen = new Set<string>();
    for (const [index, freeze] of freezes.entries()) {
      if (seen.has(freeze.name))
        context.addIssue({
          code: "custom",
          path: [index, "name"],
          message: `duplicate freeze name "${freeze.name}": names tell freezes apart in commands and messages`,
          input: freeze,
        });
      seen.add(freeze.name);
    }
  });

export type WrittenWindow = z.infer<typeof windowSchema>;
export type WrittenCalendar = z.infer<typeof calendarSchema>;
export type WrittenFreeze = z.infer<typeof freezeSchema>;

/** The parts of a policy that speak of time, as parsed. */
export interface WrittenTimes {
  readonly windows?: Readonly<Record<string, WrittenWindow>> | undefined;
  readonly calendars?: Readonly<Record<string, WrittenCalendar>> | undefined;
  readonly freezes?: readonly WrittenFreeze[] | undefined;
}
