/** What of the waiting list is asked for, as the page's address says it. */
export interface WaitingFilter extends Place {
  /** What the viewer opened, asked for, or is asked about. */
  readonly isMine: boolean;
  /** `owner/slug` whose word is asked for; "mine": any team of the viewer's. */
  readonly team: string | undefined;
}

/** A part of an address or a form that cannot be used, and what to write instead. */
export interface InputProblem {
  readonly field: string;
  readonly message: string;
}

const fields = ["mine", "team", "repository", "environment"] as const;
/** What the page itself adds, and what leads back here. */
const others = ["here"];

export const repositoryPattern = /^([A-Za-z0-9][A-Za-z0-9-]{0,99})\/([\w.-]{1,100})$/;

/** Where something is asked about, as an address says it. */
export interface Place {
  readonly repository: { readonly owner: string; readonly name: string } | undefined;
  readonly environment: string | undefined;
}

/** Reads what an address says of a place; what cannot be used is left out and named among the problems. */
export function readPlace(
  one: (field: keyof Place) => string | undefined,
  problems: InputProblem[],
): Place {
  const repository = one("repository");
  const named = repository === undefined ? null : repositoryPattern.exec(repository);
  if (repository !== undefined && named === null)
    problems.push({ field: "repository", message: `"${repository}" is not written as owner/name` });
  const environment = one("environment");
  const isName = environment === undefined || /^[^\0-\x1f\x7f]{1,255}$/.test(environment);
  if (!isName)
    problems.push({
      field: "environment",
      message: "is no name of an environment; write it as GitHub shows it, such as production",
    });
  return {
    repository:
      named?.[1] !== undefined && named[2] !== undefined
        ? { owner: named[1], name: named[2] }
        : undefined,
    environment: isName ? environment : undefined,
  };
}

/** Hostile input. Whatever cannot be used is named and the rest is applied: nothing is passed over in silence. */
export function readFilter(query: URLSearchParams): {
  readonly filter: WaitingFilter;
  readonly problems: readonly InputProblem[];
} {
  const problems: InputProblem[] = [];
  const one = (field: (typeof fields)[number]): string | undefined => {
    const all = query.getAll(field).filter((value) => value !== "");
    if (all.length > 1)
      problems.push({ field, message: "is given more than once; the first counts" });
    return all[0]?.trim();
  };
  for (const name of new Set(query.keys()))
    if (!fields.some((field) => field === name) && !others.includes(name))
      problems.push({
        field: name,
        message: `is no filter; filters are ${fields.join(", ")}`,
      });

  const mine = one("mine");
  if (mine !== undefined && mine !== "1" && mine !== "0")
    problems.push({ field: "mine", message: `"${mine}" is neither 1 nor 0` });

  const team = one("team");
  const isTeam = team === undefined || team === "mine" || repositoryPattern.test(team);
  if (!isTeam)
    problems.push({ field: "team", message: `"${team}" is neither "mine" nor owner/team` });

  return {
    filter: {
      isMine: mine === "1",
      team: isTeam ? team?.toLowerCase() : undefined,
      ...readPlace(one, problems),
    },
    problems,
  };
}
