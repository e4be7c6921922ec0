import {
  baseFindings,
  comparedSources,
  findingTickets,
  scanSources,
  type ComparedSource,
} from "#core/facts/findings.ts";
import { deployedContributors } from "#core/facts/deployed-contributors.ts";
import {
  baseFile,
  changedFiles,
  commits,
  headFile,
  pullRequest,
  pushers,
} from "#core/facts/pull-request.ts";
import { repository } from "#core/facts/repository.ts";
import {
  findingSources,
  type Finding,
  type FindingSource,
  type SuppressedBy,
} from "#core/formats/findings/finding.ts";
import { isAgent } from "#core/people/agents.ts";
import type { FindingKey } from "#core/formats/findings/same-finding.ts";
import { toolId } from "#core/formats/findings/tool-name.ts";
import type { Event } from "#core/model/event.ts";
import { gateOf } from "#core/model/subject.ts";
import type { Verdict } from "#core/model/verdict.ts";
import { contributorsTo, peopleOfChange } from "#core/people/contributors.ts";
import type { Contributor } from "#core/model/contributor.ts";
import { namesOf } from "../kit/changed-names.ts";
import { isBeginOfRun } from "../kit/more-may-come.ts";
import {
  besideIf,
  falseIsTighter,
  laterIsTighter,
  moreMembersAreTighter,
  together,
  trueIsTighter,
} from "../kit/direction.ts";
import { type CountContext, countFindings, type ReadSources, relevant } from "./count.ts";
import {
  effectiveSeverity,
  type FindingsParams,
  findingsParams,
  isAtLeast,
  requiredFindings,
  sourcesOf,
} from "./params.ts";
import { whyNeverScanned } from "./never-met.ts";
import { scanState } from "./scans.ts";
import { findingsVerdict } from "./verdict.ts";
import { editsNoneOf } from "../kit/edited-fields.ts";
import type { Ask } from "#core/facts/ask.ts";
import { defineRule, type Direction, type RuleContext } from "../kit/rule.ts";
import { partsChanged } from "../kit/trust/workflow-parts.ts";

export const findings = defineRule<FindingsParams>({
  name: "findings",
  summary:
    "No unwaived scan finding at or above a severity, and the scans ran on the exact commit.",
  appliesTo: ["pull_request", "deployment"],
  params: findingsParams,
  needs: (params) => [
    ...sourcesOf(params, false).map((source) => scanSources[source]),
    repository,
    pullRequest,
    commits,
    pushers,
    deployedContributors,
    ...(params.trusted ? [changedFiles, headFile, baseFile] : []),
    ...(params.new_only ? [baseFindings] : []),
    ...(params.ticket === "none" ? [] : [findingTickets]),
  ],
  judge,
  isAffectedBy: hears,
  compare,
  joined: ["kinds", "tools", "require_scan", "from"],
  neverMet: whyNeverScanned,
  describe: requiredFindings,
});

function judge(
  { params, subject, policy, now }: RuleContext<FindingsParams>,
  ask: Ask,
): Verdict | undefined {
  const isDeployment = gateOf(subject) === "deployment";
  const read = sourcesOf(params, isDeployment).map(
    (source) => [source, ask(scanSources[source].need())] as const,
  );
  const about = ask(repository.need());
  const tickets = params.ticket === "none" ? [] : ask(findingTickets.need());
  const sources: ReadSources = new Map(
    read.flatMap(([source, fact]) => (fact === undefined ? [] : [[source, fact]])),
  );
  if (sources.size < read.length || about === undefined || tickets === undefined) return undefined;

  const workflows = params.trusted && !isDeployment ? workflowsBehind(sources) : [];
  const files = workflows.length > 0 ? ask(changedFiles.need()) : [];
  const known = params.new_only && !isDeployment ? knownInBase(sources, params, ask) : new Map();
  if (files === undefined || known === undefined) return undefined;
  const contributors = hasDismissal(sources, params, known)
    ? contributorsHere(isDeployment, ask)
    : [];
  if (contributors === undefined) return undefined;

  const counted = countFindings(sources, params, {
    waivers: policy.waivers ?? [],
    now,
    known,
    mayAccept: mayAccept(contributors, policy.agents),
  });
  // A workflow of which nobody can tell what it is made of proves nothing either.
  const parts = partsChanged(workflows, new Set(files.flatMap(namesOf)), ask);
  if (parts === undefined) return undefined;
  const untrusted = [...parts].flatMap(([path, part]) => (part.kind === "unchanged" ? [] : [path]));
  return findingsVerdict({
    asked: params,
    sources,
    counted,
    scans: scanState(sources, params, untrusted, now),
    isPublic: !about.private,
    isPullRequest: !isDeployment,
    tickets,
    now,
  });
}

