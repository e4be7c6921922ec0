import { actor } from "../world/accounts.ts";
import { repoNamed } from "../world/lookup.ts";
import { pullRefSha } from "../world/pull-refs.ts";
import type { CodeAlert, Instance, scanners } from "../world/evidence.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { emitCodeAlert } from "../webhooks/evidence.ts";
import { shaNamed } from "./checks.ts";

/** Switches scanners on and off. */
export function scanning(
  world: World,
  input: { repo: string } & Partial<Record<(typeof scanners)[number], boolean>>,
): void {
  const { enabled } = repoNamed(world, input.repo).evidence;
  enabled.codeScanning = input.codeScanning ?? enabled.codeScanning;
  enabled.dependabot = input.dependabot ?? enabled.dependabot;
  enabled.dependencyGraph = input.dependencyGraph ?? enabled.dependencyGraph;
  enabled.secretScanning = input.secretScanning ?? enabled.secretScanning;
}

export interface CodeFinding {
  readonly rule: string;
  readonly path: string;
  readonly line?: number;
  readonly severity?: CodeAlert["severity"];
  readonly securitySeverity?: CodeAlert["securitySeverity"];
  readonly message?: string;
}

export interface CodeScanInput {
  readonly repo: string;
  /** Branch or `refs/pull/N/merge` (default: the default branch). */
  readonly ref?: string;
  /** The commit that was scanned, where it is not the ref's. */
  readonly sha?: string;
  readonly tool?: string;
  readonly toolVersion?: string;
  readonly category?: string;
  /** Path of the workflow file that uploads it (default `.github/workflows/scan.yml`). */
  readonly workflow?: string;
  readonly findings?: readonly CodeFinding[];
  readonly error?: string;
}

function report(
  world: World,
  repo: Repo,
  input: Required<Pick<CodeScanInput, "tool" | "category">> & { toolVersion: string | null },
  finding: CodeFinding,
  ref: string,
  sha: string,
  senderId: number,
): CodeAlert {
  const { codeAlerts } = repo.evidence;
  const line = finding.line ?? 1;
  const known = codeAlerts.find(
    (one) =>
      one.tool === input.tool &&
      one.rule === finding.rule &&
      [...one.instances.values()].some((on) => on.path === finding.path && on.line === line),
  );
  const instance: Instance = {
    ref,
    sha,
    state: "open",
    path: finding.path,
    line,
    category: input.category,
  };
  if (known !== undefined) {
    const before = known.instances.get(ref);
    known.instances.set(ref, instance);
    known.updatedAt = world.now();
    if (before === undefined)
      emitCodeAlert(world, repo, known, instance, "appeared_in_branch", senderId);
    else if (before.state === "fixed")
      emitCodeAlert(world, repo, known, instance, "reopened", senderId);
    return known;
  }
  const made: CodeAlert = {
    number: codeAlerts.length + 1,
    tool: input.tool,
    toolVersion: input.toolVersion,
    rule: finding.rule,
    severity: finding.severity ?? "warning",
    securitySeverity: finding.securitySeverity ?? null,
    message: finding.message ?? finding.rule,
    createdAt: world.now(),
    updatedAt: world.now(),
    dismissed: null,
    instances: new Map([[ref, instance]]),
  };
  codeAlerts.push(made);
  emitCodeAlert(world, repo, made, instance, "created", senderId);
  return made;
}

/** A code scan is uploaded: an analysis is kept, new findings open alerts, what it no longer finds is fixed on that ref. */
export function codeScan(
  world: World,
  input: CodeScanInput,
): { analysis: number; alerts: readonly number[] } {
  const repo = repoNamed(world, input.repo);
  const name = input.ref ?? repo.defaultBranch;
  const ref = name.startsWith("refs/") ? name : `refs/heads/${name}`;
  const sha =
    input.sha === undefined
      ? (pullRefSha(world, repo, ref) ?? shaNamed(world, repo, ref))
      : shaNamed(world, repo, input.sha);
  const senderId = actor(world, "github-advanced-security[bot]").id;
  const about = {
    tool: input.tool ?? "CodeQL",
    toolVersion: input.toolVersion ?? null,
    category: input.category ?? "default",
  };
  const findings = input.findings ?? [];
  const id = world.nextId();
  repo.evidence.analyses.push({
    id,
    ref,
    sha,
    ...about,
    workflow: input.workflow ?? ".github/workflows/scan.yml",
    results: findings.length,
    error: input.error ?? "",
    warning: "",
    createdAt: world.now(),
  });
  const found = findings.map((finding) => report(world, repo, about, finding, ref, sha, senderId));
  for (const alert of repo.evidence.codeAlerts) {
    const on = alert.instances.get(ref);
    if (
      on === undefined ||
      on.state === "fixed" ||
      alert.tool !== about.tool ||
      on.category !== about.category ||
      found.includes(alert)
    )
      continue;
    on.state = "fixed";
    on.sha = sha;
    alert.updatedAt = world.now();
    emitCodeAlert(world, repo, alert, on, "fixed", senderId);
  }
  return { analysis: id, alerts: found.map((alert) => alert.number) };
}

/** Somebody deletes an analysis, as everybody who may write can: what it alone had found is gone from its ref. */
export function deleteAnalysis(world: World, input: { repo: string; analysis: number }): void {
  const { evidence } = repoNamed(world, input.repo);
  const at = evidence.analyses.findIndex(({ id }) => id === input.analysis);
  const [gone] = at < 0 ? [] : evidence.analyses.splice(at, 1);
  if (gone === undefined) throw new Error(`no analysis ${input.analysis} in ${input.repo}`);
  const isLeft = evidence.analyses.some(
    (one) => one.ref === gone.ref && one.tool === gone.tool && one.category === gone.category,
  );
  if (isLeft) return;
  for (const alert of evidence.codeAlerts)
    if (alert.tool === gone.tool && alert.instances.get(gone.ref)?.category === gone.category)
      alert.instances.delete(gone.ref);
}

/** Somebody dismisses an alert, or takes that back (`reason: null`). */
export function dismissCodeAlert(
  world: World,
  input: {
    repo: string;
    number: number;
    by: string;
    reason?: "false positive" | "won't fix" | "used in tests" | null;
    comment?: string;
  },
): void {
  const repo = repoNamed(world, input.repo);
  const alert = repo.evidence.codeAlerts.find((one) => one.number === input.number);
  const on = [...(alert?.instances.values() ?? [])].at(-1);
  if (alert === undefined || on === undefined)
    throw new Error(`no code-scanning alert ${input.number} in ${input.repo}`);
  const byId = actor(world, input.by).id;
  alert.dismissed =
    input.reason === null
      ? null
      : {
          byId,
          at: world.now(),
          reason: input.reason ?? "won't fix",
          comment: input.comment ?? null,
        };
  alert.updatedAt = world.now();
  emitCodeAlert(
    world,
    repo,
    alert,
    on,
    alert.dismissed === null ? "reopened_by_user" : "closed_by_user",
    byId,
  );
}
