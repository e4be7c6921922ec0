import { type Actors, hasAtLeast, type Person } from "#core/model/actor.ts";
import type { Override } from "#core/model/override.ts";
import type { Subject } from "#core/model/subject.ts";
import { isReason, ticketIn } from "#core/overrides/reason.ts";
import { parseDuration } from "#core/text/duration.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { SimulatedWorld } from "./facts.ts";
import { hadHandIn } from "./hand-in.ts";
import type { World } from "./world.ts";

type OverrideWords = NonNullable<World["given"]["overrides"]>[number];

/** Overrides of the plain words that the policy grants: right people, reason, ticket, confirmations, this commit, not run out. */
export function overridesOf(
  policy: EffectivePolicy,
  { world, subject, now }: SimulatedWorld,
): readonly Override[] {
  return (world.given.overrides ?? []).flatMap((given, index) =>
    grant(given, index, policy, world, subject, now),
  );
}

function grant(
  given: OverrideWords,
  index: number,
  policy: EffectivePolicy,
  world: World,
  subject: Subject,
  now: number,
): readonly Override[] {
  const sha = subject.kind === "deployment" ? subject.sha : world.headSha;
  const definition = policy.overrides.find((each) => each.name === given.name);
  if (
    definition === undefined ||
    given.by === undefined ||
    (given.sha !== undefined && given.sha !== sha)
  )
    return [];
  const by = world.person(given.by);
  const confirmedBy = distinct(
    [...(given.confirmed_by ?? []), ...(given.confirmations ?? [])].map(world.person),
  ).filter((person) => person.id !== by.id && isAmong(person, definition.by, world));
  const reason = given.reason ?? "";
  const isTicketed = given.ticket !== undefined || ticketIn(reason) !== null;
  const others = [by, ...confirmedBy].filter((person) => !hadHandIn(person, world, subject));
  const grantedAt = given.at ?? now;
  const expiresAt = grantedAt + (parseDuration(definition.lasts) ?? 0);
  const isGranted =
    isAmong(by, definition.by, world) &&
    isReason(reason) &&
    (definition.ticket !== "required" || isTicketed) &&
    confirmedBy.length >= definition.confirmations &&
    others.length > 0 &&
    grantedAt <= now &&
    now < expiresAt;
  if (!isGranted) return [];
  return [
    {
      id: `plain-${index + 1}`,
      name: given.name,
      rules: definition.rules,
      sha,
      by,
      confirmedBy,
      reason,
      ...(given.ticket === undefined ? {} : { ticket: given.ticket }),
      grantedAt,
      expiresAt,
    },
  ];
}

function distinct(people: readonly Person[]): readonly Person[] {
  return people.filter(
    (person, index) => people.findIndex((other) => other.id === person.id) === index,
  );
}

function isAmong(person: Person, actors: Actors, world: World): boolean {
  return (
    (actors.users ?? []).some((login) => world.person(login).id === person.id) ||
    (actors.teams ?? []).some((team) =>
      world.membersOf(team).some((member) => member.id === person.id),
    ) ||
    (actors.roles ?? []).some((role) => hasAtLeast(world.roleOf(person.login), role))
  );
}
