import { z } from "zod";
import { lookAhead } from "#core/calendar/limits.ts";
import { nextOpening, type NextOpening } from "#core/calendar/next-opening.ts";
import { withRecordedFreezes } from "#core/calendar/compile.ts";
import type { Schedule } from "#core/calendar/schedule.ts";
import { repairable } from "#core/calendar/phrases.ts";
import { calendarFile } from "#core/facts/calendar-file.ts";
import {
  deployedPullRequests,
  deployedRange,
  undoneCommits,
  undonePullRequests,
} from "#core/facts/deployed-range.ts";
import { recordedFreezes } from "#core/facts/deployment-approvals.ts";
import { deployment } from "#core/facts/deployment.ts";
import { sameCommitDeployments } from "#core/facts/deployments.ts";
import { labelsAdded } from "#core/facts/labels-added.ts";
import { ofPullRequest } from "#core/facts/of-pull-request.ts";
import { account, roleOf, teamMembers } from "#core/facts/people.ts";
import { changedFiles, labels, pullRequest } from "#core/facts/pull-request.ts";
import { repository } from "#core/facts/repository.ts";
import { pass, pending, unknown, type Verdict } from "#core/model/verdict.ts";
import { instant } from "#core/text/time.ts";
import { commandSpan } from "#core/text/command-text.ts";
import { freezesEnvironment } from "#core/deployments/freezes-in-force.ts";
import type { FreezeByPerson } from "#core/model/freeze.ts";
import { moreMembersAreTighter } from "../kit/direction.ts";
import { freezeStates } from "../kit/freezes/states.ts";
import type { Ask } from "#core/facts/ask.ts";
import { name } from "../kit/params.ts";
import { at } from "#core/text/phrases.ts";
import { defineRule, type Direction, type RuleContext } from "../kit/rule.ts";

const params = z.union([z.literal(true), name, z.array(name).min(1).max(50)]).meta({
  description:
    "true for every freeze, or the names of some. Freezes made with /gate freeze always count.",
  examples: [true, "year-end"],
});

type Params = z.output<typeof params>;

const freezeNames = (asked: Params): readonly string[] =>
  asked === true ? [] : typeof asked === "string" ? [asked] : asked;

/** The freezes that a written requirement names; null: every one. */
export function freezeNamesOf(raw: unknown): readonly string[] | null {
  const asked = params.parse(raw);
  return asked === true ? null : freezeNames(asked);
}

const describe = (asked: Params): string =>
  asked === true ? "no freeze is on" : `no freeze ${freezeNames(asked).join(", ")} is on`;

export const notFrozen = defineRule<Params>({
  name: "not_frozen",
  summary: "No freeze that covers the subject is on.",
  appliesTo: ["deployment", "pull_request"],
  params,
  refersTo: (asked) =>
    freezeNames(asked).map((each, index) => ({
      to: "freezes",
      name: each,
      path: Array.isArray(asked) ? [index] : [],
    })),
  needs: () => [
    calendarFile,
    recordedFreezes,
    deployment,
    sameCommitDeployments,
    deployedRange,
    deployedPullRequests,
    undoneCommits,
    undonePullRequests,
    ofPullRequest,
    labelsAdded,
    labels,
    changedFiles,
    pullRequest,
    repository,
    teamMembers,
    account,
    roleOf,
  ],
  judge,
  compare,
  joined: "value",
  describe,
});

function compare(organization: Params, repository: Params): Direction {
  if (organization === true) return "looser";
  return repository === true
    ? "tighter"
    : moreMembersAreTighter(freezeNames(organization), freezeNames(repository));
}

function judge(
  { params: asked, policy, subject, now }: RuleContext<Params>,
  ask: Ask,
): Verdict | undefined {
  const required = describe(asked);
  const people = subject.kind === "deployment" ? ask(recordedFreezes.need()) : [];
  const asOfPolicy = freezeStates(
    { names: asked === true ? null : freezeNames(asked), policy, subject, now },
    ask,
  );
  if (people === undefined || asOfPolicy === undefined) return undefined;

  const { times, states: standings, nextChanges } = asOfPolicy;
  const byPeople =
    subject.kind === "deployment"
      ? people.filter((freeze) => freezesEnvironment(freeze, subject.environment))
      : [];
  const on = byPeople.filter((freeze) => freeze.from <= now);
  const holding = standings.filter(({ kind }) => kind === "on" || kind === "unknown");
  const passed = standings.filter(({ kind }) => kind === "exempt" || kind === "evaluate");
  const warnings = [
    ...times.warnings,
    ...passed.map(({ because, kind }) =>
      kind === "evaluate"
        ? `${because}; it is in evaluation and holds nothing`
        : `${because}; it does not hold this`,
    ),
  ];
  if (on.length + holding.length === 0) {
    const changes = [
      ...nextChanges,
      ...byPeople.map((freeze) => freeze.from).filter((from) => from > now),
    ];
    return pass({
      found:
        passed.length === 0 ? "no freeze is on" : passed.map(({ because }) => because).join("; "),
      required,
      warnings,
      ...(changes.length === 0 ? {} : { changesAt: Math.min(...changes) }),
    });
  }

  const found = [...on.map(words), ...holding.map(({ because }) => because)].join("; ");
  const end = endOf(
    times.schedule,
    holding.map(({ freeze }) => freeze.name),
    byPeople,
    now,
  );
  const changesAt = end.kind === "at" ? end.at : undefined;
  const parts = { found, required, warnings, need: found, changesAt };
  if (on.length === 0 && holding.every(({ kind }) => kind === "unknown")) {
    return unknown({
      ...parts,
      next: "A freeze that nobody can tell holds. A maintainer of the policy repairs the calendar file that is named here, or takes it out of the policy; then Gatehouse judges again by itself.",
    });
  }
  return pending({ ...parts, next: nextStep(on, end) });
}

/** When the last of the freezes that follow each other without a gap ends: nothing, where none ends by itself. */
function endOf(
  policy: Schedule,
  names: readonly string[],
  byPeople: readonly FreezeByPerson[],
  now: number,
): NextOpening {
  const recorded = byPeople.map((freeze, index) => ({
    name: recordedName(index),
    from: freeze.from,
    until: freeze.until ?? undefined,
    reason: freeze.reason,
  }));
  const schedule = withRecordedFreezes(policy, recorded);
  return nextOpening(
    schedule,
    { windows: [], freezes: [...names, ...recorded.map(({ name: each }) => each)] },
    now,
    lookAhead(now),
  );
}

/** A name that no policy can use, since names in policies begin with a letter or a digit. */
const recordedName = (index: number): string => `/gate freeze ${index + 1}`;

function words(freeze: FreezeByPerson): string {
  const until = freeze.until === null ? "until further notice" : `until ${instant(freeze.until)}`;
  return `freeze ${freeze.name} is on ${until}, made by ${at(freeze.by)}${freeze.reason === "" ? "" : `: ${freeze.reason}`}`;
}

function nextStep(on: readonly FreezeByPerson[], end: NextOpening): string {
  const lifted =
    on[0] === undefined
      ? ""
      : ` Somebody who may freeze lifts it with ${commandSpan("unfreeze", on[0].name, "<reason>")}.`;
  switch (end.kind) {
    case "at":
      return `Gatehouse judges again by itself at ${instant(end.at)}.${lifted}`;
    case "unknown":
      return `Nobody can say when it ends: ${repairable(end.because)}.${lifted}`;
    case "none":
      return `It is held until the freeze is lifted.${lifted}`;
  }
}
