import { defineFact } from "#core/model/fact.ts";

/** A calendar file of a default branch. `repository` is whose policy names it: paths are relative to that policy's repository. */
export interface CalendarFileParams {
  readonly path: string;
  readonly from: "organization" | "repository";
}

export interface CalendarFileFact {
  /** null: there is no such file. */
  readonly text: string | null;
  /** When the copy was read (epoch ms), if GitHub could not be asked and the last copy is used instead. */
  readonly staleSince: number | null;
}

export const calendarFile = defineFact<CalendarFileParams, CalendarFileFact>({
  name: "calendar_file",
  summary: "An iCalendar file that the policy names.",
  changedBy: ["push"],
  permissions: ["contents"],
  cost: "shared",
  describe: ({ path }) => `the calendar ${path}`,
});
