import {
  type ChangedFile,
  changedFiles,
  type CommitFact,
  commits,
  pullRequest,
  type PullRequestFact,
  pushers,
} from "#core/facts/pull-request.ts";
import { account, roleOf, teamMembers } from "#core/facts/people.ts";
import {
  codeOwnersFile,
  codeOwner,
  refusedOwners,
  type ReviewFact,
  reviews,
  reviewThreads,
  sameDiff,
} from "#core/facts/reviews.ts";
import type { Person, Role } from "#core/model/actor.ts";
import type { FactTable } from "#core/model/fact.ts";
import {
  aCommit,
  alice,
  aPerson,
  aPullRequest,
  bob,
  carol,
  dave,
  eve,
  factsOf,
  olderSha,
  tell,
} from "../../build.ts";

/** A pull request of alice's and the world around it, in which a test changes what it is about. */
export interface World {
  readonly pull?: Partial<PullRequestFact>;
  readonly reviews?: readonly ReviewFact[];
  readonly commits?: readonly CommitFact[];
  readonly pushers?: readonly Person[];
  readonly teams?: Readonly<Record<string, readonly Person[]>>;
  readonly roles?: Readonly<Record<string, Role>>;
  /** Logins that lead to another account than their own, or to none. */
  readonly accounts?: Readonly<Record<string, Person | null>>;
  /** Commits whose diff differs from the head's; every other commit has the head's diff. */
  readonly changedSince?: Readonly<Record<string, readonly string[]>>;
  readonly files?: readonly ChangedFile[];
  readonly codeowners?: string | null;
  /** Owners that GitHub does not take; left out: it does not say. */
  readonly refused?: readonly string[];
  readonly threads?: { readonly unresolved: number; readonly total: number };
}

export function world(over: World = {}): FactTable {
  const people = [alice, bob, carol, dave, eve];
  const logins = new Map<string, Person | null>(people.map((person) => [person.login, person]));
  for (const [login, person] of Object.entries(over.accounts ?? {})) logins.set(login, person);
  const shas = new Set(
    [olderSha, ...(over.reviews ?? []).map((review) => review.commitSha)].filter(
      (sha) => sha !== null,
    ),
  );
  return factsOf(
    tell(pullRequest.need(), aPullRequest(over.pull)),
    tell(reviews.need(), over.reviews ?? []),
    tell(commits.need(), over.commits ?? [aCommit()]),
    tell(pushers.need(), over.pushers ?? [alice]),
    ...(over.refused === undefined ? [] : [tell(refusedOwners.need(), over.refused)]),
    tell(reviewThreads.need(), over.threads ?? { unresolved: 0, total: 0 }),
    tell(changedFiles.need(), over.files ?? []),
    tell(
      codeOwnersFile.need(),
      over.codeowners === undefined || over.codeowners === null
        ? null
        : { path: ".github/CODEOWNERS", text: over.codeowners },
    ),
    ...[...shas].map((sha) =>
      tell(sameDiff.need(sha), {
        same: over.changedSince?.[sha] === undefined,
        changedPaths: over.changedSince?.[sha] ?? [],
      }),
    ),
    ...Object.entries(over.teams ?? {}).map(([team, members]) =>
      tell(teamMembers.need(team), members),
    ),
    ...Object.entries(over.roles ?? {}).map(([login, role]) =>
      tell(roleOf.need(aPerson(login)), role),
    ),
    ...[...logins].map(([login, person]) => tell(account.need(login), person)),
    ...[...logins].map(([login, person]) =>
      tell(codeOwner.need(`@${login}`), person === null ? null : [person]),
    ),
    ...Object.entries(over.teams ?? {}).map(([team, members]) =>
      tell(codeOwner.need(`@${team.includes("/") ? team : `acme/${team}`}`), members),
    ),
  );
}
