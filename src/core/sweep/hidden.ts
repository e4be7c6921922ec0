import { z } from "zod";
import type { Person } from "#core/model/actor.ts";
import type { RepositoryAsked } from "./activity.ts";

const personAsked = z.object({ id: z.number(), login: z.string() });

export interface HiddenRepository extends RepositoryAsked {
  readonly installationId: number;
}

/** Whose role is asked: the account's, wherever its login is by now. */
export type PersonAsked = Pick<Person, "id" | "login">;

/**
 * Facts that no digest of the activity sweep shows. Each is one question to the REST API, which costs nothing as long
 * as the answer is the one that was given before.
 */
export type HiddenQuestion =
  /** What somebody may do there. */
  | { readonly kind: "role"; readonly repository: HiddenRepository; readonly person: PersonAsked }
  /** Newest analyses of code scanning, by ref. */
  | { readonly kind: "analyses"; readonly repository: HiddenRepository }
  /** Open code scanning alerts on a ref. */
  | { readonly kind: "alerts"; readonly repository: HiddenRepository; readonly ref: string }
  | { readonly kind: "dependabot"; readonly repository: HiddenRepository }
  | { readonly kind: "secrets"; readonly repository: HiddenRepository }
  /** Values of its custom properties. */
  | { readonly kind: "properties"; readonly repository: HiddenRepository }
  /** The same of many repositories of an organisation (by their ids), a hundred at once. */
  | {
      readonly kind: "organization_properties";
      readonly repository: HiddenRepository;
      readonly asked: readonly string[];
    }
  /** Open incidents of many repositories, a hundred at once. */
  | {
      readonly kind: "many_incidents";
      readonly repository: HiddenRepository;
      readonly asked: readonly IncidentsAsked[];
    }
  /** Open issues with a label that makes incidents of them. */
  | { readonly kind: "incidents"; readonly repository: HiddenRepository; readonly label: string }
  /** Workflow runs that wait for an answer. */
  | { readonly kind: "waiting"; readonly repository: HiddenRepository };

export interface IncidentsAsked {
  readonly repository: HiddenRepository;
  readonly label: string;
}

export interface HiddenAnswer {
  /** Digests by what they are of: a ref, a repository or its label where the question is about several, else "". */
  readonly marks: Readonly<Record<string, string>>;
  /** How many calls GitHub charged for, where it was more than one. */
  readonly calls?: number | undefined;
  /** GitHub did not charge for it. */
  readonly isFree: boolean;
}

/** The key of a repository's label among the marks of many. */
export const incidentsKey = ({ repository, label }: IncidentsAsked): string =>
  `${repository.id}:${label.toLowerCase()}`;

export function hiddenKey(question: HiddenQuestion): string {
  if (question.kind === "organization_properties" || question.kind === "many_incidents")
    return `${question.kind}:${question.repository.owner.toLowerCase()}`;
  const { kind, repository } = question;
  const more =
    question.kind === "role"
      ? String(question.person.id)
      : question.kind === "alerts"
        ? question.ref
        : question.kind === "incidents"
          ? question.label.toLowerCase()
          : "";
  return `${kind}:${repository.id}:${more}`;
}

type Source = "analyses" | "dependabot" | "secrets" | "properties";

const sources: Readonly<Record<string, Source>> = {
  custom_properties: "properties",
  findings_code_scanning: "analyses",
  findings_dependabot: "dependabot",
  findings_secret_scanning: "secrets",
};

/** What a subject stands on of these facts, as far as the keys of its facts tell. */
export interface HiddenFacts {
  readonly people: readonly PersonAsked[];
  readonly sources: readonly Source[];
  /** Labels of incidents that are kept in the repository itself; elsewhere the rule looks again by itself. */
  readonly labels?: readonly string[];
  /** What health sources said, in one word each, by the need's key. */
  readonly health?: Readonly<Record<string, string>>;
}

export function hiddenAmong(keys: Iterable<string>): HiddenFacts {
  const people = new Map<number, PersonAsked>();
  const found = new Set<Source>();
  const labels = new Set<string>();
  for (const key of keys) {
    const source = sources[key];
    if (source !== undefined) found.add(source);
    for (const label of labelsIn(key)) labels.add(label);
    const person = personIn(key);
    if (person !== undefined) people.set(person.id, person);
  }
  return {
    people: [...people.values()].toSorted((a, b) => a.id - b.id),
    sources: [...found].sort(),
    ...(labels.size === 0 ? {} : { labels: [...labels].sort() }),
  };
}

/** Whose role the key of a fact is about. */
function personIn(key: string): PersonAsked | undefined {
  const params = /^role:(\{.*\})$/.exec(key)?.[1];
  return params === undefined ? undefined : personAsked.safeParse(JSON.parse(params)).data;
}

const incidentsAsked = z.object({ repository: z.null(), labels: z.array(z.string()) });

/** Labels that the key of a fact about this repository's own incidents asks for. */
function labelsIn(key: string): readonly string[] {
  const params = /^open_incidents:(\{.*\})$/.exec(key)?.[1];
  return params === undefined
    ? []
    : (incidentsAsked.safeParse(JSON.parse(params)).data?.labels ?? []);
}
