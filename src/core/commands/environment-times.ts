import { withRecordedFreezes } from "#core/calendar/compile.ts";
import type { Schedule } from "#core/calendar/schedule.ts";
import { freezeNamesOf, notFrozen } from "#core/rules/not-frozen/rule.ts";
import { scheduleFor } from "#core/rules/kit/time/schedule-for.ts";
import { window, windowNamesOf } from "#core/rules/window/rule.ts";
import { matchesAnyName } from "#core/formats/glob.ts";
import { freezesEnvironment, freezesInForce } from "#core/deployments/freezes-in-force.ts";
import type { Call } from "./command.ts";
import { leavesAt } from "./environment-rules.ts";

/** The windows and freezes that rules apply to deployments to an environment, and freezes that people made. */
export interface EnvironmentTimes {
  readonly schedule: Schedule;
  readonly windows: readonly (readonly string[])[];
  readonly freezes: readonly string[];
  readonly warnings: readonly string[];
}

/** `undefined`: a calendar file that it stands on has not been read. */
export function environmentTimes(
  { policy, acts, now, ask }: Pick<Call, "policy" | "acts" | "now" | "ask">,
  environment: string,
): EnvironmentTimes | undefined {
  const windows = leavesAt(policy, environment, window.name).map(({ leaf }) =>
    windowNamesOf(leaf.raw),
  );
  const asked = leavesAt(policy, environment, notFrozen.name).map(({ leaf }) =>
    freezeNamesOf(leaf.raw),
  );
  const covering = policy.freezes
    .filter(
      (freeze) =>
        freeze.environments === undefined ||
        matchesAnyName(freeze.environments, environment, { ignoreCase: true }),
    )
    .map(({ name }) => name);
  const freezes = [
    ...new Set(
      asked.flatMap((names) => covering.filter((name) => names === null || names.includes(name))),
    ),
  ];
  const context = policy.rules[0]?.context;
  if (context === undefined) return undefined;
  const times = scheduleFor(
    { ...context, windows: policy.windows, calendars: policy.calendars, freezes: policy.freezes },
    { windows: [...new Set(windows.flat())], freezes },
    ask,
  );
  if (times === undefined) return undefined;
  const byPeople =
    asked.length === 0
      ? []
      : freezesInForce(acts, now).filter((freeze) => freezesEnvironment(freeze, environment));
  const recorded = byPeople.map((freeze, index) => ({
    name: `/gate freeze ${index + 1} (${freeze.name})`,
    from: freeze.from,
    until: freeze.until ?? undefined,
    reason: freeze.reason,
  }));
  return {
    schedule: withRecordedFreezes(times.schedule, recorded),
    windows,
    freezes: [...freezes, ...recorded.map(({ name }) => name)],
    warnings: times.warnings,
  };
}
