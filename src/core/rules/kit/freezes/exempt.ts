import type { WrittenFreeze } from "#core/calendar/schema.ts";
import { deployment } from "#core/facts/deployment.ts";
import { labelsAdded } from "#core/facts/labels-added.ts";
import { needOf } from "#core/facts/of-pull-request.ts";
import { pullRequest } from "#core/facts/pull-request.ts";
import type { Actors, Person } from "#core/model/actor.ts";
import type { Subject } from "#core/model/subject.ts";
import { requesterOf as askedLast } from "#core/deployments/requester.ts";
import type { Ask } from "#core/facts/ask.ts";
import { at } from "#core/text/phrases.ts";
import { pullThatBecame, rangeWithPulls } from "../range/range-pulls.ts";
import { fastLane } from "../time/fast-lane.ts";
import { isAmong } from "#core/people/who-is-among.ts";

/** Why a freeze does not hold this subject, in words. `owesReview`: somebody has to look at it afterwards. */
export interface Passage {
  readonly why: string;
  readonly owesReview: boolean;
}

/** null: not exempt. `undefined`: a fact that decides it has not been read. */
type Answer = Passage | null | undefined;

/** Whether the freeze exempts the subject: a roll back, who asked for it, or a label that somebody with the right put on. */
export function passageOf(
  { exempt }: WrittenFreeze,
  subject: Subject,
  owner: string,
  ask: Ask,
): Answer {
  if (exempt === undefined) return null;
  const people: Actors = { users: exempt.users, teams: exempt.teams };
  const tests: readonly (() => Answer)[] = [
    ...(exempt.rollbacks === true ? [() => asRollback(subject, ask)] : []),
    ...(exempt.users === undefined && exempt.teams === undefined
      ? []
      : [() => askedBy(people, subject, owner, ask)]),
    ...(exempt.labels === undefined
      ? []
      : [() => labelled(exempt.labels ?? [], people, subject, owner, ask)]),
  ];
  let answer: Answer = null;
  for (const test of tests) {
    const found = test();
    if (found !== null && found !== undefined) return found;
    if (found === undefined) answer = undefined;
  }
  return answer;
}

function asRollback(subject: Subject, ask: Ask): Answer {
  const before = fastLane(subject, ask);
  return before && { why: "a roll back is exempt", owesReview: false };
}

/** The last requester counts, so that somebody without the right gains nothing by re-running an exempt person's run. */
function askedBy(people: Actors, subject: Subject, owner: string, ask: Ask): Answer {
  const person = requesterOf(subject, ask);
  if (person === undefined || person === null) return person;
  const is = isAmong({ person, canPush: null }, people, owner, ask);
  return is === undefined
    ? undefined
    : is
      ? { why: `${at(person)}, who asked for it, is exempt`, owesReview: false }
      : null;
}

function requesterOf(subject: Subject, ask: Ask): Person | null | undefined {
  if (subject.kind === "deployment") {
    const asked = ask(deployment.need());
    return asked && askedLast(asked);
  }
  return ask(pullRequest.need())?.author;
}

/** Authority comes from who put the label on: the freeze's people, or somebody with write access where it names none. */
function labelled(
  names: readonly string[],
  people: Actors,
  subject: Subject,
  owner: string,
  ask: Ask,
): Answer {
  const number = subject.kind === "deployment" ? broughtBy(subject.sha, ask) : null;
  if (number === undefined) return undefined;
  if (subject.kind === "deployment" && number === null) return null;
  const wish = labelsAdded.need();
  const labels = ask(number === null ? wish : needOf(number, wish));
  if (labels === undefined) return undefined;
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const mayExempt: Actors =
    people.users === undefined && people.teams === undefined ? { roles: ["write"] } : people;
  let answer: Answer = null;
  for (const { name, by } of labels) {
    if (!wanted.has(name.toLowerCase()) || by === null || by.type !== "User") continue;
    const is = isAmong({ person: by, canPush: null }, mayExempt, owner, ask);
    if (is === true)
      return { why: `the label ${name}, put on by ${at(by)}, exempts it`, owesReview: true };
    if (is === undefined) answer = undefined;
  }
  return answer;
}

function broughtBy(sha: string, ask: Ask): number | null | undefined {
  const out = rangeWithPulls(ask);
  return out && (pullThatBecame(out.pulls, sha)?.number ?? null);
}
