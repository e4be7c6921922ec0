import { actor } from "../world/accounts.ts";
import { repoNamed } from "../world/lookup.ts";
import type { DependabotAlert, DependencyChange, SecretAlert } from "../world/evidence.ts";
import type { World } from "../world/world.ts";
import { emitDependabotAlert, emitSecretAlert, emitSecretLocation } from "../webhooks/evidence.ts";
import { shaNamed } from "./checks.ts";

export interface DependabotAlertInput {
  readonly repo: string;
  readonly package: string;
  readonly severity: DependabotAlert["severity"];
  readonly ecosystem?: string;
  readonly manifest?: string;
  readonly scope?: DependabotAlert["scope"];
  readonly ghsa?: string;
  readonly cve?: string | null;
  readonly range?: string;
  readonly patched?: string | null;
}

export function dependabotAlert(world: World, input: DependabotAlertInput): { number: number } {
  const repo = repoNamed(world, input.repo);
  const { dependabotAlerts } = repo.evidence;
  const number = dependabotAlerts.length + 1;
  const made: DependabotAlert = {
    number,
    state: "open",
    ecosystem: input.ecosystem ?? "npm",
    package: input.package,
    manifest: input.manifest ?? "package-lock.json",
    scope: input.scope ?? "runtime",
    severity: input.severity,
    ghsa: input.ghsa ?? `GHSA-0000-0000-${String(number).padStart(4, "0")}`,
    cve: input.cve ?? null,
    range: input.range ?? "< 1.0.0",
    patched: input.patched ?? null,
    createdAt: world.now(),
    updatedAt: world.now(),
    dismissed: null,
    fixedAt: null,
  };
  dependabotAlerts.push(made);
  emitDependabotAlert(world, repo, made, "created", actor(world, "dependabot[bot]").id);
  return { number };
}

export function setDependabotAlert(
  world: World,
  input: {
    repo: string;
    number: number;
    state: "dismissed" | "fixed" | "open";
    by?: string;
    reason?: string;
    comment?: string;
  },
): void {
  const repo = repoNamed(world, input.repo);
  const found = repo.evidence.dependabotAlerts.find((one) => one.number === input.number);
  if (found === undefined) throw new Error(`no Dependabot alert ${input.number} in ${input.repo}`);
  const byId = actor(world, input.by ?? "dependabot[bot]").id;
  found.state = input.state;
  found.updatedAt = world.now();
  found.dismissed =
    input.state === "dismissed"
      ? {
          byId,
          at: world.now(),
          reason: input.reason ?? "tolerable_risk",
          comment: input.comment ?? null,
        }
      : null;
  found.fixedAt = input.state === "fixed" ? world.now() : null;
  emitDependabotAlert(world, repo, found, input.state === "open" ? "reopened" : input.state, byId);
}

/** What a range changes in the dependencies. Without `base` it holds for every comparison that ends at `head`. */
export function dependencyChanges(
  world: World,
  input: {
    repo: string;
    head: string;
    base?: string;
    /** What GitHub says in a header where a submitted snapshot of one of the commits is missing. */
    snapshotWarning?: string;
    changes: readonly (Partial<DependencyChange> & Pick<DependencyChange, "name" | "version">)[];
  },
): void {
  const repo = repoNamed(world, input.repo);
  const head = shaNamed(world, repo, input.head);
  const changes = input.changes.map((one): DependencyChange => ({
    change_type: "added",
    manifest: "package-lock.json",
    ecosystem: "npm",
    package_url: `pkg:npm/${one.name}@${one.version}`,
    license: "MIT",
    source_repository_url: null,
    scope: "runtime",
    vulnerabilities: [],
    ...one,
  }));
  const range = input.base === undefined ? head : `${shaNamed(world, repo, input.base)}...${head}`;
  repo.evidence.dependencyChanges.set(range, changes);
  if (input.snapshotWarning === undefined) repo.evidence.snapshotWarnings.delete(range);
  else repo.evidence.snapshotWarnings.set(range, input.snapshotWarning);
}

/** What the manifests of the default branch bring in, as the dependency graph lists it. */
export function packages(
  world: World,
  input: {
    repo: string;
    packages: readonly { name: string; version: string; ecosystem?: string }[];
  },
): void {
  repoNamed(world, input.repo).evidence.packages.push(
    ...input.packages.map((one) => ({ ecosystem: "npm", ...one })),
  );
}

/** A leaked secret, found in these places. */
export function secretAlert(
  world: World,
  input: {
    repo: string;
    type?: string;
    secret?: string;
    locations?: readonly { path: string; line?: number; sha: string }[];
  },
): { number: number } {
  const repo = repoNamed(world, input.repo);
  const { secretAlerts } = repo.evidence;
  const number = secretAlerts.length + 1;
  const made: SecretAlert = {
    number,
    state: "open",
    type: input.type ?? "mailchimp_api_key",
    secret: input.secret ?? `secret-${number}`,
    createdAt: world.now(),
    updatedAt: world.now(),
    resolved: null,
    locations: (input.locations ?? []).map((one) => ({
      path: one.path,
      line: one.line ?? 1,
      sha: shaNamed(world, repo, one.sha),
    })),
  };
  secretAlerts.push(made);
  const by = actor(world, "github-advanced-security[bot]").id;
  emitSecretAlert(world, repo, made, "created", by);
  for (const location of made.locations) emitSecretLocation(world, repo, made, location, by);
  return { number };
}

export function setSecretAlert(
  world: World,
  input: {
    repo: string;
    number: number;
    state: "open" | "resolved";
    by: string;
    resolution?: string;
    comment?: string;
  },
): void {
  const repo = repoNamed(world, input.repo);
  const found = repo.evidence.secretAlerts.find((one) => one.number === input.number);
  if (found === undefined)
    throw new Error(`no secret-scanning alert ${input.number} in ${input.repo}`);
  const byId = actor(world, input.by).id;
  found.state = input.state;
  found.updatedAt = world.now();
  found.resolved =
    input.state === "open"
      ? null
      : {
          byId,
          at: world.now(),
          resolution: input.resolution ?? "revoked",
          comment: input.comment ?? null,
        };
  emitSecretAlert(world, repo, found, input.state === "open" ? "reopened" : "resolved", byId);
}

/** Keeps a Sigstore bundle for an artifact's digest (`sha256:…`). */
export function attestation(
  world: World,
  input: {
    repo: string;
    digest: string;
    bundle: Readonly<Record<string, unknown>>;
    predicateType?: string;
    stored?: boolean;
  },
): { id: number } {
  const id = world.nextId();
  repoNamed(world, input.repo).evidence.attestations.push({
    id,
    digest: input.digest,
    predicateType: input.predicateType ?? "https://slsa.dev/provenance/v1",
    bundle: input.bundle,
    stored: input.stored ?? false,
  });
  return { id };
}

/** Somebody deletes an attestation; GitHub tells nobody. */
export function withdrawAttestation(world: World, input: { repo: string; id: number }): void {
  const { attestations } = repoNamed(world, input.repo).evidence;
  const at = attestations.findIndex(({ id }) => id === input.id);
  if (at === -1) throw new Error(`no attestation ${input.id} in ${input.repo}`);
  attestations.splice(at, 1);
}
