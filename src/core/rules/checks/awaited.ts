import type { Ask } from "#core/facts/ask.ts";
import type { CheckFact } from "#core/facts/checks.ts";
import { changedFiles } from "#core/facts/pull-request.ts";
import {
  reporting,
  switchedOffWorkflows,
  testingEvents,
  type Reporter,
  type ReportingFact,
  type WorkflowHere,
} from "#core/facts/reporting.ts";
import { ofAnotherBase, whyBeside, type RunOrigin } from "#core/facts/run-origin.ts";
import type { WorkflowRunFact } from "#core/facts/workflow-runs.ts";
import { isWorkflowNamed, workflowFile } from "#core/facts/workflows.ts";
import type { Subject } from "#core/model/subject.ts";
import { namesOf } from "../kit/changed-names.ts";
import { partsChanged, whyUntrusted, type PartsOfWorkflow } from "../kit/trust/workflow-parts.ts";
import { expectedWorkflows, type ExpectedWorkflows } from "../kit/triggers/expected-workflows.ts";
import type { CheckState } from "./newest.ts";
import {
  actionsId,
  actionsSlug,
  appId,
  isOfActions,
  meansEverything,
  type ChecksParams,
} from "./params.ts";

/** What tests changes in this repository and has not tested this commit. */
export interface Awaited {
  readonly workflows: readonly AwaitedWorkflow[];
  readonly reporters: readonly Reporter[];
  /** Where those reported. */
  readonly where: readonly string[];
}

export interface AwaitedWorkflow {
  readonly path: string;
  /** It tested an earlier commit of the change, the base's tip, or what was merged lately: it does start here. */
  readonly hasRun: boolean;
  /** Why what runs of it here counts for nothing, in words that follow "one". */
  readonly why?: string | undefined;
  /** The change keeps it from running on itself. */
  readonly isKeptOff?: boolean | undefined;
}

/** What is waited for, until when, and what is not waited for any more, or never was. */
export interface Missing {
  readonly awaited: Awaited | null;
  /** Epoch ms; left out where nothing but a run ends the wait. */
  readonly until?: number | undefined;
  readonly late: Awaited;
  /** Nothing starts these for the merge group. */
  readonly groupless: readonly string[];
  /** Nor for so large a change. */
  readonly unseen: readonly string[];
  /** A change of workflows alone keeps these from running. */
  readonly keptOff: readonly string[];
  /** They came to the base, or began to test such changes there, after the commit was there. */
  readonly fresh: readonly string[];
}

/** So long something that may never come is waited for: GitHub starts a run within seconds, in bad hours within minutes. */
export const patienceMs = 30 * 60_000;

interface Seen {
  readonly params: ChecksParams;
  readonly subject: Subject;
  readonly now: number;
  readonly states: readonly CheckState[];
  /** Those that count: what does not stands for nothing that has begun either. */
  readonly runs: readonly WorkflowRunFact[];
  readonly origin: RunOrigin;
}

const isTesting = (event: string): boolean => testingEvents.some((one) => one === event);

const nobody: Awaited = { workflows: [], reporters: [], where: [] };
/** Nothing is missing. */
export const nothing: Missing = {
  awaited: null,
  late: nobody,
  groupless: [],
  unseen: [],
  keptOff: [],
  fresh: [],
};

/**
 * "All of them are green" says nothing where the tests are not among them: a quick App or workflow reports before the run
 * that tests is there, `[skip ci]` keeps runs away for good, and everybody who may push may set a green status. So each workflow
 * that should have run is asked for a run of its own. `undefined` while a fact has not been read.
 */
export function missingHere(seen: Seen, ask: Ask): Missing | undefined {
  const { params, now, runs, origin } = seen;
  if (!meansEverything(params)) return nothing;
  if (params.app !== undefined && !isActions(params.app)) return nothing;
  const here = ask(reporting.need());
  if (here === undefined) return undefined;
  const expected = owedHere(here, seen, ask);
  if (expected === undefined) return undefined;
  const begun = begunPaths(seen);
  const isMissing = (path: string): boolean => !begun.has(path);
  const missing = expected.started.filter(isMissing);
  const groupless = expected.groupless.filter(isMissing);
  const unseen = expected.unseen.filter(isMissing);
  const keptOff = expected.keptOff.filter(isMissing);
  const fresh = expected.fresh.filter(isMissing);
  const all = [...missing, ...groupless, ...unseen, ...keptOff, ...fresh];
  const off = all.length === 0 ? [] : ask(switchedOffWorkflows.need());
  const parts = partsHere(missing, seen, ask);
  if (off === undefined || parts === undefined) return undefined;
  const isOn = (path: string): boolean => !off.includes(path);

  const until = here.askedFirstAt === undefined ? undefined : here.askedFirstAt + patienceMs;
  const isLate = until !== undefined && now >= until;
  const isOfOther = (path: string): boolean =>
    runs.some(
      (run) =>
        origin.ontoAnotherBase?.has(run.id) === true &&
        run.path !== null &&
        workflowFile(run.path) === path,
    );
  const ofStarted = missing.filter(isOn).map((path): AwaitedWorkflow => {
    const why = whyUntrusted(path, parts) ?? (isOfOther(path) ? ofAnotherBase : null);
    return {
      path,
      hasRun: here.ran?.includes(path) ?? false,
      ...(why === null ? {} : { why }),
    };
  });
  const { ofWorkflowsAlone } = expected;
  const workflows = [
    ...ofStarted,
    ...(ofWorkflowsAlone ? [] : keptOff).filter(isOn).map((path) => ({
      path,
      hasRun: here.ran?.includes(path) ?? false,
      isKeptOff: true,
    })),
  ];
  // Time makes nothing of a run that counts for nothing: only what may never start is done without in the end.
  const isSure = ({ hasRun, why, isKeptOff }: AwaitedWorkflow): boolean =>
    hasRun || why !== undefined || isKeptOff === true;
  const open = {
    workflows: workflows.filter((one) => !isSure(one)),
    reporters: missingReporters(here, seen),
    where: here.elsewhere?.where ?? [],
  };
  const sure = workflows.filter(isSure);
  const awaited = isLate
    ? { ...nobody, workflows: sure }
    : { ...open, workflows: [...sure, ...open.workflows] };
  return {
    awaited: awaited.workflows.length + awaited.reporters.length === 0 ? null : awaited,
    until: isLate || sure.length > 0 ? undefined : until,
    late: isLate ? open : nobody,
    groupless: groupless.filter(isOn),
    unseen: unseen.filter(isOn),
    keptOff: (ofWorkflowsAlone ? keptOff : []).filter(isOn),
    fresh: fresh.filter(isOn),
  };
}

