import { compileSchedule } from "#core/calendar/compile.ts";
import { calendarFiles, placedForms } from "#core/calendar/files.ts";
import type { Schedule } from "#core/calendar/schedule.ts";
import type {
  WrittenCalendar,
  WrittenFreeze,
  WrittenTimes,
  WrittenWindow,
} from "#core/calendar/schema.ts";
import { calendarFile, type CalendarFileParams } from "#core/facts/calendar-file.ts";
import type { Ask } from "#core/facts/ask.ts";
import type { PolicyContext } from "../rule.ts";

/** What of the policy's times is asked about, by name. */
export interface AskedTimes {
  readonly windows: readonly string[];
  readonly freezes: readonly string[];
}

export interface AskedSchedule {
  readonly schedule: Schedule;
  /** Names of calendars whose last copy is used because they cannot be read now. */
  readonly warnings: readonly string[];
}

/** The schedule of the named windows and freezes; `undefined` while a calendar file that they need has not been read. */
export function scheduleFor(
  policy: PolicyContext,
  asked: AskedTimes,
  ask: Ask,
): AskedSchedule | undefined {
  const times = timesOf(policy, asked);
  const texts = new Map<string, string | undefined>();
  const warnings: string[] = [];
  let isWhole = true;
  for (const { path, namedAt } of calendarFiles(times)) {
    const params = { path, from: originOf(policy, times, namedAt) };
    const file = ask(calendarFile.need(params));
    if (file === undefined) isWhole = false;
    else {
      texts.set(keyOf(params), file.text ?? undefined);
      if (file.staleSince !== null)
        warnings.push(
          `The calendar ${path} cannot be read now; its copy of ${new Date(file.staleSince).toISOString().slice(0, 16)}Z stands in for it (stale).`,
        );
    }
  }
  if (!isWhole) return undefined;
  const compile = (): Schedule =>
    compileSchedule(times, {
      file: (path, namedAt) => texts.get(keyOf({ path, from: originOf(policy, times, namedAt) })),
    }).schedule;
  return {
    schedule: remembered(
      policy,
      JSON.stringify([asked.windows, asked.freezes]),
      [...texts.values()],
      compile,
    ),
    warnings,
  };
}

/** Only what is asked about and the calendars it refers to: no file is read for a freeze that a rule does not look at. */
function timesOf(policy: PolicyContext, asked: AskedTimes): WrittenTimes {
  const windows: Record<string, WrittenWindow> = {};
  for (const name of asked.windows) {
    const window = policy.windows?.[name];
    if (window !== undefined) windows[name] = window;
  }
  const freezes = (policy.freezes ?? []).filter((freeze) => asked.freezes.includes(freeze.name));
  const calendars: Record<string, WrittenCalendar> = {};
  for (const name of calendarsIn(Object.values(windows), freezes)) {
    const calendar = policy.calendars?.[name];
    if (calendar !== undefined) calendars[name] = calendar;
  }
  return { windows, freezes, calendars };
}

function calendarsIn(
  windows: readonly WrittenWindow[],
  freezes: readonly WrittenFreeze[],
): ReadonlySet<string> {
  const forms = [
    ...windows.flatMap((window) => placedForms(window.open, [])),
    ...freezes.flatMap((freeze) => placedForms(freeze.during, [])),
  ];
  return new Set([
    ...windows.flatMap((window) => window.except ?? []),
    ...forms.flatMap(({ form }) => form.month_end?.calendar ?? []),
  ]);
}

/** Whose repository a path is relative to: that of the policy which names it. */
function originOf(
  policy: PolicyContext,
  times: WrittenTimes,
  [part, name]: readonly (string | number)[],
): CalendarFileParams["from"] {
  const { fromOrganization } = policy;
  if (fromOrganization === undefined) return "repository";
  const isTheirs =
    part === "freezes"
      ? fromOrganization.freezes.has(times.freezes?.[Number(name)]?.name ?? "")
      : part === "windows"
        ? fromOrganization.windows.has(String(name))
        : fromOrganization.calendars.has(String(name));
  return isTheirs ? "organization" : "repository";
}

const keyOf = ({ path, from }: CalendarFileParams): string => `${from}:${path}`;

interface Remembered {
  readonly key: string;
  readonly texts: readonly (string | undefined)[];
  readonly schedule: Schedule;
}

/** Reading a calendar of thousands of events takes longer than asking it; the same policy and texts give the same schedule. */
const schedules = new WeakMap<PolicyContext, Remembered[]>();
const mostRemembered = 20;

function remembered(
  policy: PolicyContext,
  key: string,
  texts: Remembered["texts"],
  compile: () => Schedule,
): Schedule {
  const known = schedules.get(policy) ?? [];
  const found = known.find(
    (each) =>
      each.key === key &&
      each.texts.length === texts.length &&
      each.texts.every((text, index) => text === texts[index]),
  );
  if (found !== undefined) return found.schedule;
  const schedule = compile();
  // A newer text of the same calendars takes the older one's place.
  schedules.set(
    policy,
    [{ key, texts, schedule }, ...known.filter((each) => each.key !== key)].slice(
      0,
      mostRemembered,
    ),
  );
  return schedule;
}
