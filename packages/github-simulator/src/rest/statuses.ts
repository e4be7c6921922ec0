import { created, invalid } from "../http/reply.ts";
import { param, text, type Route } from "../http/call.ts";
import { paged } from "../http/paging.ts";
import { repoOf, writer } from "../http/scope.ts";
import { accountOf } from "../world/accounts.ts";
import { fullName } from "../world/lookup.ts";
import { setStatus } from "../scenario/checks.ts";
import { combinedStatus, latestStatuses, status } from "../render/check.ts";
import { shaOf } from "./commits.ts";

export const statusRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/commits/{ref}/status",
    permission: "statuses:read",
    handle: (call) => {
      const repo = repoOf(call);
      const sha = shaOf(call, repo, param(call, "ref"));
      const perPage = Math.min(Number(call.query.get("per_page") ?? 30) || 30, 100);
      const from = ((Number(call.query.get("page") ?? 1) || 1) - 1) * perPage;
      const all = latestStatuses(repo, sha);
      return paged(
        call,
        all,
        (one) => one,
        () => combinedStatus(call.world, repo, sha, all.slice(from, from + perPage)),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/commits/{ref}/statuses",
    permission: "statuses:read",
    handle: (call) => {
      const repo = repoOf(call);
      const sha = shaOf(call, repo, param(call, "ref"));
      return paged(call, repo.statuses.filter((one) => one.sha === sha).reverse(), (one) =>
        status(call.world, repo, one),
      );
    },
  },
  {
    method: "POST",
    path: "/repos/{owner}/{repo}/statuses/{sha}",
    permission: "statuses:write",
    handle: (call) => {
      const repo = repoOf(call);
      const state = text(call, "state");
      if (state !== "error" && state !== "failure" && state !== "pending" && state !== "success")
        throw invalid({ resource: "Status", code: "custom", field: "state" });
      const [description, targetUrl] = [text(call, "description"), text(call, "target_url")];
      const made = setStatus(call.world, {
        repo: fullName(call.world, repo),
        sha: param(call, "sha"),
        context: text(call, "context") ?? "default",
        state,
        by: accountOf(call.world, writer(call).userId).login,
        ...(description === undefined ? {} : { description }),
        ...(targetUrl === undefined ? {} : { targetUrl }),
      });
      const found = repo.statuses.find((one) => one.id === made.id);
      return created(found === undefined ? {} : status(call.world, repo, found));
    },
  },
];