/** Workflow files that brought a report, or uploaded an analysis. */
const workflowsBehind = (sources: ReadSources): readonly string[] => [
  ...new Set([
    ...(sources.get("artifacts")?.workflows ?? []),
    ...[...sources.values()].flatMap(({ scans }) => scans.flatMap((scan) => scan.workflows ?? [])),
  ]),
];

/**
 * What the base has, asked as far as it decides: each source about its own findings, and where that leaves one that
 * would count, the others as well. A vulnerability may be known to the base through any of them.
 */
function knownInBase(
  sources: ReadSources,
  params: FindingsParams,
  ask: Ask,
): CountContext["known"] | undefined {
  const known = new Map<FindingSource, ReadonlySet<FindingKey> | null>();
  const isAnswered = (source: ComparedSource): boolean => {
    const keys = known.has(source) ? null : ask(baseFindings.need(source));
    if (keys === undefined) return false;
    if (!known.has(source)) known.set(source, keys === null ? null : new Set(keys));
    return true;
  };
  const own = comparedSources.filter((source) => (sources.get(source)?.findings.length ?? 0) > 0);
  // Each is asked in the same round.
  if (own.map(isAnswered).includes(false)) return undefined;
  const counts = (finding: Finding): boolean =>
    isAtLeast(effectiveSeverity(finding, params), params.block) ||
    isAtLeast(effectiveSeverity(finding, params), params.ticket);
  const left = relevant(sources, params, known).filter(counts);
  const others: readonly ComparedSource[] = [
    ...(left.length > 0 ? (["artifacts"] as const) : []),
    ...(left.some(({ kind }) => kind === "dependency" || kind === "container")
      ? (["dependency-review"] as const)
      : []),
    ...(left.some(({ source, kind }) => source === "artifacts" && kind === "code")
      ? (["code-scanning"] as const)
      : []),
  ];
  return others.map(isAnswered).includes(false) ? undefined : known;
}

const hasDismissal = (
  sources: ReadSources,
  params: FindingsParams,
  known: CountContext["known"],
): boolean =>
  relevant(sources, params, known).some(
    ({ suppressed, suppression }) =>
      suppressed && (suppression?.kind === "dismissed" || suppression?.by !== undefined),
  );

/** Everybody who had a hand in what is judged: what they accepted, whenever it was, is not accepted (threat T26). */
function contributorsHere(isDeployment: boolean, ask: Ask): readonly Contributor[] | undefined {
  if (isDeployment) return ask(deployedContributors.need())?.contributors;
  const pull = ask(pullRequest.need());
  const list = ask(commits.need());
  const pushed = ask(pushers.need());
  if (pull === undefined || list === undefined || pushed === undefined) return undefined;
  return [...contributorsTo([peopleOfChange(pull, list, pushed)]).values()];
}

