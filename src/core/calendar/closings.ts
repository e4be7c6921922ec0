import { cursorOf } from "./cursor.ts";
import { questionTo } from "./question.ts";
import { earliestMs, latestMs } from "./timeline.ts";
import type { Schedule } from "./schedule.ts";

/** Time that a calendar takes from a window: a holiday, under the name that the calendar gives it. */
export interface Closing {
  readonly calendar: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** What calendars close of these windows in [from, until), ascending, at most `most`; for display. */
export function closingsOf(
  schedule: Schedule,
  windows: readonly string[],
  from: number,
  until: number,
  most = 200,
): readonly Closing[] {
  const calendars = new Map(
    windows.flatMap((name) =>
      (schedule.windows.get(name)?.except ?? []).map((each) => [each.name, each.calendar] as const),
    ),
  );
  const limit = Math.min(until, latestMs);
  const found: Closing[] = [];
  for (const [calendar, { closing, source }] of calendars) {
    const cursor = cursorOf(questionTo(closing, schedule.steps), "on", limit);
    for (
      let start = cursor.nextOn(Math.max(from, earliestMs));
      start < limit && found.length < most;
    ) {
      const end = cursor.endOfRun(start);
      found.push({ calendar, name: source.labelAt?.(start) ?? calendar, start, end });
      start = cursor.nextOn(end);
    }
  }
  return found.toSorted((a, b) => a.start - b.start);
}
