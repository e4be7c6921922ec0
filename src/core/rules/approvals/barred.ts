import { deployedRange } from "../../facts/deployed-range.ts";
import type { DeploymentFact } from "../../facts/deployment.ts";
import type { Person } from "../../model/actor.ts";
import type { Ask } from "../in-rounds.ts";

/** Whom the rule takes out: both who asked and who ran it again (threat T52, row 39), and who wrote what goes out. */
export const excludable = ["requester", "authors"] as const;
export type Excludable = (typeof excludable)[number];

/** Why the requester rule bars a person; null where it does not. Free. */
export function whyRequester(
  person: Person,
  deployment: DeploymentFact,
  exclude: readonly Excludable[],
): string | null {
  if (!exclude.includes("requester")) return null;
  if (deployment.actor?.id === person.id) return "asked for this deployment";
  return deployment.triggeredBy?.id === person.id ? "ran this deployment again" : null;
}

export interface Authors {
  readonly ids: ReadonlySet<number>;
  /** Names on commits behind which GitHub knows no account: nobody is cleared by them. */
  readonly unmapped: readonly string[];
}

/** Who wrote or committed what goes out. `undefined` while it has not been read. */
export function authorsOf(exclude: readonly Excludable[], ask: Ask): Authors | undefined {
  if (!exclude.includes("authors")) return { ids: new Set(), unmapped: [] };
  const range = ask(deployedRange.need());
  if (range === undefined) return undefined;
  const people = range.commits.flatMap((commit) => commit.people);
  return {
    ids: new Set(people.flatMap(({ person }) => (person === null ? [] : [person.id]))),
    unmapped: [...new Set(people.filter(({ person }) => person === null).map(({ name }) => name))],
  };
}
