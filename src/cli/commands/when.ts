import { Command } from "commander";
import { readPresets } from "../../shipped.ts";
import { answerWhen } from "#core/calendar/answer-when.ts";
import { compileSchedule } from "#core/calendar/compile.ts";
import { environmentCalendar, exportedRows } from "#core/calendar/environment-calendar.ts";
import { exportIcs } from "#core/calendar/export-ics.ts";
import { drawSchedule } from "#core/calendar/picture.ts";
import type { Schedule } from "#core/calendar/schedule.ts";
import type { Interval } from "#core/calendar/spans.ts";
import { zonedText } from "#core/calendar/phrases.ts";
import { effectivePolicy } from "#core/policy/assemble.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { validatePolicy, type ParsedPolicy } from "#core/policy/validate.ts";
import { timesOf, type EnvironmentTimes } from "#core/decide/time-requirement.ts";
import { dayMs } from "#core/text/duration.ts";
import { UnusableInput, type Answer } from "../answer.ts";
import { readText, textIfThere } from "../files.ts";
import { instantOption } from "../instant.ts";
import { unusable } from "../problems.ts";
import { text, texts, type DefineCommand } from "./command.ts";

const mostDays = 366;

function parsed(path: string, organization: ParsedPolicy | undefined): ParsedPolicy {
  const { policy, problems } = validatePolicy(readText(path), {
    path,
    presets: readPresets(),
    organization,
  });
  if (policy === undefined) throw unusable(path, problems);
  return policy;
}

function policyOf(path: string, above: string): EffectivePolicy {
  const organization = above === "" ? undefined : parsed(above, undefined);
  const made = effectivePolicy({
    repository: { owner: "", name: "", properties: {} },
    organization: organization ?? null,
    own: parsed(path, organization),
    presets: readPresets(),
    extended: new Map(),
    digest: "",
  });
  if (!made.ok) throw unusable(made.file === "organization" ? above : path, made.problems);
  return made.policy;
}

/** Instants given one by one and in a file, one a line; empty lines and those that begin with # are passed over. */
function instantsOf(options: Readonly<Record<string, unknown>>): readonly number[] {
  const file = text(options["atFile"]);
  const lines =
    file === ""
      ? []
      : readText(file)
          .split(/\r?\n/)
          .map((line) => line.trim());
  const listed = lines.flatMap((line, index) =>
    line === "" || line.startsWith("#") ? [] : [{ line, where: `${file}:${index + 1}` }],
  );
  const given = [...texts(options["at"]).map((line) => ({ line, where: "--at" })), ...listed];
  return given.flatMap(({ line, where }) => instantOption(line, where) ?? []);
}

const iso = (at: number): string => new Date(at).toISOString().replace(".000Z", "Z");
const asText = ({ start, end }: Interval) => ({ from: iso(start), until: iso(end) });

interface Asked {
  readonly schedule: Schedule;
  readonly times: EnvironmentTimes;
  readonly environment: string;
}

/** The calendar of the coming days: openings, and the freezes among them, as data, table, iCalendar or picture. */
function calendar(
  { schedule, times, environment }: Asked,
  from: number,
  days: number,
  options: Readonly<Record<string, unknown>>,
): Answer {
  const until = from + days * dayMs;
  const made = environmentCalendar(schedule, times, from, until);
  const { zone, openings, freezes } = made;
  const json = {
    environment,
    from: iso(from),
    until: iso(until),
    openings: openings.map(asText),
    freezes: freezes.map(({ name, reason, on }) => ({
      name,
      reason: reason === "" ? null : reason,
      on: on.map(asText),
    })),
  };
  if (options["ics"] === true)
    return {
      json,
      text: exportIcs({
        name: `Deployments to ${environment}`,
        now: Date.now(),
        rows: exportedRows(environment, made),
      }),
      exitCode: 0,
    };
  if (options["svg"] === true)
    return {
      json,
      text: drawSchedule({
        title: `Deployments to ${environment}`,
        zone,
        from,
        days,
        open: openings,
        freezes: freezes.map(({ name, on }) => ({ name, intervals: on })),
      }),
      exitCode: 0,
    };
  const lines = [
    ...openings.map(
      ({ start, end }) => `open    ${zonedText(start, zone)} to ${zonedText(end, zone)}`,
    ),
    ...freezes.flatMap(({ name, reason, on }) =>
      on.map(
        ({ start, end }) =>
          `frozen  ${zonedText(start, zone)} to ${zonedText(end, zone)}  ${name}${reason === "" ? "" : `: ${reason}`}`,
      ),
    ),
    ...(openings.length === 0 ? [`no opening for ${environment} in ${days} days`] : []),
  ];
  return { json, text: lines.join("\n"), exitCode: 0 };
}

function table(asked: Asked, instants: readonly number[]): Answer {
  const { schedule, times, environment } = asked;
  const rows = instants.map((at) =>
    answerWhen(schedule, { environment, at, windows: times.windows, freezes: times.freezes }),
  );
  const notes =
    times.partly.length === 0
      ? []
      : [
          `some deployments are held as well by ${times.partly.join(", ")} (branches, paths or labels)`,
        ];
  return {
    json: rows,
    text: [
      ...rows.map(
        (row) =>
          `${row.at}  ${row.open ? "open  " : "closed"}  ${row.because}${row.next_change === null ? "" : `; changes ${row.next_change}`}`,
      ),
      ...notes,
    ].join("\n"),
    exitCode: 0,
  };
}

export const when: DefineCommand = () => ({
  command: new Command("when")
    .description(
      "whether an environment is open, why, and when that changes; or the calendar of the coming days",
    )
    .requiredOption(
      "--policy <file>",
      "the repository's policy; calendars it names are read from the working directory",
    )
    .option("--org-policy <file>", "the organisation's policy")
    .requiredOption("--environment <name>", "the environment")
    .option(
      "--at <instants...>",
      "at these instants, such as 2026-03-30T07:00:00Z; now, where none is given",
    )
    .option("--at-file <file>", "at the instants of this file, one a line")
    .option("--days <number>", "the calendar of so many days, from the first instant on")
    .option("--ics", "the calendar as iCalendar text")
    .option("--svg", "the calendar as a picture"),
  run: (_args, options) => {
    const policy = policyOf(text(options["policy"]), text(options["orgPolicy"]));
    const environment = text(options["environment"]);
    const { schedule, problems } = compileSchedule(policy, { file: textIfThere });
    for (const problem of problems)
      process.stderr.write(`gatehouse: ${problem.path.join(".")}: ${problem.message}\n`);
    const asked: Asked = { schedule, times: timesOf(policy, environment), environment };
    const instants = instantsOf(options);
    const now = Date.now();
    const days = options["days"] === undefined ? null : Number(text(options["days"]));
    if (days !== null && (!Number.isInteger(days) || days < 1 || days > mostDays))
      throw new UnusableInput(
        `--days ${text(options["days"])}: write a whole number from 1 to ${mostDays}`,
      );
    const drawn = options["ics"] === true || options["svg"] === true;
    if (options["ics"] === true && options["svg"] === true)
      throw new UnusableInput("--ics and --svg: one picture of the calendar at a time");
    if (days !== null || drawn) return calendar(asked, instants[0] ?? now, days ?? 28, options);
    return table(asked, instants.length === 0 ? [now] : instants);
  },
});
