import { questionSteps, stretchSteps } from "./budget.ts";
import { type Calendar, type CalendarReader, calendarOf, unreadableCalendar } from "./calendar.ts";
import { readCron, cronSource } from "./cron.ts";
import { datesReader } from "./dates.ts";
import { calendarFiles, type PlacedForm, placedForms } from "./files.ts";
import { type IcsFile, icsReader, readIcs } from "./ics.ts";
import { instantsSource, intervalSource } from "./interval.ts";
import { monthEndSource } from "./month-end.ts";
import type { CalendarProblem } from "./problem.ts";
import type { CompiledFreeze, CompiledWindow, Schedule } from "./schedule.ts";
import type { WrittenCalendar, WrittenFreeze, WrittenTimes, WrittenWindow } from "./schema.ts";
import { type Role, type Source, unreadableSource, wholeOnly } from "./source.ts";
import { readForm } from "./time-form.ts";
import { type Timeline, timelineOf } from "./timeline.ts";
import { weeklySource } from "./weekly.ts";
import { namedZone, utc, type Zone } from "./zone.ts";
import { zoneProblem } from "./zone-name.ts";

/** What a file reader answers: the text, nothing where there is no such file, or why it could not be read. */
export type FileAnswer = string | undefined | { readonly unreadable: string };

/** How the compiler gets what is outside the policy. */
export interface CompileContext {
  /** The text of a calendar file. `namedAt` is the place that names it, so that an organisation's files can come from its own repository. */
  readonly file: (path: string, namedAt: readonly (string | number)[]) => FileAnswer;
}

/** A freeze that people set with a command: instants, no zone. No `until` means until further notice. */
export interface RecordedFreeze {
  readonly name: string;
  readonly from: number;
  readonly until?: number | undefined;
  readonly reason?: string | undefined;
}

type Path = readonly (string | number)[];

interface Compiler {
  readonly context: CompileContext;
  readonly calendars: ReadonlyMap<string, Calendar>;
  readonly parsed: Map<string, IcsFile>;
  /** By path and zone, while the file is the same: an organisation's and a repository's of one path are two. */
  readonly readers: Map<string, { readonly file: IcsFile; readonly reader: CalendarReader }>;
  /** Of freezes that stand on one source alone: those of the same source share what is worked out. */
  readonly timelines: Map<Source, Timeline>;
  readonly problems: CalendarProblem[];
  /** How often a calendar file is named; what questions may cost is shared among them. */
  readonly files: number;
}

function fault(compiler: Compiler, path: Path, message: string): string {
  compiler.problems.push({ path, message, severity: "error" });
  return message;
}

function readFile(compiler: Compiler, path: string, at: Path): IcsFile {
  const answer = compiler.context.file(path, at);
  if (answer === undefined)
    return {
      series: [],
      problems: [fault(compiler, at, `there is no file ${path} in the repository`)],
    };
  if (typeof answer !== "string")
    return {
      series: [],
      problems: [fault(compiler, at, `${path} could not be read: ${answer.unreadable}`)],
    };
  const key = JSON.stringify([path, answer]);
  const known = compiler.parsed.get(key);
  const read = known ?? readIcs(answer);
  const file = known ?? {
    ...read,
    problems: read.problems.map((problem) => `${path}: ${problem}`),
  };
  compiler.parsed.set(key, file);
  if (file.problems.length > 0) {
    const shown = [
      path,
      file.problems
        .slice(0, 3)
        .map((problem) => problem.slice(path.length + 2))
        .join("; "),
    ].join(": ");
    const more = file.problems.length > 3 ? `; and ${file.problems.length - 3} more` : "";
    fault(compiler, at, `${shown}${more}`);
  }
  return file;
}

/** The share of a question, and of a stretch, for each place that names a calendar file. */
function stepsOf({ files }: Compiler): { readonly question: number; readonly stretch: number } {
  const among = Math.max(1, files);
  return { question: questionSteps / among, stretch: stretchSteps / among };
}

function fileReader(compiler: Compiler, path: string, at: Path, zone: Zone): CalendarReader {
  const file = readFile(compiler, path, at);
  const key = JSON.stringify([path, zone.id]);
  const known = compiler.readers.get(key);
  if (known?.file === file) return known.reader;
  const reader = icsReader(file, zone, { name: path, steps: stepsOf(compiler).stretch });
  compiler.readers.set(key, { file, reader });
  return reader;
}

function zoneOf(compiler: Compiler, timezone: string, at: Path): Zone | string {
  return (
    namedZone(timezone) ??
    fault(compiler, [...at, "timezone"], zoneProblem(timezone) ?? `unknown time zone ${timezone}`)
  );
}

function compileCalendar(compiler: Compiler, name: string, calendar: WrittenCalendar): Calendar {
  const at: Path = ["calendars", name];
  const zone = zoneOf(compiler, calendar.timezone, at);
  if (typeof zone === "string") return unreadableCalendar(zone);
  if (calendar.dates !== undefined) return calendarOf(datesReader(calendar.dates, zone));
  if (calendar.ics === undefined)
    return unreadableCalendar(
      fault(compiler, at, `calendar ${name} has neither "ics" nor "dates"`),
    );
  return calendarOf(
    fileReader(compiler, calendar.ics, [...at, "ics"], zone),
    stepsOf(compiler).stretch,
  );
}

function namedCalendar(compiler: Compiler, name: string, at: Path): Calendar {
  const calendar = compiler.calendars.get(name);
  if (calendar !== undefined) return calendar;
  const known = [...compiler.calendars.keys()];
  const remedy =
    known.length === 0
      ? "the policy defines no calendars"
      : `calendars are ${known.slice(0, 10).join(", ")}`;
  return unreadableCalendar(fault(compiler, at, `there is no calendar "${name}": ${remedy}`));
}

