import { Refusal, notFound, ok } from "../http/reply.ts";
import { numberParam, text, type Call, type Route } from "../http/call.ts";
import { paged } from "../http/paging.ts";
import { repoOf, writer } from "../http/scope.ts";
import { accountOf } from "../world/accounts.ts";
import { fullName } from "../world/lookup.ts";
import type { CodeAlert } from "../world/evidence.ts";
import type { Repo } from "../world/repositories.ts";
import { analysis, codeAlert, codeState, instance } from "../render/evidence.ts";
import { dismissCodeAlert } from "../scenario/scans.ts";

/** Off is 403, on and never run is 404: neither says that there is nothing to find. */
function scanned(call: Call): Repo {
  const repo = repoOf(call);
  if (!repo.evidence.enabled.codeScanning)
    throw new Refusal(
      403,
      "Code Security must be enabled for this repository to use code scanning.",
    );
  if (repo.evidence.analyses.length === 0) throw notFound("no analysis found");
  return repo;
}

function wantedRefs(call: Call, repo: Repo): readonly string[] | null {
  const pr = call.query.get("pr");
  if (pr !== null) return [`refs/pull/${pr}/merge`, `refs/pull/${pr}/head`];
  const ref = call.query.get("ref");
  if (ref === null) return null;
  return [
    ref.startsWith("refs/")
      ? ref
      : repo.refs.has(`refs/heads/${ref}`)
        ? `refs/heads/${ref}`
        : `refs/${ref}`,
  ];
}

function one(call: Call, repo: Repo): CodeAlert {
  const found = repo.evidence.codeAlerts.find(
    (alert) => alert.number === numberParam(call, "alert_number"),
  );
  if (found === undefined) throw notFound();
  return found;
}

function list(call: Call): ReturnType<Route["handle"]> {
  const repo = scanned(call);
  const refs = wantedRefs(call, repo) ?? [`refs/heads/${repo.defaultBranch}`];
  const [state, tool, severity] = [
    call.query.get("state"),
    call.query.get("tool_name"),
    call.query.get("severity"),
  ];
  const found = repo.evidence.codeAlerts.flatMap((alert) => {
    const ref = refs.find((candidate) => alert.instances.has(candidate));
    if (ref === undefined || (tool !== null && alert.tool !== tool)) return [];
    const now = codeState(alert, alert.instances.get(ref));
    const matches = state === null || now === state || (state === "closed" && now !== "open");
    return matches &&
      (severity === null || alert.securitySeverity === severity || alert.severity === severity)
      ? [{ alert, ref }]
      : [];
  });
  if (call.query.get("direction") !== "asc") found.reverse();
  return paged(call, found, ({ alert, ref }) => codeAlert(call.world, repo, alert, ref));
}

export const codeScanningRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/code-scanning/alerts",
    permission: "security_events:read",
    handle: list,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/code-scanning/alerts/{alert_number}",
    permission: "security_events:read",
    handle: (call) => {
      const repo = scanned(call);
      return ok(codeAlert(call.world, repo, one(call, repo), null));
    },
  },
  {
    method: "PATCH",
    path: "/repos/{owner}/{repo}/code-scanning/alerts/{alert_number}",
    permission: "security_events:write",
    handle: (call) => {
      const repo = scanned(call);
      const found = one(call, repo);
      const reason = text(call, "dismissed_reason");
      const isOpen = text(call, "state") === "open";
      if (
        !isOpen &&
        reason !== "false positive" &&
        reason !== "won't fix" &&
        reason !== "used in tests"
      )
        throw new Refusal(400, "A dismissed_reason is required to dismiss an alert.");
      const comment = text(call, "dismissed_comment");
      dismissCodeAlert(call.world, {
        repo: fullName(call.world, repo),
        number: found.number,
        by: accountOf(call.world, writer(call).userId).login,
        reason: isOpen
          ? null
          : ((["false positive", "won't fix", "used in tests"] as const).find(
              (word) => word === reason,
            ) ?? null),
        ...(comment === undefined ? {} : { comment }),
      });
      return ok(codeAlert(call.world, repo, found, null));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/code-scanning/alerts/{alert_number}/instances",
    permission: "security_events:read",
    handle: (call) => {
      const repo = scanned(call);
      const alert = one(call, repo);
      const refs = wantedRefs(call, repo);
      return paged(
        call,
        [...alert.instances.values()].filter((on) => refs === null || refs.includes(on.ref)),
        (on) => instance(call.world, repo, alert, on),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/code-scanning/analyses",
    permission: "security_events:read",
    handle: (call) => {
      const repo = scanned(call);
      const refs = wantedRefs(call, repo);
      const tool = call.query.get("tool_name");
      const found = repo.evidence.analyses.filter(
        (one) => (refs === null || refs.includes(one.ref)) && (tool === null || one.tool === tool),
      );
      if (call.query.get("direction") !== "asc") found.reverse();
      return paged(call, found, (value) => analysis(call.world, repo, value));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/code-scanning/analyses/{analysis_id}",
    permission: "security_events:read",
    handle: (call) => {
      const repo = scanned(call);
      const found = repo.evidence.analyses.find(
        (value) => value.id === numberParam(call, "analysis_id"),
      );
      if (found === undefined) throw notFound();
      return ok(analysis(call.world, repo, found));
    },
  },
];
