import { Refusal, notFound, ok } from "../http/reply.ts";
import { numberParam, param, type Call, type Route } from "../http/call.ts";
import { cursored, paged } from "../http/paging.ts";
import { repoOf } from "../http/scope.ts";
import type { SecretAlert } from "../world/evidence.ts";
import type { Repo } from "../world/repositories.ts";
import { dependabotAlert, secretAlert, secretLocation } from "../render/evidence.ts";
import { shaOf } from "./commits.ts";

function dependabot(call: Call): Repo {
  const repo = repoOf(call);
  if (!repo.evidence.enabled.dependabot)
    throw new Refusal(403, "Dependabot alerts are disabled for this repository.");
  return repo;
}

function secrets(call: Call): Repo {
  const repo = repoOf(call);
  if (!repo.evidence.enabled.secretScanning)
    throw notFound("Secret scanning is disabled on this repository.");
  return repo;
}

function secretOf(call: Call, repo: Repo): SecretAlert {
  const found = repo.evidence.secretAlerts.find(
    (alert) => alert.number === numberParam(call, "alert_number"),
  );
  if (found === undefined) throw notFound();
  return found;
}

/** Comma-separated filter; absent means everything. */
function among(call: Call, name: string, value: string): boolean {
  const asked = call.query.get(name);
  return asked === null || asked.split(",").includes(value);
}

function isHidden(call: Call): boolean {
  return call.query.get("hide_secret") === "true";
}

function dependencyDiff(call: Call): ReturnType<Route["handle"]> {
  const repo = repoOf(call);
  if (!repo.evidence.enabled.dependencyGraph) {
    throw new Refusal(
      403,
      "Dependency review is not supported on this repository. Please ensure that Dependency graph is enabled along with Code Security on private repositories.",
    );
  }
  const [left = "", right = ""] = param(call, "basehead").split("...");
  const [base, head] = [shaOf(call, repo, left), shaOf(call, repo, right)];
  const { dependencyChanges, snapshotWarnings } = repo.evidence;
  const range = [`${base}...${head}`, head].find((key) => dependencyChanges.has(key)) ?? "";
  const warning = snapshotWarnings.get(range);
  return ok(
    dependencyChanges.get(range) ?? [],
    warning === undefined
      ? {}
      : {
          "x-github-dependency-graph-snapshot-warnings": Buffer.from(warning).toString("base64"),
        },
  );
}

export const supplyChainRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/dependabot/alerts",
    permission: "vulnerability_alerts:read",
    handle: (call) => {
      const repo = dependabot(call);
      const list = repo.evidence.dependabotAlerts
        .filter(
          (one) =>
            among(call, "state", one.state) &&
            among(call, "severity", one.severity) &&
            among(call, "ecosystem", one.ecosystem) &&
            among(call, "package", one.package) &&
            among(call, "manifest", one.manifest),
        )
        .filter((one) => among(call, "scope", one.scope));
      if (call.query.get("direction") !== "asc") list.reverse();
      if (call.query.has("page"))
        throw new Refusal(400, "Pagination using the `page` parameter is not supported.");
      return cursored(
        call,
        list,
        (one) => String(one.number),
        (one) => dependabotAlert(call.world, repo, one),
        "after",
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/dependabot/alerts/{alert_number}",
    permission: "vulnerability_alerts:read",
    handle: (call) => {
      const repo = dependabot(call);
      const found = repo.evidence.dependabotAlerts.find(
        (one) => one.number === numberParam(call, "alert_number"),
      );
      if (found === undefined) throw notFound();
      return ok(dependabotAlert(call.world, repo, found));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/dependency-graph/compare/{basehead+}",
    permission: "contents:read",
    handle: dependencyDiff,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/secret-scanning/alerts",
    permission: "secret_scanning_alerts:read",
    handle: (call) => {
      const repo = secrets(call);
      const list = repo.evidence.secretAlerts.filter(
        (one) => among(call, "state", one.state) && among(call, "secret_type", one.type),
      );
      if (call.query.get("direction") !== "asc") list.reverse();
      return paged(call, list, (one) => secretAlert(call.world, repo, one, isHidden(call)));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/secret-scanning/alerts/{alert_number}",
    permission: "secret_scanning_alerts:read",
    handle: (call) => {
      const repo = secrets(call);
      return ok(secretAlert(call.world, repo, secretOf(call, repo), isHidden(call)));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/secret-scanning/alerts/{alert_number}/locations",
    permission: "secret_scanning_alerts:read",
    handle: (call) => {
      const repo = secrets(call);
      return paged(call, secretOf(call, repo).locations, (one) =>
        secretLocation(call.world, repo, one),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/attestations/{subject_digest}",
    permission: "attestations:read",
    handle: (call) => {
      const repo = repoOf(call);
      const predicate = call.query.get("predicate_type");
      const list = repo.evidence.attestations.filter(
        (one) =>
          one.digest === param(call, "subject_digest") &&
          (predicate === null || one.predicateType === predicate),
      );
      if (list.length === 0) throw notFound();
      const page = cursored(
        call,
        list,
        (one) => String(one.id),
        (one) => ({
          ...(one.stored ? {} : { bundle: one.bundle }),
          repository_id: repo.id,
          bundle_url: `${call.world.origin}/bundles/${repo.id}/${one.id}`,
        }),
        "after",
      );
      return { ...page, body: { attestations: page.body } };
    },
  },
];
