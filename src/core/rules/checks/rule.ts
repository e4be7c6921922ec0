import {
  type CheckFact,
  checks as checksFact,
  jobBehindCheck,
  jobNamed,
  statusReports,
} from "#core/facts/checks.ts";
import { workflowRuns, type WorkflowRunFact } from "#core/facts/workflow-runs.ts";
import { baseFile, changedFiles, headFile, pullRequest } from "#core/facts/pull-request.ts";
import { reporting } from "#core/facts/reporting.ts";
import { matchesAnyName, matchesName } from "#core/formats/glob.ts";
import type { Event } from "#core/model/event.ts";
import type { Subject } from "#core/model/subject.ts";
import type { Verdict } from "#core/model/verdict.ts";
import { namesOf } from "../kit/changed-names.ts";
import { pinnedApp, reporter, whyIgnored } from "./eligible.ts";
import { whyNeverReported } from "./never-met.ts";
import type { CheckState } from "./newest.ts";
import { originOf } from "./origin.ts";
import { asksForJobs, type ChecksParams, checksParams, ifNone } from "./params.ts";
import { asCheck, mayBringMore, unfinishedRuns } from "./runs.ts";
import { type Absent, checksVerdict, type NoneThere, requiredChecks } from "./verdict.ts";
import { mayHideStatus, weigh, withEveryReporter } from "./weigh.ts";
import {
  besideIf,
  fewerMembersAreTighter,
  laterIsTighter,
  moreMembersAreTighter,
  pinIsTighter,
  together,
  trueIsTighter,
} from "../kit/direction.ts";
import { editsNoneOf } from "../kit/edited-fields.ts";
import type { Ask } from "#core/facts/ask.ts";
import { defineRule, type RuleContext } from "../kit/rule.ts";
import { partsChanged, whyUntrusted, type PartsOfWorkflow } from "../kit/trust/workflow-parts.ts";

export const checks = defineRule<ChecksParams>({
  name: "checks",
  summary: "Named checks (or all of them) passed on exactly this commit.",
  appliesTo: ["pull_request", "deployment"],
  params: checksParams,
  needs: (params) => [
    checksFact,
    jobBehindCheck,
    jobNamed,
    statusReports,
    pullRequest,
    workflowRuns,
    ...(params.trusted ? [changedFiles, headFile, baseFile] : []),
    ...(params.if_none === "pass_without_ci" ? [reporting] : []),
  ],
  judge,
  isAffectedBy: hears,
  compare: (organization, repository) =>
    together(
      moreMembersAreTighter(organization.names ?? [], repository.names ?? []),
      // These three say which checks count: a red one that no longer counts must still be red.
      besideIf(true, pinIsTighter(organization.app, repository.app)),
      besideIf(true, pinIsTighter(organization.workflow, repository.workflow)),
      besideIf(true, trueIsTighter(organization.trusted, repository.trusted)),
      fewerMembersAreTighter(organization.conclusions, repository.conclusions),
      trueIsTighter(organization.all, repository.all),
      laterIsTighter(ifNone, organization.if_none, repository.if_none),
    ),
  joined: ["names"],
  neverMet: whyNeverReported,
  describe: requiredChecks,
});

function judge(context: RuleContext<ChecksParams>, ask: Ask): Verdict | undefined {
  const shown = ask(checksFact.need());
  const runs = mayBringMore(context.params) ? ask(workflowRuns.need()) : [];
  const verdict = shown && runs && judgeOn(shown, runs, context, ask);
  if (verdict === undefined || !mayBeHidden(shown ?? [], verdict, context.params)) return verdict;
  const everyones = withEveryReporter(shown ?? [], ask);
  return everyones && runs && judgeOn(everyones, runs, context, ask);
}

/**
 * Whether a status that nobody shows us could change the verdict: a red behind another's green, or, where one app is asked
 * for, its word behind a stranger's. What that app set last under a context hides nothing more of its own.
 */
function mayBeHidden(
  shown: readonly CheckFact[],
  { kind }: Verdict,
  params: ChecksParams,
): boolean {
  if (kind !== "pass" && !(kind === "pending" && params.app !== undefined)) return false;
  if (params.trusted || params.workflow !== undefined) return false;
  return shown.some(
    (check) =>
      mayHideStatus(check, params.all ? ["*"] : (params.names ?? [])) &&
      (params.app === undefined || whyIgnored(check, params) !== null),
  );
}

function judgeOn(
  reported: readonly CheckFact[],
  runs: readonly WorkflowRunFact[],
  { params, subject }: RuleContext<ChecksParams>,
  ask: Ask,
): Verdict | undefined {
  const files = params.trusted && subject.kind !== "deployment" ? ask(changedFiles.need()) : [];
  if (files === undefined) return undefined;
  const runCheck = (run: WorkflowRunFact): CheckFact => asCheck(run, reported);
  const origin = originOf(subject, [...reported, ...runs.map(runCheck)], ask);
  if (origin === undefined) return undefined;

  const foreign = reported.filter((check) => !waitsForUs(check, subject));
  const ofTheRightOne = foreign.filter(
    (check) => isWanted(check, params) && whyIgnored(check, params) === null,
  );
  const ofWanted = runs.filter((run) => whyIgnored(runCheck(run), params) === null);
  const parts = partsOf(
    [...ofTheRightOne, ...ofWanted.map(runCheck)],
    params,
    new Set(files.flatMap(namesOf)),
    ask,
  );
  if (parts === undefined) return undefined;
  const isTrusted = (check: CheckFact): boolean => whyUntrusted(check.run?.path, parts) === null;
  const mayCount = (check: CheckFact): boolean =>
    !params.trusted || (isTrusted(check) && !(subject.kind === "deployment" && ranProposal(check)));
  const counting = ofTheRightOne.filter(mayCount);
  const standings = weigh(
    counting,
    { allowed: params.conclusions, jobsOnly: asksForJobs(params), origin },
    ask,
  );
  if (standings === undefined) return undefined;
  const unfinished = unfinishedRuns(
    ofWanted.filter((run) => mayCount(runCheck(run))),
    { reported, standings, params, origin },
  );
  const none = noneThere(params, reported, runs, standings, ask);
  if (none === undefined) return undefined;

  const ignored = ignoredByName(foreign, standings, params, parts);
  return checksVerdict(params, {
    states: standings,
    unfinished,
    absent: (params.names ?? [])
      .filter((name) => !isAnswered(name, standings))
      .map((name) => absent(name, ignored)),
    none,
    beside: ignored.filter(([name]) => isWanted({ name }, params)),
    // What a changed workflow says counts for nothing; what cannot be told may be anything.
    unreadable: ofTheRightOne.flatMap((check) => {
      const part = params.trusted ? parts.get(check.run?.path ?? "") : undefined;
      return part?.kind === "unknown" ? [`${check.name}: ${part.why}`] : [];
    }),
    warnings: otherReporters(foreign, params),
  });
}

