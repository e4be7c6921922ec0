import { organizationRepository } from "#core/policy/files.ts";
import type {
  ActivityQuestion,
  CommitAsked,
  PullAsked,
  RepositoryAsked,
} from "#core/sweep/activity.ts";
import { commentFields } from "./recent-comments.ts";

/**
 * Price, by GitHub's formula (docs.github.com, Rate limits for the GraphQL API): a point for each hundred connections
 * that have to be looked up. Aliases and single objects cost nothing, so a hundred pull requests with their checks
 * and reviews are three points, whatever they hold.
 */
const fragments = `
fragment checks on StatusCheckRollup {
  contexts(first: 100) {
    totalCount
    checkRunCountsByState { state count }
    statusContextCountsByState { state count }
    nodes { ...check }
  }
}
fragment check on StatusCheckRollupContext {
  __typename
  ... on CheckRun { databaseId status conclusion checkSuite { databaseId status conclusion app { databaseId } } }
  ... on StatusContext { id state }
}
fragment suites on Commit {
  checkSuites(first: 50) { nodes { databaseId status conclusion app { databaseId } } }
}
fragment groupChecks on PullRequest {
  inGroup: mergeQueueEntry {
    headCommit { ...suites statusCheckRollup { ...checks late: contexts(last: 100) { nodes { ...check } } } }
  }
}
fragment threads on PullRequest {
  reviewThreads(first: 100) { totalCount nodes { id isResolved } }
}
fragment lateChecks on PullRequest {
  late: statusCheckRollup { contexts(last: 100) { nodes { ...check } } }
}
fragment lateThreads on PullRequest {
  lateThreads: reviewThreads(last: 100) { totalCount nodes { id isResolved } }
}
fragment pull on PullRequest {
  number state isDraft updatedAt headRefOid headRefName baseRefName
  baseRef { target { oid } }
  baseChanges: timelineItems(itemTypes: [BASE_REF_CHANGED_EVENT, AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT, BASE_REF_FORCE_PUSHED_EVENT, BASE_REF_DELETED_EVENT], last: 1) { nodes { __typename ...baseChange } }
  reviewDecision
  latestOpinionatedReviews(first: 50, writersOnly: true) { totalCount nodes { state author { login } } }
  statusCheckRollup { ...checks }
  mergeQueueEntry { state headCommit { oid statusCheckRollup { state } } baseCommit { oid } }
}
fragment baseChange on PullRequestTimelineItems {
  ... on BaseRefChangedEvent { id }
  ... on AutomaticBaseChangeSucceededEvent { id }
  ... on BaseRefForcePushedEvent { id }
  ... on BaseRefDeletedEvent { id }
}
fragment place on Repository {
  yml: object(expression: "HEAD:.github/gatehouse.yml") { oid }
  yaml: object(expression: "HEAD:.github/gatehouse.yaml") { oid }
  defaultBranchRef { name target { oid } }
  isArchived isPrivate
  deployments(first: 10, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { databaseId state } }
}`;

/** One object and one connection for the whole owner: what is not known here, and where something happens. */
const aboveAll = (owner: string): string =>
  `above: repository(owner: ${text(owner)}, name: ${text(organizationRepository)}) { databaseId }
  lively: repositoryOwner(login: ${text(owner)}) {
    repositories(first: 100, ownerAffiliations: [OWNER], orderBy: { field: PUSHED_AT, direction: DESC }) {
      nodes { databaseId name pushedAt owner { login } }
    }
  }`;

const counted = "opened: pullRequests(states: OPEN, first: 1) { totalCount }";

const recentFragment = `
fragment recent on PullRequest {
  number state updatedAt headRefOid headRefName baseRefName
  repository { databaseId name owner { login } }
  author { __typename login ... on User { databaseId } }
  comments(last: 10) { ${commentFields("comments")} }
  reviews(last: 20) { ${commentFields("reviews")} }
}`;

/** Few on the first page: mostly nothing changed, and the comments of each that might have cost a look-up. */
const searched = (first: number): string =>
  `recent: search(type: ISSUE, query: $recent, first: ${first}, after: $after) {
    issueCount pageInfo { hasNextPage endCursor } nodes { __typename ...recent }
  }`;

