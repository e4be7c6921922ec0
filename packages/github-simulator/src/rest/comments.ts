import { Refusal, created, invalid, noContent, notFound, ok } from "../http/reply.ts";
import { numberParam, text, type Call, type Route } from "../http/call.ts";
import { paged } from "../http/paging.ts";
import { issueOf, repoOf, writer } from "../http/scope.ts";
import { addComment, addReaction, changeComment, removeComment } from "../world/comment-writes.ts";
import type { Comment, Issue } from "../world/issues.ts";
import type { Repo } from "../world/repositories.ts";
import { comment, reaction } from "../render/issue.ts";

const contents = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"];

function one(call: Call, repo: Repo): { on: Issue; found: Comment } {
  const id = numberParam(call, "comment_id");
  for (const on of repo.issues.values()) {
    const found = on.comments.find((candidate) => candidate.id === id);
    if (found !== undefined) return { on, found };
  }
  throw notFound();
}

function body(call: Call): string {
  const value = text(call, "body");
  if (value === undefined || value.trim() === "")
    throw invalid({ resource: "IssueComment", field: "body", code: "missing_field" });
  if (value.length > 65_536)
    throw invalid({
      resource: "IssueComment",
      field: "body",
      code: "unprocessable",
      message: "Body is too long (maximum is 65536 characters)",
    });
  return value;
}

const read = ["issues:read", "pull_requests:read"];
const write = ["issues:write", "pull_requests:write"];

export const commentRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/issues/comments/{comment_id}",
    permission: read,
    handle: (call) => {
      const repo = repoOf(call);
      const { on, found } = one(call, repo);
      return ok(comment(call.world, repo, on, found));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/issues/{issue_number}/comments",
    permission: read,
    handle: (call) => {
      const repo = repoOf(call);
      const on = issueOf(call, repo);
      const since = Date.parse(call.query.get("since") ?? "");
      return paged(
        call,
        on.comments.filter((candidate) => !(candidate.updatedAt < since)),
        (found) => comment(call.world, repo, on, found),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/issues/comments",
    permission: read,
    handle: (call) => {
      const repo = repoOf(call);
      const since = Date.parse(call.query.get("since") ?? "");
      const all = [...repo.issues.values()].flatMap((on) =>
        on.comments.map((found) => ({ on, found })),
      );
      return paged(
        call,
        all.filter(({ found }) => !(found.updatedAt < since)),
        ({ on, found }) => comment(call.world, repo, on, found),
      );
    },
  },
  {
    method: "POST",
    path: "/repos/{owner}/{repo}/issues/{issue_number}/comments",
    permission: write,
    handle: (call) => {
      const repo = repoOf(call);
      const on = issueOf(call, repo);
      if (on.locked) throw new Refusal(403, "Unable to create comment because issue is locked.");
      const { userId, appId } = writer(call);
      return created(
        comment(
          call.world,
          repo,
          on,
          addComment(call.world, repo, on, { authorId: userId, viaAppId: appId, body: body(call) }),
        ),
      );
    },
  },
  {
    method: "PATCH",
    path: "/repos/{owner}/{repo}/issues/comments/{comment_id}",
    permission: write,
    handle: (call) => {
      const repo = repoOf(call);
      const { on, found } = one(call, repo);
      changeComment(call.world, repo, on, found, body(call), writer(call).userId);
      return ok(comment(call.world, repo, on, found));
    },
  },
  {
    method: "DELETE",
    path: "/repos/{owner}/{repo}/issues/comments/{comment_id}",
    permission: write,
    handle: (call) => {
      const repo = repoOf(call);
      const { on, found } = one(call, repo);
      removeComment(call.world, repo, on, found, writer(call).userId);
      return noContent;
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
    permission: read,
    handle: (call) => {
      const { found } = one(call, repoOf(call));
      const wanted = call.query.get("content");
      return paged(
        call,
        found.reactions.filter((candidate) => wanted === null || candidate.content === wanted),
        (value) => reaction(call.world, value),
      );
    },
  },
  {
    method: "POST",
    path: "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
    permission: write,
    handle: (call) => {
      const { found } = one(call, repoOf(call));
      const content = text(call, "content");
      if (content === undefined || !contents.includes(content))
        throw invalid({ resource: "Reaction", field: "content", code: "invalid" });
      const made = addReaction(call.world, found, writer(call).userId, content);
      // 200 says: it was there already.
      return { status: made.isNew ? 201 : 200, body: reaction(call.world, made.reaction) };
    },
  },
  {
    method: "DELETE",
    path: "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}",
    permission: write,
    handle: (call) => {
      const { found } = one(call, repoOf(call));
      const at = found.reactions.findIndex(
        (candidate) => candidate.id === numberParam(call, "reaction_id"),
      );
      if (at === -1) throw notFound();
      found.reactions.splice(at, 1);
      return noContent;
    },
  },
];
