import { noContent, notFound, ok, created, invalid } from "../http/reply.ts";
import { param, text, type Route } from "../http/call.ts";
import { strings } from "../http/json.ts";
import { paged } from "../http/paging.ts";
import { issueOf, repoOf, writer } from "../http/scope.ts";
import { ensureLabel, labelledBy } from "../scenario/labels.ts";
import { label } from "../render/issue.ts";

const read = ["issues:read", "pull_requests:read"];
const write = ["issues:write", "pull_requests:write"];

export const labelRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/labels",
    permission: read,
    handle: (call) => {
      const repo = repoOf(call);
      return paged(call, [...repo.labels.values()], (one) => label(call.world, repo, one));
    },
  },
  {
    method: "POST",
    path: "/repos/{owner}/{repo}/labels",
    permission: write,
    handle: (call) => {
      const repo = repoOf(call);
      const name = text(call, "name");
      if (name === undefined || repo.labels.has(name.toLowerCase()))
        throw invalid({
          resource: "Label",
          field: "name",
          code: name === undefined ? "missing_field" : "already_exists",
        });
      return created(
        label(
          call.world,
          repo,
          ensureLabel(
            call.world,
            repo,
            name,
            text(call, "color") ?? "ededed",
            text(call, "description") ?? null,
          ),
        ),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/labels/{name}",
    permission: read,
    handle: (call) => {
      const repo = repoOf(call);
      const found = repo.labels.get(param(call, "name").toLowerCase());
      if (found === undefined) throw notFound();
      return ok(label(call.world, repo, found));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/issues/{issue_number}/labels",
    permission: read,
    handle: (call) => {
      const repo = repoOf(call);
      return paged(call, issueOf(call, repo).labels, (one) => label(call.world, repo, one));
    },
  },
  {
    method: "POST",
    path: "/repos/{owner}/{repo}/issues/{issue_number}/labels",
    permission: write,
    handle: (call) => {
      const repo = repoOf(call);
      const on = issueOf(call, repo);
      const names = strings(call.body["labels"] ?? call.body["items"]);
      for (const name of names) labelledBy(call.world, repo, on, name, writer(call).userId, true);
      return ok(on.labels.map((one) => label(call.world, repo, one)));
    },
  },
  {
    method: "DELETE",
    path: "/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}",
    permission: write,
    handle: (call) => {
      const repo = repoOf(call);
      const on = issueOf(call, repo);
      const name = param(call, "name");
      if (!on.labels.some((one) => one.name.toLowerCase() === name.toLowerCase()))
        throw notFound("Label does not exist");
      labelledBy(call.world, repo, on, name, writer(call).userId, false);
      return ok(on.labels.map((one) => label(call.world, repo, one)));
    },
  },
  {
    method: "DELETE",
    path: "/repos/{owner}/{repo}/issues/{issue_number}/labels",
    permission: write,
    handle: (call) => {
      const repo = repoOf(call);
      const on = issueOf(call, repo);
      for (const one of [...on.labels])
        labelledBy(call.world, repo, on, one.name, writer(call).userId, false);
      return noContent;
    },
  },
];
