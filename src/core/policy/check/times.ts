import { lintTimes } from "#core/calendar/lint.ts";
import type { Schedule } from "#core/calendar/schedule.ts";
import { pathText } from "#core/yaml/problem.ts";
import { problemAt } from "#core/yaml/source.ts";
import type { Check } from "./report.ts";

/** What the coming years hold needs a clock and the calendar files; what a form says at all times does not. */
const noSchedule: Schedule = { windows: new Map(), freezes: new Map(), steps: 0 };

/** Times that say something else than people mean. */
export const meantTimes: Check = ({ policy, source }) =>
  lintTimes(policy, noSchedule).map(({ path, message, severity }) =>
    problemAt(source.positions.ofValue(path), pathText(path), message, severity),
  );