const isWanted = ({ name }: Pick<CheckFact, "name">, params: ChecksParams): boolean =>
  params.all || matchesAnyName(params.names ?? [], name);

/** What the workflows of these checks are made of, by their paths; `undefined` while one has not been read. */
function partsOf(
  checks: readonly CheckFact[],
  params: ChecksParams,
  changed: ReadonlySet<string>,
  ask: Ask,
): PartsOfWorkflow | undefined {
  if (!params.trusted) return new Map();
  return partsChanged(
    checks.flatMap(({ run }) => (run?.path === null || run === null ? [] : [run.path])),
    changed,
    ask,
  );
}

/** `all` with nothing to look at is no pass by itself: checks may be about to start. */
function noneThere(
  params: ChecksParams,
  reported: readonly CheckFact[],
  runs: readonly WorkflowRunFact[],
  standings: readonly CheckState[],
  ask: Ask,
): NoneThere | undefined {
  if (!params.all || standings.some(counts)) return { kind: "some" };
  if (params.if_none === "wait" || reported.length + runs.length > 0)
    return { kind: "none", signs: [] };
  const here = ask(reporting.need());
  if (here === undefined) return undefined;
  return here.signs.length === 0 ? { kind: "no_ci" } : { kind: "none", signs: here.signs };
}

const counts = ({ kind }: CheckState): boolean => kind !== "unproven" && kind !== "beside";

/** Jobs that stand behind the very door we are asked at: who waited for them would wait for himself. */
function waitsForUs(check: CheckFact, subject: Subject): boolean {
  return (
    subject.kind === "deployment" &&
    subject.runId !== null &&
    check.run?.id === subject.runId &&
    check.status === "waiting"
  );
}

/** At a deployment what was merged is the protected branch's own; a pull request's run still ran what it proposed. */
const ranProposal = (check: CheckFact): boolean =>
  check.run?.event.startsWith("pull_request") ?? false;

const isAnswered = (glob: string, standings: readonly CheckState[]): boolean =>
  standings.some((standing) => counts(standing) && matchesName(glob, standing.check.name));

/** Name of a check and why it does not count. */
type Ignored = readonly (readonly [name: string, why: string])[];

function ignoredByName(
  foreign: readonly CheckFact[],
  standings: readonly CheckState[],
  params: ChecksParams,
  parts: PartsOfWorkflow,
): Ignored {
  return [
    ...foreign.flatMap((check): Ignored => {
      const why =
        whyIgnored(check, params) ?? (params.trusted ? whyUntrusted(check.run?.path, parts) : null);
      return why === null ? [] : [[check.name, why]];
    }),
    ...standings.flatMap((standing): Ignored => {
      if (standing.kind === "unproven")
        return [[standing.check.name, "that no workflow job stands behind"]];
      return standing.kind === "beside" ? [[standing.check.name, standing.why]] : [];
    }),
  ];
}

function absent(glob: string, ignored: Ignored): Absent {
  return {
    name: glob,
    ignored: [
      ...new Set(ignored.filter(([name]) => matchesName(glob, name)).map(([, why]) => why)),
    ],
  };
}

/** Another app under a pinned check's name is worth a word even when all is green: somebody may be trying (threat T1). */
function otherReporters(foreign: readonly CheckFact[], params: ChecksParams): readonly string[] {
  const app = pinnedApp(params.app);
  if (app === null || params.names === undefined) return [];
  const others = foreign.filter(
    (check) =>
      matchesAnyName(params.names ?? [], check.name) &&
      whyIgnored(check, { ...params, workflow: undefined }) !== null,
  );
  return [
    ...new Set(
      others.map(
        (check) =>
          `The check ${check.name} was also reported by ${reporter(check)}; only ${app} counts.`,
      ),
    ),
  ];
}

/**
 * A burst of check events after a push must not wake every rule: those with a name are heard by those who look for
 * it. The name of a workflow run is the workflow's, not a check's.
 */
function hears(event: Event, params: ChecksParams): boolean {
  if (editsNoneOf(event, ["base"])) return false;
  // A run that goes on or ends says something only where any check may come, or where the job behind one is asked for.
  if (event.name === "check_suite.completed") return mayBringMore(params);
  if (event.name.startsWith("workflow_run")) return mayBringMore(params) || asksForJobs(params);
  const name = event.check?.name ?? null;
  if (name === null) return true;
  return params.all || matchesAnyName(params.names ?? [], name);
}
