import { accountOf } from "../world/accounts.ts";
import { fullName } from "../world/lookup.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { api, iso, nodeId, organization, user } from "./account.ts";

export function repoUrl(world: World, repo: Repo): string {
  return `${api(world)}/repos/${fullName(world, repo)}`;
}

export function repoHtmlUrl(world: World, repo: Repo): string {
  return `${world.origin}/${fullName(world, repo)}`;
}

/** The repository as every payload and most answers carry it. */
export function repository(world: World, repo: Repo): Record<string, unknown> {
  const url = repoUrl(world, repo);
  const html = repoHtmlUrl(world, repo);
  const openIssues = [...repo.issues.values()].filter((issue) => issue.state === "open").length;
  return {
    id: repo.id,
    node_id: nodeId("Repository", repo.id),
    name: repo.name,
    full_name: fullName(world, repo),
    private: repo.private,
    owner: user(world, accountOf(world, repo.ownerId)),
    html_url: html,
    description: repo.description,
    fork: repo.parentId !== null,
    url,
    forks_url: `${url}/forks`,
    keys_url: `${url}/keys{/key_id}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    teams_url: `${url}/teams`,
    hooks_url: `${url}/hooks`,
    issue_events_url: `${url}/issues/events{/number}`,
    events_url: `${url}/events`,
    assignees_url: `${url}/assignees{/user}`,
    branches_url: `${url}/branches{/branch}`,
    tags_url: `${url}/tags`,
    blobs_url: `${url}/git/blobs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    trees_url: `${url}/git/trees{/sha}`,
    statuses_url: `${url}/statuses/{sha}`,
    languages_url: `${url}/languages`,
    stargazers_url: `${url}/stargazers`,
    contributors_url: `${url}/contributors`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    commits_url: `${url}/commits{/sha}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    comments_url: `${url}/comments{/number}`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    contents_url: `${url}/contents/{+path}`,
    compare_url: `${url}/compare/{base}...{head}`,
    merges_url: `${url}/merges`,
    archive_url: `${url}/{archive_format}{/ref}`,
    downloads_url: `${url}/downloads`,
    issues_url: `${url}/issues{/number}`,
    pulls_url: `${url}/pulls{/number}`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    labels_url: `${url}/labels{/name}`,
    releases_url: `${url}/releases{/id}`,
    deployments_url: `${url}/deployments`,
    created_at: iso(repo.createdAt),
    updated_at: iso(repo.pushedAt),
    pushed_at: iso(repo.pushedAt),
    git_url: `git://${html.replace(/^https?:\/\//, "")}.git`,
    ssh_url: `git@${fullName(world, repo)}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: repo.hasIssues,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: repo.archived,
    disabled: false,
    open_issues_count: openIssues,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repo.private ? "private" : "public",
    forks: 0,
    open_issues: openIssues,
    watchers: 0,
    default_branch: repo.defaultBranch,
    custom_properties: repo.properties,
  };
}

/** `GET /repos/{owner}/{repo}` says more than a repository inside another answer. */
export function fullRepository(world: World, repo: Repo): Record<string, unknown> {
  const owner = accountOf(world, repo.ownerId);
  const parent = repo.parentId === null ? undefined : world.repos.get(repo.parentId);
  return {
    ...repository(world, repo),
    network_count: 0,
    subscribers_count: 0,
    temp_clone_token: null,
    allow_merge_commit: true,
    allow_squash_merge: true,
    allow_rebase_merge: true,
    allow_auto_merge: true,
    delete_branch_on_merge: false,
    ...(owner.type === "Organization" ? { organization: user(world, owner) } : {}),
    ...(parent === undefined
      ? {}
      : { parent: repository(world, parent), source: repository(world, parent) }),
  };
}

/** `repository`, `organization` and so on, as they lead every webhook of a repository. */
export function repositoryEnvelope(world: World, repo: Repo): Record<string, unknown> {
  const owner = accountOf(world, repo.ownerId);
  return {
    repository: repository(world, repo),
    ...(owner.type === "Organization" ? { organization: organization(world, owner) } : {}),
  };
}
