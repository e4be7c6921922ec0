import { Refusal, created, invalid, notFound, ok } from "../http/reply.ts";
import { numberParam, param, text, type Call, type Route } from "../http/call.ts";
import { objects, object } from "../http/json.ts";
import { paged } from "../http/paging.ts";
import { repoOf, writer } from "../http/scope.ts";
import { changeCheckRun, createCheckRun, type CheckChange } from "../world/check-writes.ts";
import { emitCheckRun } from "../webhooks/checks.ts";
import type { Annotation, CheckAction, CheckRun } from "../world/checks.ts";
import type { Repo } from "../world/repositories.ts";
import { checkRun } from "../render/check.ts";
import { repoHtmlUrl } from "../render/repository.ts";
import { shaOf } from "./commits.ts";

const maxText = 65_535;
const statuses = ["queued", "in_progress", "completed", "waiting", "requested", "pending"];
const conclusions = [
  "action_required",
  "cancelled",
  "failure",
  "neutral",
  "success",
  "skipped",
  "stale",
  "timed_out",
];
const levels = ["notice", "warning", "failure"];

function wrong(field: string, message: string): Refusal {
  return invalid({ resource: "CheckRun", field, code: "custom", message });
}

function bytes(value: string | null | undefined): number {
  return Buffer.byteLength(value ?? "", "utf8");
}

function readAnnotation(raw: Readonly<Record<string, unknown>>): Annotation {
  const str = (name: string): string | null => (typeof raw[name] === "string" ? raw[name] : null);
  const num = (name: string): number | null => (typeof raw[name] === "number" ? raw[name] : null);
  const [path, message, level] = [str("path"), str("message"), str("annotation_level")];
  const [start, end] = [num("start_line"), num("end_line")];
  if (path === null || path === "" || message === null || start === null || end === null)
    throw wrong("annotations", "path, start_line, end_line and message are required");
  if (level === null || !levels.includes(level))
    throw wrong("annotations", "annotation_level is not included in the list");
  if (bytes(message) > 65_536 || bytes(str("raw_details")) > 65_536)
    throw wrong("annotations", "message and raw_details are limited to 64 KB");
  if ((str("title")?.length ?? 0) > 255)
    throw wrong("annotations", "title is too long (maximum is 255 characters)");
  if (start !== end && (num("start_column") !== null || num("end_column") !== null))
    throw wrong("annotations", "columns may only be given when the annotation is on one line");
  if (end < start)
    throw wrong("annotations", "end_line must be greater than or equal to start_line");
  return {
    path,
    message,
    start_line: start,
    end_line: end,
    annotation_level: level,
    start_column: num("start_column"),
    end_column: num("end_column"),
    title: str("title"),
    raw_details: str("raw_details"),
  };
}

function readActions(call: Call): readonly CheckAction[] | undefined {
  if (call.body["actions"] === undefined) return undefined;
  const list = objects(call.body["actions"]).map((raw) => ({
    label: String(raw["label"]),
    description: String(raw["description"]),
    identifier: String(raw["identifier"]),
  }));
  if (list.length > 3) throw wrong("actions", "no more than 3 actions");
  if (
    list.some(
      (one) => one.label.length > 20 || one.description.length > 40 || one.identifier.length > 20,
    )
  ) {
    throw wrong("actions", "label and identifier are limited to 20 characters, description to 40");
  }
  return list;
}

function readOutput(call: Call): Pick<CheckChange, "title" | "summary" | "text" | "annotations"> {
  if (call.body["output"] === undefined) return {};
  const raw = object(call.body["output"]);
  const summary = typeof raw["summary"] === "string" ? raw["summary"] : undefined;
  if (summary === undefined) throw wrong("output", "summary is required");
  const annotations = objects(raw["annotations"]);
  if (annotations.length > 50)
    throw new Refusal(
      422,
      "Invalid request.\n\nNo more than 50 items are allowed; was given " +
        String(annotations.length) +
        ".",
    );
  const long = typeof raw["text"] === "string" ? raw["text"] : undefined;
  if (bytes(summary) > maxText)
    throw wrong("summary", `summary is too long (maximum is ${maxText} characters)`);
  if (bytes(long) > maxText)
    throw wrong("text", `text is too long (maximum is ${maxText} characters)`);
  return {
    summary,
    annotations: annotations.map(readAnnotation),
    ...(typeof raw["title"] === "string" ? { title: raw["title"] } : {}),
    ...(long === undefined ? {} : { text: long }),
  };
}

