import { authorAssociation } from "../world/accounts.ts";
import type { Comment, Issue, Label, Reaction } from "../world/issues.ts";
import type { Repo } from "../world/repositories.ts";
import { iso, nodeId } from "../render/account.ts";
import { repoHtmlUrl } from "../render/repository.ts";
import { connection } from "./connection.ts";
import { shapeOrNull, type Args, type Gql, type Shape } from "./context.ts";

export function label(g: Gql, repo: Repo, value: Label): Shape {
  const url = `${repoHtmlUrl(g.world, repo)}/labels/${encodeURIComponent(value.name)}`;
  return {
    __typename: "Label",
    id: nodeId("Label", repo.id, value.name),
    name: value.name,
    color: value.color,
    description: value.description,
    isDefault: false,
    createdAt: null,
    updatedAt: null,
    url,
    resourcePath: new URL(url).pathname,
    repository: () => g.shapes.repository(g, repo),
  };
}

const contents: Readonly<Record<string, string>> = {
  "+1": "THUMBS_UP",
  "-1": "THUMBS_DOWN",
  laugh: "LAUGH",
  confused: "CONFUSED",
  heart: "HEART",
  hooray: "HOORAY",
  rocket: "ROCKET",
  eyes: "EYES",
};

function reactions(g: Gql, list: readonly Reaction[], args: Args): Shape {
  const shown = list.filter(
    (one) => typeof args["content"] !== "string" || contents[one.content] === args["content"],
  );
  return connection(
    "reactions",
    shown,
    args,
    (one) => ({
      __typename: "Reaction",
      id: nodeId("Reaction", one.id),
      databaseId: one.id,
      content: contents[one.content] ?? "EYES",
      createdAt: iso(one.createdAt),
      user: () => g.shapes.actor(g, one.userId),
    }),
    { viewerHasReacted: false },
  );
}

export function comment(g: Gql, repo: Repo, issue: Issue, value: Comment): Shape {
  const url = `${repoHtmlUrl(g.world, repo)}/${issue.isPull ? "pull" : "issues"}/${issue.number}#issuecomment-${value.id}`;
  const pull = repo.pulls.get(issue.number);
  return {
    __typename: "IssueComment",
    id: nodeId("IssueComment", repo.id, issue.number, value.id),
    databaseId: value.id,
    fullDatabaseId: String(value.id),
    body: value.body,
    bodyText: value.body,
    url,
    resourcePath: new URL(url).pathname,
    author: () => g.shapes.actor(g, value.authorId),
    authorAssociation: authorAssociation(g.world, repo, value.authorId),
    createdAt: iso(value.createdAt),
    updatedAt: iso(value.updatedAt),
    publishedAt: iso(value.createdAt),
    lastEditedAt: iso(value.editedAt),
    includesCreatedEdit: value.editedAt !== null,
    editor: () => g.shapes.actor(g, value.editorId),
    createdViaEmail: false,
    isMinimized: false,
    minimizedReason: null,
    viewerDidAuthor: false,
    issue: () => g.shapes.issue(g, repo, issue),
    pullRequest: () => shapeOrNull(pull, (one) => g.shapes.pull(g, repo, one, issue)),
    repository: () => g.shapes.repository(g, repo),
    reactions: (args: Args) => reactions(g, value.reactions, args),
  };
}

export function issue(g: Gql, repo: Repo, value: Issue): Shape {
  // Once it was edited, GitHub lists what it was at first as an edit of its author's, newest first.
  const edits = ({ authorId, createdAt, edits: made }: Issue) =>
    [{ at: createdAt, editorId: authorId }, ...made].toReversed();
  const edit = ({ at, editorId }: { at: number; editorId: number | null }): Shape => ({
    __typename: "UserContentEdit",
    id: nodeId("UserContentEdit", repo.id, value.number, at),
    createdAt: iso(at),
    editedAt: iso(at),
    updatedAt: iso(at),
    deletedAt: null,
    deletedBy: null,
    diff: null,
    editor: () => g.shapes.actor(g, editorId),
  });
  const url = `${repoHtmlUrl(g.world, repo)}/issues/${value.number}`;
  return {
    __typename: "Issue",
    id: nodeId("Issue", repo.id, value.number),
    databaseId: value.id,
    fullDatabaseId: String(value.id),
    number: value.number,
    title: value.title,
    body: value.body ?? "",
    bodyText: value.body ?? "",
    url,
    resourcePath: new URL(url).pathname,
    state: value.state.toUpperCase(),
    stateReason: value.stateReason?.toUpperCase() ?? null,
    closed: value.state === "closed",
    closedAt: iso(value.closedAt),
    createdAt: iso(value.createdAt),
    updatedAt: iso(value.updatedAt),
    publishedAt: iso(value.createdAt),
    lastEditedAt: iso(value.editedAt),
    includesCreatedEdit: value.editedAt !== null,
    locked: value.locked,
    milestone: null,
    author: () => g.shapes.actor(g, value.authorId),
    authorAssociation: authorAssociation(g.world, repo, value.authorId),
    editor: () => g.shapes.actor(g, value.editorId),
    userContentEdits: (args: Args) =>
      value.edits.length === 0 ? null : connection("userContentEdits", edits(value), args, edit),
    repository: () => g.shapes.repository(g, repo),
    labels: (args: Args) => connection("labels", value.labels, args, (one) => label(g, repo, one)),
    assignees: (args: Args) =>
      connection("assignees", value.assigneeIds, args, (id) => g.shapes.actor(g, id)),
    comments: (args: Args) =>
      connection("comments", value.comments, args, (one) => comment(g, repo, value, one)),
    reactions: (args: Args) => reactions(g, value.reactions, args),
  };
}