function compileForm(compiler: Compiler, { form, at }: PlacedForm, zone: Zone, role: Role): Source {
  const read = readForm(form);
  if (read === undefined) return unreadableSource(fault(compiler, at, "not a time"));
  switch (read.kind) {
    case "weekly":
      return weeklySource(read, zone, role);
    case "cron": {
      const times = readCron(read.cron);
      return times.kind === "pattern"
        ? cronSource(times, read.duration, zone)
        : unreadableSource(fault(compiler, [...at, "cron"], times.message));
    }
    case "interval":
      return intervalSource(read, zone, role);
    case "month_end": {
      const holidays =
        read.calendar === undefined
          ? undefined
          : namedCalendar(compiler, read.calendar, [...at, "month_end", "calendar"]);
      return monthEndSource(read.lastBusinessDays, holidays, zone, role);
    }
    case "ics":
      return fileReader(compiler, read.path, [...at, "ics"], zone).sourceFor(role);
  }
}

function compileWindow(compiler: Compiler, name: string, window: WrittenWindow): CompiledWindow {
  const at: Path = ["windows", name];
  const zone = zoneOf(compiler, window.timezone, at);
  const open =
    typeof zone === "string"
      ? [unreadableSource(zone)]
      : placedForms(window.open, [...at, "open"]).map((placed) =>
          wholeOnly(compileForm(compiler, placed, zone, "opens")),
        );
  const except = (window.except ?? []).map((calendar, index) => ({
    name: calendar,
    calendar: namedCalendar(compiler, calendar, [...at, "except", index]),
  }));
  const closing = except.map(({ calendar }) => calendar.closing);
  return {
    name,
    zone: typeof zone === "string" ? utc : zone,
    timeline: timelineOf(open, closing, stepsOf(compiler).stretch),
    except,
  };
}

function freezeTimeline(compiler: Compiler, sources: readonly Source[]): Timeline {
  const only = sources.length === 1 ? sources[0] : undefined;
  const known = only === undefined ? undefined : compiler.timelines.get(only);
  const made = known ?? timelineOf(sources, [], stepsOf(compiler).stretch);
  if (only !== undefined) compiler.timelines.set(only, made);
  return made;
}

function compileFreeze(compiler: Compiler, index: number, freeze: WrittenFreeze): CompiledFreeze {
  const at: Path = ["freezes", index];
  const zone = zoneOf(compiler, freeze.timezone, at);
  const sources =
    typeof zone === "string"
      ? [unreadableSource(zone)]
      : placedForms(freeze.during, [...at, "during"]).map((placed) =>
          compileForm(compiler, placed, zone, "closes"),
        );
  return {
    name: freeze.name,
    zone: typeof zone === "string" ? utc : zone,
    timeline: freezeTimeline(compiler, sources),
    sources,
    reason: freeze.reason,
    enforcement: freeze.enforcement ?? "active",
  };
}

/**
 * Makes a schedule of what a policy says about time. Never throws: what cannot be read is a problem with its place, and
 * a window or freeze that depends on it answers "unknown" where it matters.
 */
export function compileSchedule(
  times: WrittenTimes,
  context: CompileContext,
): { readonly schedule: Schedule; readonly problems: readonly CalendarProblem[] } {
  const calendars = new Map<string, Calendar>();
  const files = calendarFiles(times).length;
  const compiler: Compiler = {
    context,
    calendars,
    parsed: new Map(),
    readers: new Map(),
    timelines: new Map(),
    problems: [],
    files,
  };
  for (const [name, calendar] of Object.entries(times.calendars ?? {}))
    calendars.set(name, compileCalendar(compiler, name, calendar));
  const windows = new Map(
    Object.entries(times.windows ?? {}).map(([name, window]) => [
      name,
      compileWindow(compiler, name, window),
    ]),
  );
  const freezes = new Map<string, CompiledFreeze>();
  for (const [index, freeze] of (times.freezes ?? []).entries())
    add(freezes, compileFreeze(compiler, index, freeze), stepsOf(compiler).stretch);
  return {
    schedule: { windows, freezes, steps: stepsOf(compiler).question },
    problems: compiler.problems,
  };
}

/** Two freezes of one name are one freeze that is on when either is: neither may hide the other. */
function add(freezes: Map<string, CompiledFreeze>, freeze: CompiledFreeze, steps: number): void {
  const known = freezes.get(freeze.name);
  if (known === undefined || known.enforcement === "disabled") {
    freezes.set(freeze.name, freeze);
    return;
  }
  if (freeze.enforcement === "disabled") return;
  const sources = [...known.sources, ...freeze.sources];
  const enforcement =
    known.enforcement === "active" || freeze.enforcement === "active" ? "active" : "evaluate";
  freezes.set(freeze.name, {
    ...known,
    enforcement,
    reason: known.reason ?? freeze.reason,
    sources,
    timeline: timelineOf(sources, [], steps),
  });
}

/** The schedule with the freezes that people recorded; what was compiled is shared, not worked out again. */
export function withRecordedFreezes(
  schedule: Schedule,
  recorded: readonly RecordedFreeze[],
): Schedule {
  if (recorded.length === 0) return schedule;
  const freezes = new Map(schedule.freezes);
  for (const { name, from, until, reason } of recorded) {
    const sources = [instantsSource(from, until)];
    add(
      freezes,
      {
        name,
        zone: utc,
        timeline: timelineOf(sources),
        sources,
        reason,
        enforcement: "active",
      },
      Math.min(schedule.steps, stretchSteps),
    );
  }
  return { ...schedule, freezes };
}
