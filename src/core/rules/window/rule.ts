import { z } from "zod";
import { lookAhead } from "#core/calendar/limits.ts";
import { endOfOpening, nextOpening } from "#core/calendar/next-opening.ts";
import type { Schedule } from "#core/calendar/schedule.ts";
import { windowAt } from "#core/calendar/window.ts";
import { calendarFile } from "#core/facts/calendar-file.ts";
import { sameCommitDeployments } from "#core/facts/deployments.ts";
import { pass, pending, unknown, type Verdict } from "#core/model/verdict.ts";
import { instant } from "#core/text/time.ts";
import { fewerMembersAreTighter } from "../kit/direction.ts";
import type { Ask } from "#core/facts/ask.ts";
import { name } from "../kit/params.ts";
import { defineRule, type RuleContext } from "../kit/rule.ts";
import { fastLane, passedBy } from "../kit/time/fast-lane.ts";
import { scheduleFor } from "../kit/time/schedule-for.ts";

const params = z.union([name, z.array(name).min(1).max(50)]).meta({
  description: "Name of a window, or a list of names: one that is open is enough.",
  examples: ["business-hours", ["business-hours", "saturdays"]],
});

type Params = z.output<typeof params>;

const windowNames = (asked: Params): readonly string[] =>
  typeof asked === "string" ? [asked] : asked;

/** The windows that a written requirement names. */
export const windowNamesOf = (raw: unknown): readonly string[] => windowNames(params.parse(raw));

const describe = (asked: Params): string => `window ${windowNames(asked).join(" or ")} is open`;

export const window = defineRule<Params>({
  name: "window",
  summary: "Now is inside at least one of the named windows.",
  appliesTo: ["deployment", "pull_request"],
  params,
  refersTo: (asked) =>
    windowNames(asked).map((each, index) => ({
      to: "windows",
      name: each,
      path: typeof asked === "string" ? [] : [index],
    })),
  needs: () => [calendarFile, sameCommitDeployments],
  judge,
  // Each window is a way to pass.
  compare: (organization, repository) =>
    fewerMembersAreTighter(windowNames(organization), windowNames(repository)),
  describe,
});

const repairsIt =
  "A maintainer of the policy repairs the calendar file that is named here, or takes it out of the policy; then Gatehouse judges again by itself.";

function judge(
  { params: asked, policy, subject, now }: RuleContext<Params>,
  ask: Ask,
): Verdict | undefined {
  const names = windowNames(asked);
  const required = describe(asked);
  const times = scheduleFor(policy, { windows: names, freezes: [] }, ask);
  if (times === undefined) return undefined;
  const { schedule, warnings } = times;
  const answers = names.map((each) => windowAt(schedule, each, now));
  const open = answers.find((answer) => answer.open === true);
  if (open !== undefined)
    return pass({ found: open.because, required, warnings, ...closes(schedule, names, now) });

  const lane = fastLane(subject, ask);
  if (lane === undefined) return undefined;
  if (lane !== null) return passedBy(lane, required);

  const found = answers.map(({ because }) => because).join("; ");
  const next = nextOpening(schedule, { windows: [names], freezes: [] }, now, lookAhead(now));
  const opensAt = next.kind === "at" ? next.at : undefined;
  const which = names.join(" or ");
  const unsure = answers.find((answer) => answer.open === "unknown");
  if (unsure !== undefined) {
    return unknown({
      found,
      required,
      warnings,
      need: `Nobody can say whether the window ${which} is open${unsure.unreadable === undefined ? "" : `: ${unsure.unreadable}`}`,
      next: repairsIt,
      changesAt: opensAt,
    });
  }
  if (next.kind === "unknown")
    return pending({
      found,
      required,
      warnings,
      need: `Nobody can say when the window ${which} opens: ${next.because}`,
      next: repairsIt,
    });
  return pending({
    found,
    required,
    warnings,
    need:
      opensAt === undefined
        ? `The window ${which} does not open`
        : `The window ${which} opens ${instant(opensAt)}`,
    next:
      opensAt === undefined
        ? "A maintainer of the policy gives it an opening."
        : `Gatehouse judges again by itself at ${instant(opensAt)}.`,
    changesAt: opensAt,
  });
}

function closes(
  schedule: Schedule,
  names: readonly string[],
  now: number,
): { readonly changesAt?: number } {
  const limit = lookAhead(now);
  const end = endOfOpening(schedule, { windows: [names], freezes: [] }, now, limit);
  return end >= limit ? {} : { changesAt: end };
}
