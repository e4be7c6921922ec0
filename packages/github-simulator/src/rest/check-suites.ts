import { notFound, ok } from "../http/reply.ts";
import { numberParam, param, type Call, type Route } from "../http/call.ts";
import { paged } from "../http/paging.ts";
import { repoOf } from "../http/scope.ts";
import type { CheckSuite } from "../world/checks.ts";
import type { Repo } from "../world/repositories.ts";
import { checkRun, checkSuite, suiteRuns } from "../render/check.ts";
import { shaOf } from "./commits.ts";

function one(call: Call, repo: Repo): CheckSuite {
  const found = repo.suites.get(numberParam(call, "check_suite_id"));
  if (found === undefined) throw notFound();
  return found;
}

export const checkSuiteRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/commits/{ref}/check-suites",
    permission: "checks:read",
    handle: (call) => {
      const repo = repoOf(call);
      const sha = shaOf(call, repo, param(call, "ref"));
      const app = call.query.get("app_id");
      const list = [...repo.suites.values()].filter(
        (suite) => suite.headSha === sha && (app === null || suite.appId === Number(app)),
      );
      return paged(
        call,
        list,
        (suite) => checkSuite(call.world, repo, suite),
        (check_suites, total_count) => ({ total_count, check_suites }),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/check-suites/{check_suite_id}",
    permission: "checks:read",
    handle: (call) => {
      const repo = repoOf(call);
      return ok(checkSuite(call.world, repo, one(call, repo)));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs",
    permission: "checks:read",
    handle: (call) => {
      const repo = repoOf(call);
      return paged(
        call,
        suiteRuns(repo, one(call, repo)),
        (run) => checkRun(call.world, repo, run),
        (check_runs, total_count) => ({ total_count, check_runs }),
      );
    },
  },
];
