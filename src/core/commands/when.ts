import { answerWhen } from "#core/calendar/answer-when.ts";
import type { WrittenFreeze } from "#core/calendar/schema.ts";
import { freezeAt } from "#core/calendar/freeze.ts";
import { scheduleFor } from "#core/rules/kit/time/schedule-for.ts";
import { freezesInForce } from "#core/deployments/freezes-in-force.ts";
import { inert } from "#core/text/markdown.ts";
import { instant } from "#core/text/time.ts";
import { toRole } from "./authority.ts";
import { answered, refused, type Call, type Command } from "./command.ts";
import { environmentArgument, noMore } from "./environment-argument.ts";
import { environmentTimes } from "./environment-times.ts";

export const when: Command = {
  name: "when",
  usage: "<environment>",
  summary: "Says whether an environment is open now, why, and when that changes.",
  who: "read",
  grants: () => [toRole("read")],
  run: (call) => {
    const environment = environmentArgument(call, call.rest);
    if (environment === undefined) return undefined;
    if ("says" in environment) return refused(environment.says);
    const more = noMore(call, environment);
    if (more !== null) return refused(more);
    const times = environmentTimes(call, environment.name);
    if (times === undefined) return undefined;
    const {
      open,
      because,
      next_change: next,
    } = answerWhen(times.schedule, {
      environment: environment.name,
      at: call.now,
      windows: times.windows,
      freezes: times.freezes,
    });
    const change =
      next === null ? "No change is in sight." : `That changes at ${instant(Date.parse(next))}.`;
    return answered(
      [
        `**${inert(environment.name)}** is ${open ? "open" : "closed"} now: ${inert(because, 600)}. ${change}`,
        ...times.warnings.map((warning) => inert(warning, 600)),
      ].join("\n\n"),
    );
  },
};

/** Where the clock has freezes of the policy: whether each is on, and until when. Empty without rules, which give the zones their owner. */
function standingsOf(call: Call): ReadonlyMap<string, string> | undefined {
  const names = call.policy.freezes.map(({ name }) => name);
  const context = call.policy.rules[0]?.context;
  if (context === undefined || names.length === 0) return new Map();
  const times = scheduleFor(
    { ...context, calendars: call.policy.calendars, freezes: call.policy.freezes },
    { windows: [], freezes: names },
    call.ask,
  );
  return times === undefined
    ? undefined
    : new Map(names.map((name) => [name, freezeAt(times.schedule, name, call.now).because]));
}

function scopeOf(freeze: WrittenFreeze): string {
  const scope = [
    ...(freeze.environments ?? []),
    ...(freeze.branches ?? []),
    ...(freeze.paths ?? []),
    ...(freeze.labels ?? []),
    ...(freeze.repositories ?? []),
  ];
  return scope.length === 0 ? "" : `, ${inert(scope.join(", "))}`;
}

/** What the clock says of it, with the policy's reason: a freeze that is on tells its reason itself. */
function nowOf(freeze: WrittenFreeze, standings: ReadonlyMap<string, string>): string {
  const now = standings.get(freeze.name) ?? "as the policy says";
  return freeze.reason === undefined || now.includes(freeze.reason)
    ? now
    : `${now} (${freeze.reason})`;
}

export const freezes: Command = {
  name: "freezes",
  usage: "",
  summary:
    "Lists the freezes of the policy, and those that people made: which are on, until when, and why.",
  who: "read",
  grants: () => [toRole("read")],
  run: (call) => {
    const standings = standingsOf(call);
    if (standings === undefined) return undefined;
    const ofPolicy = call.policy.freezes.map(
      (freeze) =>
        `- ${inert(freeze.name)} (policy)${scopeOf(freeze)}: ${inert(nowOf(freeze, standings), 900)}`,
    );
    const byPeople = freezesInForce(call.acts, call.now).map(
      (freeze) =>
        `- ${inert(freeze.name)}, ${inert(freeze.environment)}, by ${inert(`@${freeze.by.login}`)}${freeze.from > call.now ? ` from ${instant(freeze.from)}` : ""}${freeze.until === null ? ", until it is lifted" : ` until ${instant(freeze.until)}`}: ${inert(freeze.reason, 600)}`,
    );
    const lines = [...byPeople, ...ofPolicy];
    return answered(lines.length === 0 ? "There are no freezes." : lines.join("\n"));
  },
};