/** What GitHub owed the commit, and what it did not owe it yet. */
interface Owed extends ExpectedWorkflows {
  readonly fresh: readonly string[];
}

/**
 * GitHub starts nothing for a commit that was there before a workflow was on the base, or before it tested such changes there:
 * nobody can have it run but by a new commit, so it is not waited for. What the base's files said is kept since the commit
 * was first asked about; a run that was started all the same counts as any other.
 */
export function owedHere(
  here: ReportingFact,
  { params, subject, origin }: Pick<Seen, "params" | "subject" | "origin">,
  ask: Ask,
): Owed | undefined {
  const { workflow, trusted } = params;
  const asked = ({ path }: Pick<WorkflowHere, "path">): boolean =>
    workflow === undefined || isWorkflowNamed(workflow, path);
  const workflows = (here.workflows ?? []).filter(asked);
  const how = { refs: origin.refs, byBase: trusted };
  const now = expectedWorkflows(workflows, subject, how, ask);
  if (now === undefined || here.firstOnBase === undefined) return now && { ...now, fresh: [] };
  const before = expectedWorkflows(
    [
      ...workflows.filter(({ at }) => at === "head"),
      ...here.firstOnBase.filter(asked).map((one) => ({ ...one, at: "base" as const })),
    ],
    subject,
    how,
    ask,
  );
  if (before === undefined) return undefined;
  // What the change is to blame for is no news of the base's.
  const then = new Set([...before.started, ...before.unseen, ...before.keptOff]);
  const isFresh = (path: string): boolean => !then.has(path);
  return {
    ...now,
    started: now.started.filter((path) => !isFresh(path)),
    keptOff: now.keptOff.filter((path) => !isFresh(path)),
    fresh: now.started.filter(isFresh),
  };
}

/** What the change makes of the workflows that have no run that counts: no run of a changed one ever will, where `trusted` is asked. */
function partsHere(
  missing: readonly string[],
  { params, subject }: Seen,
  ask: Ask,
): PartsOfWorkflow | undefined {
  if (!params.trusted || subject.kind === "deployment" || missing.length === 0) return new Map();
  const files = ask(changedFiles.need());
  return files && partsChanged(missing, new Set(files.flatMap(namesOf)), ask);
}

/** Workflow files of which a run tests the commit; null: GitHub does not say of which file one is. */
function begunPaths({ runs, states, origin }: Seen): ReadonlySet<string | null> {
  const found = [
    ...runs,
    ...states.flatMap(({ check }) => (check.run === null ? [] : [check.run])),
  ].filter(
    (run) => (isTesting(run.event) || run.id === origin.asking) && whyBeside(run, origin) === null,
  );
  return new Set(found.map(({ path }) => (path === null ? null : workflowFile(path))));
}

const isActions = (app: string | number): boolean =>
  appId(app) === null ? String(app).toLowerCase() === actionsSlug : appId(app) === actionsId;

/**
 * Each of those who always report, for which of them tests nobody can tell: the quick ones are there first, and a run of
 * GitHub Actions does not stand in for them. Merge groups and deployments are told about by other Apps than pull
 * requests are.
 */
function missingReporters({ elsewhere }: ReportingFact, seen: Seen): readonly Reporter[] {
  const { app, workflow, trusted } = seen.params;
  if (
    seen.subject.kind !== "pull_request" ||
    app !== undefined ||
    workflow !== undefined ||
    trusted
  )
    return [];
  const there = new Set(seen.states.map(({ check }) => reporterOf(check)?.key));
  return (elsewhere?.reporters ?? []).filter(({ key }) => !there.has(key));
}

/** Who stands behind a check that no workflow reported; null for one of GitHub Actions. */
export function reporterOf(check: CheckFact): Reporter | null {
  if (isOfActions(check) || check.run !== null) return null;
  if (check.kind === "status")
    return check.creator === undefined
      ? { key: `context ${check.name.toLowerCase()}`, name: check.name }
      : { key: `account ${check.creator.id}`, name: check.creator.login };
  return check.app === null
    ? { key: `check ${check.name}`, name: check.name }
    : { key: `app ${check.app.id ?? check.app.slug}`, name: check.app.slug };
}
