import type { Ask } from "#core/facts/ask.ts";
import type { CheckFact } from "#core/facts/checks.ts";
import {
  reporting,
  switchedOffWorkflows,
  testingEvents,
  type Reporter,
  type ReportingFact,
} from "#core/facts/reporting.ts";
import { whyBeside, type RunOrigin } from "#core/facts/run-origin.ts";
import type { WorkflowRunFact } from "#core/facts/workflow-runs.ts";
import { isWorkflowNamed } from "#core/facts/workflows.ts";
import type { Subject } from "#core/model/subject.ts";
import { expectedWorkflows, type ExpectedWorkflow } from "../kit/triggers/expected-workflows.ts";
import type { CheckState } from "./newest.ts";
import { actionsId, actionsSlug, appId, isOfActions, type ChecksParams } from "./params.ts";

/** What tests changes in this repository and has not tested this commit. */
export interface Awaited {
  readonly workflows: readonly ExpectedWorkflow[];
  readonly reporters: readonly Reporter[];
  /** Where those reported. */
  readonly where: readonly string[];
}

/** Whether whatever reports is meant, so that nobody says who has to. */
export const meansEverything = ({ all, names }: ChecksParams): boolean =>
  all || (names ?? []).some((glob) => /^\*+$/u.test(glob));

interface Seen {
  readonly params: ChecksParams;
  readonly subject: Subject;
  readonly states: readonly CheckState[];
  /** Those that count. */
  readonly runs: readonly WorkflowRunFact[];
  readonly origin: RunOrigin;
}

const isTesting = (event: string): boolean => testingEvents.some((one) => one === event);

/**
 * "All of them are green" says nothing where the tests are not among them: a quick App reports before the first run is
 * there, `[skip ci]` keeps runs away for good, and whoever may push may set a green status. So where no run of GitHub
 * Actions tested the commit, what should have is asked. null: nothing; `undefined` while a fact has not been read.
 */
export function awaitedHere(seen: Seen, ask: Ask): Awaited | null | undefined {
  const { params, subject, states, runs, origin } = seen;
  if (!meansEverything(params)) return null;
  const ofActions = params.app === undefined || isActions(params.app);
  if (!ofActions) return null;
  const isTested =
    runs.some((run) => isTesting(run.event) && whyBeside(run, origin) === null) ||
    states.some(
      ({ kind, check }) =>
        kind !== "beside" && kind !== "unproven" && isTesting(check.run?.event ?? ""),
    );
  if (isTested) return null;
  const here = ask(reporting.need());
  if (here === undefined) return undefined;
  const { workflow } = params;
  const expected = expectedWorkflows(
    (here.workflows ?? []).filter(
      ({ path }) => workflow === undefined || isWorkflowNamed(workflow, path),
    ),
    subject,
    ask,
  );
  if (expected === undefined) return undefined;
  const off = expected.length === 0 ? [] : ask(switchedOffWorkflows.need());
  if (off === undefined) return undefined;
  const workflows = expected.filter(({ path }) => !off.includes(path));
  const reporters = missingReporters(here, seen);
  return workflows.length + reporters.length === 0
    ? null
    : { workflows, reporters, where: here.elsewhere?.where ?? [] };
}

const isActions = (app: string | number): boolean =>
  appId(app) === null ? String(app).toLowerCase() === actionsSlug : appId(app) === actionsId;

/** Merge groups and deployments are told about by other Apps than pull requests are. */
function missingReporters(
  { elsewhere }: ReportingFact,
  { params, subject, states }: Seen,
): readonly Reporter[] {
  const { app, workflow, trusted } = params;
  if (subject.kind !== "pull_request" || app !== undefined || workflow !== undefined || trusted)
    return [];
  const there = new Set(states.map(({ check }) => reporterOf(check)?.key));
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
