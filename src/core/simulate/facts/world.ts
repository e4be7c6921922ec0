import type { Person, Role } from "#core/model/actor.ts";
import type { GivenFacts } from "./schema.ts";

/** Facts in plain words, with defaults filled in and people looked up: what answers are made from. */
export interface World {
  readonly given: GivenFacts;
  readonly owner: string;
  readonly name: string;
  /** Epoch ms. */
  readonly now: number;
  readonly headSha: string;
  readonly author: Person | null;
  /** When the deployment was asked for; where nobody says, before anything was said of it. */
  readonly askedAt: number;
  /** The person behind a login, in any case; the same login is always the same id. */
  readonly person: (login: string) => Person;
  readonly roleOf: (login: string) => Role;
  /** Members of a team, by slug or org/slug. */
  readonly membersOf: (team: string) => readonly Person[];
  /** Instant of the n-th of `of` things that did not say when they happened: in their order, the last just before now. */
  readonly instantOf: (n: number, of: number) => number;
  /** The text of a file that the policy names; null: files are not at hand. */
  readonly file: SimulatedFiles | null;
}

/** Files of the repository, by path from its root: calendars that a policy names. */
export type SimulatedFiles = (path: string) => string | undefined;

/** Where no environment is named. */
export const environmentOf = ({ environment }: NonNullable<GivenFacts["deployment"]>): string =>
  environment ?? "production";

/** Custom properties, told with the repository or by themselves. */
export const propertiesOf = ({
  given: words,
}: Pick<World, "given">): Readonly<Record<string, string | readonly string[]>> => ({
  ...words.repository?.properties,
  ...words.properties,
});

/** The organisation of all teams that are written org/slug: bare slugs are relative to it. */
function onlyOrganization({ people = {} }: GivenFacts): string | null {
  const named = Object.values(people).flatMap(({ teams = [] }) =>
    teams.flatMap((team) =>
      team.includes("/") ? [team.replace(/^@/, "").split("/", 1)[0] ?? ""] : [],
    ),
  );
  const organizations = new Set(named.map((organization) => organization.toLowerCase()));
  return organizations.size === 1 ? (named[0] ?? null) : null;
}

/** Who is not described may write: a test of an outsider says so. */
const defaultRole: Role = "write";

export function makeWorld(
  words: GivenFacts,
  now: number,
  file: SimulatedFiles | null = null,
): World {
  const ids = new Map<string, number>();
  const described = new Map(
    Object.entries(words.people ?? {}).map(([login, person]) => [
      login.toLowerCase(),
      { login, ...person },
    ]),
  );
  const told = words.repository?.owner ?? onlyOrganization(words);
  const owner = told ?? "acme";

  const person = (login: string): Person => {
    const key = login.toLowerCase();
    const id = ids.get(key) ?? 1_001 + ids.size;
    ids.set(key, id);
    const known = described.get(key);
    const isBot = known?.bot ?? key.endsWith("[bot]");
    return { id, login: known?.login ?? login, type: isBot ? "Bot" : "User" };
  };

  const slugOf = (team: string): string => {
    const [organization, slug] = team.replace(/^@/, "").toLowerCase().split("/", 2);
    if (slug === undefined) return `${owner.toLowerCase()}/${organization ?? ""}`;
    return `${organization ?? ""}/${slug}`;
  };

  // Where nobody says whose repository it is, a bare slug is a team of whatever organisation the other side names.
  const isSameTeam = (held: string, wanted: string): boolean =>
    slugOf(held) === slugOf(wanted) ||
    (told === null &&
      !held.includes("/") &&
      slugOf(held).split("/")[1] === slugOf(wanted).split("/")[1]);

  // Ids do not depend on which rule asks first.
  for (const { login } of described.values()) person(login);
  const author = words.pull_request?.author === undefined ? "author" : words.pull_request.author;
  return {
    given: words,
    owner,
    name: words.repository?.name ?? "repository",
    now,
    headSha: words.pull_request?.commits?.at(-1)?.sha ?? words.deployment?.sha ?? "head",
    author: author === null ? null : person(author),
    askedAt:
      words.deployment?.at ??
      Math.min(now, ...(words.comments ?? []).map(({ at }) => at ?? now)) -
        1_000 * (1 + (words.comments?.length ?? 0)),
    person,
    roleOf: (login) => described.get(login.toLowerCase())?.role ?? defaultRole,
    membersOf: (team) =>
      [...described.values()]
        .filter(({ teams = [] }) => teams.some((each) => isSameTeam(each, team)))
        .map(({ login }) => person(login)),
    instantOf: (n, of) => now - (of - n) * 1_000,
    file,
  };
}
