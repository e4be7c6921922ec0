import { lintTimes } from "../../calendar/lint.ts";
import type { Schedule } from "../../calendar/schedule.ts";
import { pathText } from "../../yaml/problem.ts";
import { problemAt } from "../../yaml/source.ts";
import type { Check } from "./report.ts";

/** What the coming years hold needs a clock and the calendar files; what a form says at all times does not. */
const noSchedule: Schedule = { windows: new Map(), freezes: new Map() };

/** Times that say something else than people mean. */
export const meantTimes: Check = ({ policy, source }) =>
  lintTimes(policy, noSchedule).map(({ path, message, severity }) =>
    problemAt(source.places.ofValue(path), pathText(path), message, severity),
  );
