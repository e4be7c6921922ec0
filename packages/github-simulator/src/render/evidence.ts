import type {
  Analysis,
  CodeAlert,
  DependabotAlert,
  Instance,
  SecretAlert,
  SecretLocation,
} from "../world/evidence.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { iso, userById } from "./account.ts";
import { repoHtmlUrl, repoUrl } from "./repository.ts";

/** State of an alert on a ref: a dismissal holds everywhere, a fix where it was made. */
export function codeState(
  alert: CodeAlert,
  instance: Instance | undefined,
): "open" | "dismissed" | "fixed" {
  if (alert.dismissed !== null) return "dismissed";
  return instance?.state === "fixed" ? "fixed" : "open";
}

export function instance(
  world: World,
  repo: Repo,
  alert: CodeAlert,
  value: Instance,
): Record<string, unknown> {
  return {
    ref: value.ref,
    analysis_key: `.github/workflows/scan.yml:${value.category}`,
    environment: "{}",
    category: value.category,
    state: value.state,
    commit_sha: value.sha,
    message: { text: alert.message },
    location: {
      path: value.path,
      start_line: value.line,
      end_line: value.line,
      start_column: 1,
      end_column: 1,
    },
    html_url: `${repoHtmlUrl(world, repo)}/security/code-scanning/${alert.number}?query=ref%3A${encodeURIComponent(value.ref)}`,
    classifications: [],
  };
}

/** `ref` chooses the instance that is shown; without, the newest one. */
export function codeAlert(
  world: World,
  repo: Repo,
  alert: CodeAlert,
  ref: string | null,
): Record<string, unknown> {
  const url = `${repoUrl(world, repo)}/code-scanning/alerts/${alert.number}`;
  const shown =
    (ref === null ? undefined : alert.instances.get(ref)) ?? [...alert.instances.values()].at(-1);
  return {
    number: alert.number,
    created_at: iso(alert.createdAt),
    updated_at: iso(alert.updatedAt),
    url,
    html_url: `${repoHtmlUrl(world, repo)}/security/code-scanning/${alert.number}`,
    instances_url: `${url}/instances`,
    state: codeState(alert, shown),
    fixed_at: codeState(alert, shown) === "fixed" ? iso(alert.updatedAt) : null,
    dismissed_by: userById(world, alert.dismissed?.byId ?? null),
    dismissed_at: iso(alert.dismissed?.at ?? null),
    dismissed_reason: alert.dismissed?.reason ?? null,
    dismissed_comment: alert.dismissed?.comment ?? null,
    rule: {
      id: alert.rule,
      name: alert.rule,
      severity: alert.severity,
      security_severity_level: alert.securitySeverity,
      description: alert.message,
      full_description: alert.message,
      tags: ["security"],
      help: "",
      help_uri: "",
    },
    tool: { name: alert.tool, guid: null, version: alert.toolVersion },
    most_recent_instance: shown === undefined ? {} : instance(world, repo, alert, shown),
  };
}

export function analysis(world: World, repo: Repo, value: Analysis): Record<string, unknown> {
  return {
    ref: value.ref,
    commit_sha: value.sha,
    analysis_key: `${value.workflow}:scan`,
    environment: "{}",
    category: value.category,
    error: value.error,
    warning: value.warning,
    created_at: iso(value.createdAt),
    results_count: value.results,
    rules_count: 100,
    id: value.id,
    url: `${repoUrl(world, repo)}/code-scanning/analyses/${value.id}`,
    sarif_id: `sarif-${value.id}`,
    tool: { name: value.tool, guid: null, version: value.toolVersion },
    deletable: true,
  };
}

