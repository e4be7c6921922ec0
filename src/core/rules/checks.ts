import type { CheckFact } from "../facts/checks.ts";
import { checks as checksFact, jobBehindCheck } from "../facts/checks.ts";
import { changedFiles } from "../facts/pull-request.ts";
import { matchesAnyName, matchesName } from "../formats/glob.ts";
import type { Event } from "../model/event.ts";
import type { Subject } from "../model/subject.ts";
import type { Verdict } from "../model/verdict.ts";
import { namesOf } from "./changed-names.ts";
import { pinnedApp, reporter, whyIgnored } from "./checks/eligible.ts";
import type { Standing } from "./checks/newest.ts";
import { byContext, standingOf } from "./checks/newest.ts";
import { isOwnCheck } from "./checks/own.ts";
import type { ChecksParams } from "./checks/params.ts";
import { asksForJobs, checksParams } from "./checks/params.ts";
import type { Absent } from "./checks/verdict.ts";
import { checksVerdict, requiredChecks } from "./checks/verdict.ts";
import {
  besideIf,
  fewerMembersAreTighter,
  moreMembersAreTighter,
  pinIsTighter,
  together,
  trueIsTighter,
} from "./direction.ts";
import type { Ask } from "./in-rounds.ts";
import { inRounds } from "./in-rounds.ts";
import type { RuleContext } from "./rule.ts";
import { defineRule } from "./rule.ts";

export const checks = defineRule<ChecksParams>({
  name: "checks",
  summary: "Named checks (or all of them) passed on exactly this commit.",
  gates: ["pull_request", "deployment"],
  defaultGates: ["pull_request"],
  params: checksParams,
  uses: (params) => [
    checksFact,
    ...(asksForJobs(params) ? [jobBehindCheck] : []),
    ...(params.trusted ? [changedFiles] : []),
  ],
  ...inRounds(judge),
  hears,
  compare: (organization, repository) =>
    together(
      moreMembersAreTighter(organization.names ?? [], repository.names ?? []),
      // These three say which checks count: a red one that no longer counts must still be red.
      besideIf(true, pinIsTighter(organization.app, repository.app)),
      besideIf(true, pinIsTighter(organization.workflow, repository.workflow)),
      besideIf(true, trueIsTighter(organization.trusted, repository.trusted)),
      fewerMembersAreTighter(organization.conclusions, repository.conclusions),
      trueIsTighter(organization.all, repository.all),
    ),
  joined: ["names"],
  describe: requiredChecks,
});

function judge({ params, subject }: RuleContext<ChecksParams>, ask: Ask): Verdict | undefined {
  const reported = ask(checksFact.need());
  const files = params.trusted && subject.kind !== "deployment" ? ask(changedFiles.need()) : [];
  if (reported === undefined || files === undefined) return undefined;
  const changed = new Set(files.flatMap(namesOf));

  const foreign = reported.filter(
    (check) => !isOwnCheck(check.name) && !waitsForUs(check, subject),
  );
  const countable = foreign.filter(
    (check) =>
      whyIgnored(check, params, changed) === null &&
      !(params.trusted && subject.kind === "deployment" && ranProposal(check)),
  );
  const wanted = params.all
    ? countable
    : countable.filter((check) => matchesAnyName(params.names ?? [], check.name));
  const standings = [...byContext(wanted).values()].map((runs) =>
    standingOf(runs, params.conclusions, asksForJobs(params), ask),
  );
  const settled = standings.filter((standing) => standing !== undefined);
  if (settled.length < standings.length) return undefined;

  const ignored = ignoredByName(foreign, settled, params, changed);
  return checksVerdict(params, {
    standings: settled,
    absent: (params.names ?? [])
      .filter((name) => !isAnswered(name, settled))
      .map((name) => absent(name, ignored)),
    warnings: otherReporters(foreign, params),
  });
}

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

const isAnswered = (glob: string, standings: readonly Standing[]): boolean =>
  standings.some(({ kind, check }) => kind !== "unproven" && matchesName(glob, check.name));

/** Name of a check and why it does not count. */
type Ignored = readonly (readonly [name: string, why: string])[];

function ignoredByName(
  foreign: readonly CheckFact[],
  standings: readonly Standing[],
  params: ChecksParams,
  changed: ReadonlySet<string>,
): Ignored {
  return [
    ...foreign.flatMap((check): Ignored => {
      const why = whyIgnored(check, params, changed);
      return why === null ? [] : [[check.name, why]];
    }),
    ...standings.flatMap(({ kind, check }): Ignored =>
      kind === "unproven" ? [[check.name, "that no workflow job stands behind"]] : [],
    ),
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
      whyIgnored(check, { ...params, workflow: undefined, trusted: false }, new Set()) !== null,
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
  const name = event.check?.name ?? null;
  if (name === null) return true;
  if (event.name.startsWith("workflow_run") || event.name.startsWith("check_suite"))
    return asksForJobs(params);
  if (isOwnCheck(name)) return false;
  return params.all || matchesAnyName(params.names ?? [], name);
}
