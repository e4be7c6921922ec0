import { softly } from "#core/facts/if-readable.ts";
import { deployedContributors } from "#core/facts/deployed-contributors.ts";
import { deployment } from "#core/facts/deployment.ts";
import type { Actors, Person } from "#core/model/actor.ts";
import type { Ask } from "#core/facts/ask.ts";
import { whoIsLeft } from "../kit/people/who-is-left.ts";
import type { Excludable } from "./barred.ts";

export interface ApproversQuestion {
  readonly actors: Actors;
  readonly exclude: readonly Excludable[];
  readonly owner: string;
  readonly counted: readonly Person[];
  readonly missing: number;
}

/** With more people than this somebody is surely no contributor, so contributors are not read only to explain. */
const fewPeople = 5;

const because: Readonly<Record<Excludable, string>> = {
  requester: "asked for this deployment",
  authors: "had a hand in what goes out",
};

/**
 * Why the missing approvals cannot be given, and what an administrator can do; null if they can, or if it is
 * unknown. `undefined` while something has not been read.
 */
export function whyNobodyApproves(
  { exclude, ...question }: ApproversQuestion,
  ask: Ask,
): string | null | undefined {
  const circle = { ...question, because: exclude.map((who) => because[who]).join(" or ") };
  const named = whoIsLeft({ ...circle, barred: [] }, ask);
  if (named === undefined) return undefined;
  if (named.says !== null || named.left === null || named.left > fewPeople) return named.says;
  const asked = exclude.includes("requester") ? ask(softly(deployment.need())) : nobody;
  const wrote = exclude.includes("authors") ? ask(softly(deployedContributors.need())) : nobody;
  if (asked === undefined || wrote === undefined) return undefined;
  const barred = [
    ...(asked.told
      ? [asked.value.actor, asked.value.triggeredBy, ...(asked.value.alsoAsked ?? [])]
      : []),
    ...(wrote.told ? wrote.value.contributors.map(({ person }) => person) : []),
  ].filter((person) => person !== null);
  return whoIsLeft({ ...circle, barred }, ask)?.says;
}

const nobody = { told: false } as const;
