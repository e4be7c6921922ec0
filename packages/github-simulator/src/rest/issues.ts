import { Refusal, created, invalid, ok } from "../http/reply.ts";
import { text, type Route } from "../http/call.ts";
import { strings } from "../http/json.ts";
import { paged } from "../http/paging.ts";
import { issueOf, repoOf, writer } from "../http/scope.ts";
import { accountOf, findAccount } from "../world/accounts.ts";
import { fullName } from "../world/lookup.ts";
import { issue } from "../render/issue.ts";
import { editIssue, openIssue, setIssueState } from "../scenario/issues.ts";
import { labelledBy } from "../scenario/labels.ts";

export const issueRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/issues",
    permission: ["issues:read", "pull_requests:read"],
    handle: (call) => {
      const repo = repoOf(call);
      const state = call.query.get("state") ?? "open";
      const labels = (call.query.get("labels") ?? "").split(",").filter((name) => name !== "");
      const creator = call.query.get("creator")?.toLowerCase();
      const since = Date.parse(call.query.get("since") ?? "");
      const list = [...repo.issues.values()]
        .filter((one) => state === "all" || one.state === state)
        .filter((one) =>
          labels.every((name) =>
            one.labels.some((label) => label.name.toLowerCase() === name.toLowerCase()),
          ),
        )
        .filter(
          (one) =>
            creator === undefined ||
            (one.authorId !== null &&
              accountOf(call.world, one.authorId).login.toLowerCase() === creator),
        )
        .filter((one) => !(one.updatedAt < since))
        .sort((a, b) => (call.query.get("direction") === "asc" ? 1 : -1) * (a.number - b.number));
      return paged(call, list, (one) => issue(call.world, repo, one));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/issues/{issue_number}",
    permission: ["issues:read", "pull_requests:read"],
    handle: (call) => {
      const repo = repoOf(call);
      return ok({ ...issue(call.world, repo, issueOf(call, repo)) });
    },
  },
  {
    method: "POST",
    path: "/repos/{owner}/{repo}/issues",
    permission: "issues:write",
    handle: (call) => {
      const repo = repoOf(call);
      if (!repo.hasIssues) throw new Refusal(410, "Issues has been disabled in this repository.");
      const title = text(call, "title");
      if (title === undefined || title === "")
        throw invalid({ resource: "Issue", field: "title", code: "missing_field" });
      if ((text(call, "body")?.length ?? 0) > 65_536)
        throw invalid({
          resource: "Issue",
          field: "body",
          code: "custom",
          message: "body is too long (maximum is 65536 characters)",
        });
      const { userId, appId } = writer(call);
      const made = openIssue(call.world, {
        repo: fullName(call.world, repo),
        title,
        body: text(call, "body") ?? "",
        by: accountOf(call.world, userId).login,
        labels: strings(call.body["labels"]),
        assignees: strings(call.body["assignees"]),
        ...(appId === null ? {} : { viaAppId: appId }),
      });
      const found = repo.issues.get(made.number);
      return created(found === undefined ? {} : issue(call.world, repo, found));
    },
  },
  {
    method: "PATCH",
    path: "/repos/{owner}/{repo}/issues/{issue_number}",
    permission: ["issues:write", "pull_requests:write"],
    handle: (call) => {
      const repo = repoOf(call);
      const found = issueOf(call, repo);
      const { userId } = writer(call);
      const by = accountOf(call.world, userId).login;
      const [title, body, state] = [text(call, "title"), text(call, "body"), text(call, "state")];
      if (title !== undefined || body !== undefined)
        editIssue(call.world, {
          repo: fullName(call.world, repo),
          number: found.number,
          by,
          ...(title === undefined ? {} : { title }),
          ...(body === undefined ? {} : { body }),
        });
      if (Array.isArray(call.body["labels"])) {
        const wanted = strings(call.body["labels"]);
        for (const label of found.labels)
          if (!wanted.includes(label.name))
            labelledBy(call.world, repo, found, label.name, userId, false);
        for (const name of wanted) labelledBy(call.world, repo, found, name, userId, true);
      }
      if (Array.isArray(call.body["assignees"]))
        found.assigneeIds = strings(call.body["assignees"]).flatMap(
          (login) => findAccount(call.world, login)?.id ?? [],
        );
      if (state === "open" || state === "closed") {
        const reason = text(call, "state_reason");
        setIssueState(call.world, {
          repo: fullName(call.world, repo),
          number: found.number,
          state,
          by,
          ...(reason === "not_planned" ? { reason } : {}),
        });
      }
      return ok(issue(call.world, repo, found));
    },
  },
];