/** A person who had no hand in it; Apps and coding agents act in nobody's name, a workflow of the change itself among them. */
function mayAccept(
  contributors: readonly Contributor[],
  agents: readonly string[] | undefined,
): (by: SuppressedBy) => boolean {
  const ids = new Set(contributors.map(({ person }) => person.id));
  const logins = new Set(contributors.map(({ person }) => person.login.toLowerCase()));
  return ({ id, login }) =>
    !login.endsWith("[bot]") &&
    !isAgent({ id: id ?? 0, login, type: "User" }, agents) &&
    !(id === undefined ? logins.has(login.toLowerCase()) : ids.has(id));
}

function compare(organization: FindingsParams, repository: FindingsParams): Direction {
  const isAny = organization.require_scan === "any";
  const thresholds = ["none", "critical", "high", "medium", "low"] as const;
  return together(
    laterIsTighter(thresholds, organization.block, repository.block),
    laterIsTighter(thresholds, organization.ticket, repository.ticket),
    // Where any scan will do, more kinds or tools are also more that can prove one.
    besideIf(isAny, allOr(organization.kinds, repository.kinds)),
    besideIf(isAny, allOr(organization.tools?.map(toolId), repository.tools?.map(toolId))),
    falseIsTighter(organization.new_only, repository.new_only),
    laterIsTighter(["low", "medium", "high", "critical"], organization.unrated, repository.unrated),
    scansDirection(organization.require_scan, repository.require_scan),
    besideIf(
      organization.require_scan !== "none",
      sourcesDirection(organization.from, repository.from),
    ),
    trueIsTighter(organization.trusted, repository.trusted),
  );
}

/** Left out means all of them. */
function allOr(
  organization: readonly string[] | undefined,
  repository: readonly string[] | undefined,
): Direction {
  if (organization === undefined) return repository === undefined ? "same" : "looser";
  return repository === undefined ? "tighter" : moreMembersAreTighter(organization, repository);
}

function scansDirection(
  organization: FindingsParams["require_scan"],
  repository: FindingsParams["require_scan"],
): Direction {
  const step = (wish: FindingsParams["require_scan"]): number =>
    wish === "none" ? 0 : wish === "any" ? 1 : 2;
  if (Array.isArray(organization) && Array.isArray(repository))
    return moreMembersAreTighter(organization.map(toolId), repository.map(toolId));
  // A named tool's scan is taken whatever its kind: it proves no scan of the kinds that the organisation asks for.
  return besideIf(
    organization === "any",
    laterIsTighter([0, 1, 2], step(organization), step(repository)),
  );
}

/** Named sources must have scanned, unnamed ones are read all the same: only naming all of them asks for more than naming none. */
function sourcesDirection(
  organization: FindingsParams["from"],
  repository: FindingsParams["from"],
): Direction {
  if (organization === undefined)
    return repository === undefined
      ? "same"
      : findingSources.every((source) => repository.includes(source))
        ? "tighter"
        : "looser";
  return repository === undefined ? "looser" : moreMembersAreTighter(organization, repository);
}

/** GitHub's own app for code scanning on github.com. */
const codeScanningApp = 57_789;
const actionsApp = 15_368;

/**
 * Reports come with the end of a run, alerts with their own events; of single checks only the one that ends code scanning
 * is heard, which bears the tool's name.
 */
function hears(event: Event, params: FindingsParams): boolean {
  if (editsNoneOf(event, ["base"])) return false;
  if (isBeginOfRun(event)) return params.require_scan === "none";
  // Issues are told by our own record of tickets, and keeping it wakes whom it concerns.
  if (event.name.startsWith("issues.")) return false;
  if (!event.name.startsWith("check_run")) return true;
  const check = event.check;
  if (check === null || check.appId === codeScanningApp) return true;
  if (check.appId === actionsApp || check.name === null) return false;
  const tool = toolId(check.name);
  const named = [
    ...(params.tools ?? []),
    ...(Array.isArray(params.require_scan) ? params.require_scan : []),
    "codeql",
  ].map(toolId);
  return named.includes(tool);
}
