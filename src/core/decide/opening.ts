import { withRecordedFreezes } from "#core/calendar/compile.ts";
import { nextOpening } from "#core/calendar/next-opening.ts";
import { recordedFreezes } from "#core/facts/deployment-approvals.ts";
import { counts, type Decision } from "#core/model/decision.ts";
import type { FactTable } from "#core/model/fact.ts";
import type { EffectivePolicy, EffectiveRule } from "#core/policy/effective.ts";
import { askTable } from "#core/facts/read-table.ts";
import type { Requirement } from "#core/policy/requirement.ts";
import { freezeStates, watchedFreezes } from "#core/rules/kit/freezes/states.ts";
import type { Ask } from "#core/facts/ask.ts";
import { freezeNamesOf, notFrozen } from "#core/rules/not-frozen/rule.ts";
import { scheduleFor } from "#core/rules/kit/time/schedule-for.ts";
import { window, windowNamesOf } from "#core/rules/window/rule.ts";
import { freezesEnvironment } from "#core/deployments/freezes-in-force.ts";

/** The instant at which all requirements of time are met together. `none`: not before the horizon. */
export type Opening =
  | { readonly kind: "at"; readonly at: number }
  | { readonly kind: "none" }
  | { readonly kind: "unknown" };

/** The first instant from `from` on at which one requirement of time is met; null where there is none before the horizon. */
type Clockwork = (from: number, horizon: number) => number | null | undefined;

/** Requirements of time that must hold: those on their own or under `all`. Under `any` there may be another way. */
function mustHold(requirement: Requirement): readonly Extract<Requirement, { kind: "one" }>[] {
  if (requirement.kind === "one") return [requirement];
  return requirement.kind === "all" ? requirement.of.flatMap(mustHold) : [];
}

function clockworks(rule: EffectiveRule, decision: Decision, ask: Ask): readonly Clockwork[] {
  const { context } = rule;
  const { subject, now } = decision;
  return mustHold(rule.requirement).flatMap(({ rule: leaf, raw }): readonly Clockwork[] => {
    if (leaf.name === window.name) {
      const names = windowNamesOf(raw);
      const times = scheduleFor(context, { windows: names, freezes: [] }, ask);
      return times === undefined
        ? []
        : [
            (from, horizon) =>
              at(nextOpening(times.schedule, { windows: [names], freezes: [] }, from, horizon)),
          ];
    }
    if (leaf.name !== notFrozen.name) return [];
    const question = { names: freezeNamesOf(raw), policy: context, subject, now };
    const found = freezeStates(question, ask);
    if (found === undefined) return [];
    const holding = found.states
      .filter(({ kind }) => kind === "on" || kind === "unknown")
      .map(({ freeze }) => freeze.name);
    // A freeze that comes later counts where its environments alone say whom it covers, and nobody is exempt.
    const certain = watchedFreezes(question).filter(
      (freeze) =>
        freeze.enforcement !== "evaluate" &&
        freeze.exempt === undefined &&
        freeze.paths === undefined &&
        freeze.labels === undefined &&
        freeze.branches === undefined &&
        freeze.repositories === undefined,
    );
    const byPeople =
      subject.kind === "deployment"
        ? (ask(recordedFreezes.need()) ?? []).filter((freeze) =>
            freezesEnvironment(freeze, subject.environment),
          )
        : [];
    // A freeze without an end is lifted by people, at any moment: when that is nobody can say, so it holds and does not end the deployment.
    if (byPeople.some((freeze) => freeze.until === null)) return [() => undefined];
    const recorded = byPeople.map((freeze, index) => ({
      name: `/gate freeze ${index + 1}`,
      from: freeze.from,
      until: freeze.until ?? undefined,
      reason: freeze.reason,
    }));
    const schedule = withRecordedFreezes(found.times.schedule, recorded);
    const freezes = [
      ...new Set([
        ...holding,
        ...certain.map(({ name }) => name),
        ...recorded.map(({ name }) => name),
      ]),
    ];
    return [(from, horizon) => at(nextOpening(schedule, { windows: [], freezes }, from, horizon))];
  });
}

function at(next: ReturnType<typeof nextOpening>): number | null | undefined {
  return next.kind === "at" ? next.at : next.kind === "none" ? null : undefined;
}

/** More alternations of windows and freezes than any real calendar has. */
const mostTurns = 10_000;

/** When the rules of time that hold this decision back are all met at once. */
export function openingOf(
  policy: EffectivePolicy,
  decision: Decision,
  facts: FactTable,
  horizon: number,
): Opening {
  const ask = askTable(facts);
  // What is met now counts too: it may not be any more when the rest is.
  const counted = decision.rules.filter(
    (outcome) =>
      counts(outcome) && (outcome.verdict.kind === "pending" || outcome.verdict.kind === "pass"),
  );
  const works = counted.flatMap((outcome) => {
    const rule = policy.rules.find((each) => each.name === outcome.name);
    return rule === undefined ? [] : clockworks(rule, decision, ask);
  });
  let time = decision.now;
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const next = works.map((work) => work(time, horizon));
    if (next.includes(null)) return { kind: "none" };
    if (next.includes(undefined)) return { kind: "unknown" };
    const latest = Math.max(
      time,
      ...next.filter((instant): instant is number => typeof instant === "number"),
    );
    if (latest >= horizon) return { kind: "none" };
    if (latest === time) return { kind: "at", at: time };
    time = latest;
  }
  return { kind: "unknown" };
}