function readChange(call: Call): CheckChange {
  const status = text(call, "status");
  const conclusion = text(call, "conclusion");
  if (status !== undefined && !statuses.includes(status))
    throw wrong("status", "is not included in the list");
  if (conclusion !== undefined && !conclusions.includes(conclusion))
    throw wrong("conclusion", "is not included in the list");
  // `stale` is GitHub's to set.
  if (conclusion === "stale") throw wrong("conclusion", "stale can only be set by GitHub");
  if (status === "completed" && conclusion === undefined)
    throw wrong("conclusion", "is required when status is completed");
  const at = (name: string): number | undefined => {
    const value = text(call, name);
    return value === undefined ? undefined : Date.parse(value);
  };
  const [name, detailsUrl, externalId, started, completed, actions] = [
    text(call, "name"),
    text(call, "details_url"),
    text(call, "external_id"),
    at("started_at"),
    at("completed_at"),
    readActions(call),
  ];
  return {
    ...readOutput(call),
    ...(name === undefined ? {} : { name }),
    ...(status === undefined ? {} : { status }),
    ...(conclusion === undefined ? {} : { conclusion }),
    ...(detailsUrl === undefined ? {} : { detailsUrl }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(started === undefined ? {} : { startedAt: started }),
    ...(completed === undefined ? {} : { completedAt: completed }),
    ...(actions === undefined ? {} : { actions }),
  };
}

function create(call: Call): ReturnType<Route["handle"]> {
  const repo = repoOf(call);
  const { appId, userId } = writer(call);
  if (appId === null) throw new Refusal(403, "You must authenticate via a GitHub App.");
  const headSha = text(call, "head_sha");
  const name = text(call, "name");
  if (name === undefined || name === "" || headSha === undefined)
    throw new Refusal(422, 'Invalid request.\n\n"name" and "head_sha" are required.');
  if (!call.world.git.commits.has(headSha))
    throw new Refusal(422, `No commit found for SHA: ${headSha}`);
  const run = createCheckRun(call.world, repo, { appId, headSha, name, change: readChange(call) });
  emitCheckRun(call.world, repo, run, "created", userId);
  if (run.status === "completed") emitCheckRun(call.world, repo, run, "completed", userId);
  return created(checkRun(call.world, repo, run));
}

function one(call: Call, repo: Repo): CheckRun {
  const found = repo.checkRuns.get(numberParam(call, "check_run_id"));
  if (found === undefined) throw notFound();
  return found;
}

function update(call: Call): ReturnType<Route["handle"]> {
  const repo = repoOf(call);
  const run = one(call, repo);
  const { appId, userId } = writer(call);
  if (appId !== run.appId)
    throw new Refusal(
      403,
      "Invalid app_id `" +
        String(run.appId) +
        "` - check run can only be modified by the GitHub App that created it.",
    );
  const wasDone = run.status === "completed";
  changeCheckRun(call.world, run, readChange(call));
  if (run.status === "completed" && !wasDone)
    emitCheckRun(call.world, repo, run, "completed", userId);
  return ok(checkRun(call.world, repo, run));
}

/** Runs of a commit, newest first; `latest` keeps one per suite and name, as GitHub does. */
export function runsOf(repo: Repo, sha: string, query: URLSearchParams): CheckRun[] {
  const [name, app, status] = [query.get("check_name"), query.get("app_id"), query.get("status")];
  const list = [...(repo.checkRunsBySha.get(sha) ?? [])]
    .filter(
      (run) =>
        (name === null || run.name === name) &&
        (app === null || run.appId === Number(app)) &&
        (status === null || run.status === status),
    )
    .sort((a, b) => b.id - a.id);
  if (query.get("filter") === "all") return list;
  const seen = new Set<string>();
  return list.filter((run) => {
    const key = `${run.suiteId} ${run.name}`;
    return seen.has(key) ? false : (seen.add(key), true);
  });
}

export const checkRunRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/repos/{owner}/{repo}/check-runs",
    permission: "checks:write",
    handle: create,
  },
  {
    method: "PATCH",
    path: "/repos/{owner}/{repo}/check-runs/{check_run_id}",
    permission: "checks:write",
    handle: update,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/check-runs/{check_run_id}",
    permission: "checks:read",
    handle: (call) => {
      const repo = repoOf(call);
      return ok(checkRun(call.world, repo, one(call, repo)));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/check-runs/{check_run_id}/annotations",
    permission: "checks:read",
    handle: (call) => {
      const repo = repoOf(call);
      const run = one(call, repo);
      return paged(call, run.annotations, (annotation) => ({
        ...annotation,
        blob_href: `${repoHtmlUrl(call.world, repo)}/blob/${run.headSha}/${annotation.path}`,
      }));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/commits/{ref}/check-runs",
    permission: "checks:read",
    handle: (call) => {
      const repo = repoOf(call);
      const list = runsOf(repo, shaOf(call, repo, param(call, "ref")), call.query);
      return paged(
        call,
        list,
        (run) => checkRun(call.world, repo, run),
        (check_runs, total_count) => ({ total_count, check_runs }),
      );
    },
  },
];
