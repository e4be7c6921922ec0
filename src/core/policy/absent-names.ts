import { actorNames, teamOf } from "#core/people/who-is-among.ts";
import type { PolicyNotice } from "./effective.ts";
import { nameKey, namesIn, type AbsentName, type Name, type NamedKind } from "./named.ts";
import { pathText } from "#core/yaml/problem.ts";
import { problemAt } from "#core/yaml/source.ts";
import { validatePolicy, type ParsedPolicy } from "./validate.ts";

/** How a name is written to people: `@acme/security`, `@ada`, `"production"`. */
function shown({ kind, name }: Name, owner: string): string {
  switch (kind) {
    case "team":
      return actorNames({ teams: [name] }, owner).join("");
    case "user":
      return actorNames({ users: [name] }, owner).join("");
    case "environment":
      return `the environment "${name}"`;
    case "label":
      return `the label "${name}"`;
  }
}

const remedies: Readonly<Record<NamedKind, string>> = {
  team: "an administrator names a team that is there, or makes this one",
  user: "an administrator names somebody who is there",
  environment: "an administrator names one that is there, or makes this one in the settings",
  label: "an administrator names one that is there, or makes this one",
};

/** "@acme/nope does not exist; did you mean @acme/node? An administrator …". */
export function absentWords(absent: AbsentName, owner: string): string {
  const { kind, nearest } = absent;
  const what = shown(absent, owner);
  const hint =
    nearest === null
      ? "; "
      : `; did you mean ${shown({ kind, name: nearest }, owner).replace(/^the \w+ /, "")}? Else `;
  return `${what} does not exist${hint}${remedies[kind]}`;
}

/**
 * Of an organisation's policy, which speaks of many repositories, only people are looked for: that one of them has no
 * such label or environment is nothing wrong.
 */
const concerns = (file: PolicyNotice["file"], { kind }: Name): boolean =>
  file === "repository" || kind === "team" || kind === "user";

export interface NamingTexts {
  readonly organization: ParsedPolicy | null;
  readonly own: ParsedPolicy | null;
  /** Texts of what these extend, by what `extends` says. */
  readonly extended: ReadonlyMap<string, string>;
}

interface NamingText {
  readonly file: PolicyNotice["file"];
  readonly parsed: ParsedPolicy;
  /** What it extends, whose names are told of where it is named. */
  readonly base: ParsedPolicy | null;
}

function namingTexts({ organization, own, extended }: NamingTexts): readonly NamingText[] {
  const each = (file: PolicyNotice["file"], parsed: ParsedPolicy | null): readonly NamingText[] => {
    if (parsed === null) return [];
    const text = extended.get(parsed.policy.extends ?? "");
    return [
      { file, parsed, base: text === undefined ? null : (validatePolicy(text).policy ?? null) },
    ];
  };
  return [...each("organization", organization), ...each("repository", own)];
}

/** What has to be looked for at GitHub, each name once. */
export function namesAsked(texts: NamingTexts, owner: string): readonly Name[] {
  const all = namingTexts(texts).flatMap(({ file, parsed, base }) =>
    [...namesIn(parsed), ...(base === null ? [] : namesIn(base))].filter((name) =>
      concerns(file, name),
    ),
  );
  const first = new Map<string, Name>();
  for (const { kind, name } of all) {
    const key = nameKey({ kind, name }, owner);
    if (!first.has(key)) first.set(key, { kind, name });
  }
  return [...first.values()];
}

/** What is named and not there, each at its first place in its file. */
export function absentNotices(
  texts: NamingTexts,
  absent: readonly AbsentName[],
  owner: string,
): readonly PolicyNotice[] {
  if (absent.length === 0) return [];
  const known = new Map(absent.map((name) => [nameKey(name, owner), name]));
  return namingTexts(texts).flatMap(({ file, parsed, base }) => {
    const told = new Set<string>();
    const of = (source: ParsedPolicy, isBase: boolean): readonly PolicyNotice[] =>
      namesIn(source).flatMap((named) => {
        const key = nameKey(named, owner);
        const found = known.get(key);
        if (found === undefined || told.has(key) || !concerns(file, named)) return [];
        told.add(key);
        const words = absentWords({ ...found, name: named.name }, owner);
        const problem = isBase
          ? problemAt(
              parsed.source.positions.ofValue(["extends"]),
              "extends",
              `${parsed.policy.extends ?? ""} names what is not there: ${words}`,
              "warning",
            )
          : problemAt(named.place, pathText(named.path), words, "warning");
        return [{ file, problem, isAttempt: false }];
      });
    return [...of(parsed, false), ...(base === null ? [] : of(base, true))];
  });
}

/** What rules have to know of it: teams and users, folded. */
export const absentActors = (
  absent: readonly AbsentName[],
  owner: string,
): { readonly teams: ReadonlySet<string>; readonly users: ReadonlySet<string> } => ({
  teams: new Set(
    absent
      .filter(({ kind }) => kind === "team")
      .map(({ name }) => teamOf(name, owner).toLowerCase()),
  ),
  users: new Set(
    absent.filter(({ kind }) => kind === "user").map(({ name }) => name.toLowerCase()),
  ),
});