export function dependabotAlert(
  world: World,
  repo: Repo,
  alert: DependabotAlert,
): Record<string, unknown> {
  const url = `${repoUrl(world, repo)}/dependabot/alerts/${alert.number}`;
  const name = { ecosystem: alert.ecosystem, name: alert.package };
  const vulnerability = {
    package: name,
    severity: alert.severity,
    vulnerable_version_range: alert.range,
    first_patched_version: alert.patched === null ? null : { identifier: alert.patched },
  };
  const at = iso(alert.createdAt);
  return {
    number: alert.number,
    state: alert.state,
    dependency: {
      package: name,
      manifest_path: alert.manifest,
      scope: alert.scope,
      relationship: "direct",
    },
    security_advisory: {
      ghsa_id: alert.ghsa,
      cve_id: alert.cve,
      summary: `${alert.package} is vulnerable`,
      description: `${alert.package} ${alert.range} is vulnerable`,
      vulnerabilities: [vulnerability],
      severity: alert.severity,
      classification: "general",
      cvss: { score: 0, vector_string: null },
      cwes: [],
      references: [{ url: `https://github.com/advisories/${alert.ghsa}` }],
      identifiers: [
        { type: "GHSA", value: alert.ghsa },
        ...(alert.cve === null ? [] : [{ type: "CVE", value: alert.cve }]),
      ],
      published_at: at,
      updated_at: at,
      withdrawn_at: null,
    },
    security_vulnerability: vulnerability,
    url,
    html_url: `${repoHtmlUrl(world, repo)}/security/dependabot/${alert.number}`,
    created_at: at,
    updated_at: iso(alert.updatedAt),
    dismissed_at: iso(alert.dismissed?.at ?? null),
    dismissed_by: userById(world, alert.dismissed?.byId ?? null),
    dismissed_reason: alert.dismissed?.reason ?? null,
    dismissed_comment: alert.dismissed?.comment ?? null,
    fixed_at: iso(alert.fixedAt),
    auto_dismissed_at: alert.state === "auto_dismissed" ? iso(alert.updatedAt) : null,
  };
}

/** Without the state and the secret, as webhooks carry it. */
export function secretAlertLite(
  world: World,
  repo: Repo,
  alert: SecretAlert,
): Record<string, unknown> {
  const url = `${repoUrl(world, repo)}/secret-scanning/alerts/${alert.number}`;
  return {
    number: alert.number,
    created_at: iso(alert.createdAt),
    updated_at: iso(alert.updatedAt),
    url,
    html_url: `${repoHtmlUrl(world, repo)}/security/secret-scanning/${alert.number}`,
    locations_url: `${url}/locations`,
    resolution: alert.resolved?.resolution ?? null,
    resolved_at: iso(alert.resolved?.at ?? null),
    resolved_by: userById(world, alert.resolved?.byId ?? null),
    resolution_comment: alert.resolved?.comment ?? null,
    secret_type: alert.type,
    secret_type_display_name: alert.type,
    validity: "unknown",
    push_protection_bypassed: false,
    push_protection_bypassed_by: null,
    push_protection_bypassed_at: null,
    publicly_leaked: false,
    multi_repo: false,
  };
}

export function secretAlert(
  world: World,
  repo: Repo,
  alert: SecretAlert,
  hidden: boolean,
): Record<string, unknown> {
  return {
    ...secretAlertLite(world, repo, alert),
    state: alert.state,
    ...(hidden ? {} : { secret: alert.secret }),
  };
}

export function secretLocation(
  world: World,
  repo: Repo,
  value: SecretLocation,
): Record<string, unknown> {
  const blob = world.git.commits.get(value.sha)?.files.get(value.path)?.sha ?? "0".repeat(40);
  return {
    type: "commit",
    details: {
      path: value.path,
      start_line: value.line,
      end_line: value.line,
      start_column: 1,
      end_column: 40,
      blob_sha: blob,
      blob_url: `${repoUrl(world, repo)}/git/blobs/${blob}`,
      commit_sha: value.sha,
      commit_url: `${repoUrl(world, repo)}/git/commits/${value.sha}`,
    },
  };
}
