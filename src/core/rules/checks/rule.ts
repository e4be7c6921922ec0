import { baseFile, changedFiles, headFile, pullRequest } from "#core/facts/pull-request.ts";
import { reporting, switchedOffWorkflows } from "#core/facts/reporting.ts";
import { matchesAnyName } from "#core/formats/glob.ts";
import type { Event } from "#core/model/event.ts";
import { whyNeverReported } from "./never-met.ts";
import { asksForJobs, type ChecksParams, checksParams, ifNone, meansEverything } from "./params.ts";
import { expectingFacts } from "../kit/triggers/expected-workflows.ts";
import { mayBringMore } from "./runs.ts";
import { checkFacts, tallyOf } from "./tally.ts";
import { checksVerdict, requiredChecks } from "./verdict.ts";
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
import { defineRule } from "../kit/rule.ts";
import { waitsForItself } from "../kit/doubt.ts";

export const checks = defineRule<ChecksParams>({
  name: "checks",
  summary: "Named checks (or all of them) passed on exactly this commit.",
  appliesTo: ["pull_request", "deployment"],
  params: checksParams,
  needs: (params) => [
    ...checkFacts,
    pullRequest,
    ...(params.trusted ? [changedFiles, headFile, baseFile] : []),
    ...(meansEverything(params)
      ? [reporting, switchedOffWorkflows, ...expectingFacts]
      : params.if_none === "pass_without_ci"
        ? [reporting, switchedOffWorkflows, ...expectingFacts]
        : []),
  ],
  judge: ({ params, subject, now }, ask) => {
    const tally = tallyOf(params, { subject, now }, ask);
    return tally && checksVerdict(params, tally);
  },
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
  doubts: (written) => waitsForItself(written, "names"),
  describe: requiredChecks,
});

/**
 * A burst of check events after a push must not wake every rule: those with a name are heard by those who look for
 * it. The name of a workflow run is the workflow's, not a check's.
 */
function hears(event: Event, params: ChecksParams): boolean {
  if (editsNoneOf(event, ["base"])) return false;
  // What reports here is asked again with every look; a push to the base wakes nobody who does not stand on it.
  if (event.name === "push" || event.name === "pull_request.closed")
    return params.trusted || params.if_none === "pass_without_ci";
  // A run that goes on or ends says something only where any check may come, or where the job behind one is asked for.
  if (event.name === "check_suite.completed") return mayBringMore(params);
  if (event.name.startsWith("workflow_run")) return mayBringMore(params) || asksForJobs(params);
  const name = event.check?.name ?? null;
  if (name === null) return true;
  return params.all || matchesAnyName(params.names ?? [], name);
}
