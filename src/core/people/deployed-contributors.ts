import type { DeployedContributors } from "#core/model/deployed-contributors.ts";
import type { Person } from "#core/model/actor.ts";
import type { CommitIdentity } from "#core/facts/pull-request.ts";
import {
  coAuthor,
  contributorsTo,
  namesNobody,
  unmappedIdentities,
  type PeopleOfChange,
} from "./contributors.ts";

/** A pull request behind deployed commits. `shas`: its own commits, and what they became on the base branch. */
export interface DeployedChange extends PeopleOfChange {
  readonly number: number;
  readonly shas: readonly string[];
}

/** A deployed commit. `people`: author, co-authors and committer, without GitHub itself. */
export interface OutgoingCommit {
  readonly sha: string;
  readonly people: readonly CommitIdentity[];
}

/** All contributors to what is deployed: of its pull requests, and of commits without one. */
export function contributorsOfDeployment(
  commits: readonly OutgoingCommit[],
  changes: readonly DeployedChange[],
): DeployedContributors {
  const asChange = ({ people }: OutgoingCommit): PeopleOfChange => ({
    opener: null,
    commits: [{ authors: people, committer: null }],
    pushers: [],
    earlier: [],
    asked: [],
  });
  const all = contributorsTo([...changes, ...commits.map(asChange)]);
  const brought = new Set(changes.flatMap(({ shas }) => shas));
  const direct = commits.filter(({ sha }) => !brought.has(sha));
  return {
    contributors: [...all.values()].map(({ person, did }) => ({ person, did: outgoing(did) })),
    unmapped: [
      ...new Set([
        ...changes.flatMap((change) => unmappedIdentities(change.commits)),
        ...commits.flatMap((commit) => unmappedIdentities(asChange(commit).commits)),
      ]),
    ],
    untold: [
      ...direct.flatMap(({ sha, people }) => {
        const name = people.find(({ person }) => person === null)?.name;
        return name === undefined
          ? []
          : [
              `${sha.slice(0, 7)} by ${name === "" ? "somebody" : name}, whom GitHub knows no account of, came without a pull request`,
            ];
      }),
      ...changes.flatMap((change) =>
        namesNobody(change)
          ? [`#${change.number} names nobody whom GitHub knows an account of`]
          : [],
      ),
    ],
  };
}

const words: Readonly<Record<string, string>> = {
  "opened it": "opened a pull request that goes out",
  "wrote commits": "wrote commits that go out",
  [coAuthor]: "is a co-author of commits that go out",
  committed: "committed what goes out",
  "pushed to the branch": "pushed to the branch of what goes out",
  "asked an agent for it": "asked an agent for what goes out",
  "contributed to an earlier head": "contributed to an earlier head of what goes out",
};

const outgoing = (did: string): string => words[did] ?? did;

/** Why the person counts as a contributor; null if they are none. */
export function handIn({ contributors }: DeployedContributors, person: Person): string | null {
  return contributors.find((one) => one.person.id === person.id)?.did ?? null;
}
