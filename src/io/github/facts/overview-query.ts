import { policyPaths } from "#core/policy/files.ts";

/** The places of CODEOWNERS in GitHub's order. */
export const codeOwnersPaths = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

const page = "totalCount pageInfo { hasNextPage endCursor }";
const actor =
  "{ __typename login ... on User { databaseId } ... on Bot { databaseId } ... on Mannequin { databaseId } ... on Organization { databaseId } }";
const gitActor = "{ name email user { login databaseId } }";

const contexts = `${page} nodes {
  __typename
  ... on CheckRun {
    databaseId name status conclusion startedAt completedAt detailsUrl externalId
    steps(first: 1) { totalCount }
    checkSuite { databaseId branch { name prefix } app { databaseId slug } workflowRun { databaseId event file { path } } }
  }
  ... on StatusContext { context state createdAt targetUrl creator ${actor} }
}`;

/** Also runs that have no check run (yet). A suite of an App that never reports has no workflow run. */
const suites = `${page} nodes {
  status conclusion createdAt branch { name prefix }
  workflowRun { databaseId event url file { path } workflow { name } }
}`;

const reviews = `${page} nodes { author ${actor} authorCanPushToRepository state submittedAt commit { oid } }`;
const threads = `${page} nodes { isResolved }`;

const commits = `${page} nodes { commit {
  oid message tree { oid } parents(first: 10) { totalCount nodes { oid } }
  authors(first: 20) { totalCount nodes ${gitActor} } committer ${gitActor} signature { isValid }
} }`;

/** What every subject's answer says about the repository: identity, and blob ids of files that judge it. */
const repository = `
    databaseId name owner { login } isPrivate
    defaultBranchRef { name }
    root: object(expression: "HEAD:") { oid }
    policy0: object(expression: "HEAD:${policyPaths[0]}") { oid }
    policy1: object(expression: "HEAD:${policyPaths[1]}") { oid }
    owners0: object(expression: "HEAD:${codeOwnersPaths[0]}") { oid }
    owners1: object(expression: "HEAD:${codeOwnersPaths[1]}") { oid }
    owners2: object(expression: "HEAD:${codeOwnersPaths[2]}") { oid }`;

/** Everything about a pull request that fits one page, in one round trip. */
export const pullRequestQuery = `query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {${repository}
    pullRequest(number: $number) {
      number url state isDraft title body createdAt changedFiles
      author ${actor}
      baseRefName baseRefOid headRefName headRefOid isCrossRepository
      headRepository { databaseId }
      baseRef { target { oid } }
      baseChanges: timelineItems(itemTypes: [BASE_REF_CHANGED_EVENT, AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT, BASE_REF_FORCE_PUSHED_EVENT, BASE_REF_DELETED_EVENT], last: 1) {
        nodes { __typename ... on BaseRefChangedEvent { createdAt } ... on AutomaticBaseChangeSucceededEvent { createdAt } ... on BaseRefForcePushedEvent { createdAt } ... on BaseRefDeletedEvent { createdAt } }
      }
      reopenings: timelineItems(itemTypes: [REOPENED_EVENT], last: 1) { totalCount }
      labels(first: 100) { totalCount nodes { name } }
      files(first: 100) { ${page} nodes { path changeType additions deletions } }
      commits(first: 100) { ${commits} }
      reviews(first: 100) { ${reviews} }
      reviewThreads(first: 100) { ${threads} }
      closingIssuesReferences(first: 100) { totalCount nodes { number } }
      head: commits(last: 1) { nodes { commit { oid statusCheckRollup { contexts(first: 100) { ${contexts} } } checkSuites(first: 100) { ${suites} } } } }
    }
  }
}`;

/** The same for a commit that is judged by itself: a merge group's head, a deployment. */
export const commitQuery = `query($owner: String!, $name: String!, $sha: GitObjectID!) {
  repository(owner: $owner, name: $name) {${repository}
    commit: object(oid: $sha) { ... on Commit { oid statusCheckRollup { contexts(first: 100) { ${contexts} } } checkSuites(first: 100) { ${suites} } } }
  }
}`;

/** Further pages of the lists that GraphQL alone completes well. */
export const moreReviewsQuery = `query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { list: reviews(first: 100, after: $after) { ${reviews} } } }
}`;

export const moreCommitsQuery = `query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { list: commits(first: 100, after: $after) { ${commits} } } }
}`;

export const moreThreadsQuery = `query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { list: reviewThreads(first: 100, after: $after) { ${threads} } } }
}`;

export const moreContextsQuery = `query($owner: String!, $name: String!, $sha: GitObjectID!, $after: String) {
  repository(owner: $owner, name: $name) { commit: object(oid: $sha) { ... on Commit { statusCheckRollup { list: contexts(first: 100, after: $after) { ${contexts} } } } } }
}`;