/** One call's share of the question. */
export interface Share {
  readonly pulls: readonly PullAsked[];
  readonly repositories: readonly RepositoryAsked[];
  readonly commits: readonly CommitAsked[];
  readonly teams: readonly string[];
}

/** Cut so that each call carries at most so many parts of a kind; there is always a first one. */
export function sharesOf(question: ActivityQuestion): readonly Share[] {
  const { pulls, repositories, commits, teams, perCall } = question;
  const calls = Math.max(
    1,
    ...[pulls, repositories, commits, teams].map((list) => Math.ceil(list.length / perCall)),
  );
  return Array.from({ length: calls }, (_, index) => {
    const share = <T>(list: readonly T[]): readonly T[] =>
      list.slice(index * perCall, (index + 1) * perCall);
    return {
      pulls: share(pulls),
      repositories: share(repositories),
      commits: share(commits),
      teams: share(teams),
    };
  });
}

const text = (value: string): string => JSON.stringify(value);

/** The document of one call. Aliases name what each part is about: `r7` the repository 7, `p12` its pull request 12. */
export function activityQuery(
  share: Share,
  { owner, counting }: Pick<ActivityQuestion, "owner" | "counting">,
  search: "first page" | "next page" | null,
): string {
  const places = new Map<number, { readonly at: RepositoryAsked; readonly parts: Set<string> }>();
  const add = (at: RepositoryAsked, part: string): void => {
    const place = places.get(at.id) ?? { at, parts: new Set<string>() };
    place.parts.add(part);
    places.set(at.id, place);
  };
  for (const at of share.repositories)
    add(at, counting === true ? `...place ${counted}` : "...place");
  for (const {
    repository,
    number,
    threads = false,
    deep = false,
    queued = false,
    runsOf,
  } of share.pulls) {
    const asked = [
      "...pull",
      ...(threads ? ["...threads"] : []),
      ...(deep ? ["...lateChecks"] : []),
      ...(threads && deep ? ["...lateThreads"] : []),
      ...(queued ? ["...groupChecks"] : []),
    ].join(" ");
    add(repository, `p${number}: pullRequest(number: ${number}) { ${asked} }`);
    if (runsOf !== undefined)
      add(repository, `h${runsOf}: object(oid: ${text(runsOf)}) { ...suites }`);
  }
  for (const { repository, sha } of share.commits)
    add(
      repository,
      `c${sha}: object(oid: ${text(sha)}) { ...suites ... on Commit { statusCheckRollup { ...checks } } }`,
    );
  const parts = [...places].map(
    ([id, { at, parts: asked }]) =>
      `r${id}: repository(owner: ${text(at.owner)}, name: ${text(at.name)}) { databaseId ${[...asked].join(" ")} }`,
  );
  if (share.teams.length > 0)
    parts.push(
      `organization(login: ${text(owner)}) { ${share.teams
        .map(
          (slug, index) =>
            `t${index}: team(slug: ${text(slug)}) { databaseId members(first: 100) { totalCount nodes { databaseId } } }`,
        )
        .join(" ")} }`,
    );
  const withSearch = search !== null;
  const body = [
    ...(withSearch ? [searched(search === "first page" ? 25 : 100)] : []),
    ...(search === "first page" ? [aboveAll(owner)] : []),
    ...parts,
  ].join("\n  ");
  const head = withSearch ? "query($recent: String!, $after: String) " : "query ";
  // Only what is used may be defined.
  const used = usedFragments(`${body}${withSearch ? recentFragment : ""}`);
  return `${head}{\n  ${body}\n}${withSearch ? recentFragment : ""}${used}`;
}

const all = new Map(
  fragments
    .split(/\n(?=fragment )/)
    .map((one) => one.trim())
    .filter((one) => one !== "")
    .map((one) => [/^fragment (\w+)/.exec(one)?.[1] ?? "", one]),
);

function usedFragments(document: string): string {
  const used = new Set<string>();
  const look = (part: string): void => {
    for (const [name, fragment] of all)
      if (!used.has(name) && new RegExp(`\\.{3}${name}\\b`).test(part)) {
        used.add(name);
        look(fragment);
      }
  };
  look(document);
  return [...used].map((name) => `\n${all.get(name) ?? ""}`).join("");
}
