import type { Ask } from "#core/facts/ask.ts";
import { type AskingWorkflow, askingWorkflow, type WorkflowText } from "#core/facts/deployment.ts";
import { isWorkflowPath } from "#core/facts/workflows.ts";
import { fail, pass, unknown, type Verdict } from "#core/model/verdict.ts";
import { count, listed } from "#core/text/phrases.ts";
import { changedTextFacts, changedTexts, notYetThere } from "../kit/changed-texts.ts";
import {
  fewerMembersAreTighter,
  laterIsTighter,
  moreMembersAreTighter,
  together,
} from "../kit/direction.ts";
import { editsNoneOf } from "../kit/edited-fields.ts";
import { defineRule, type Direction, type RuleContext } from "../kit/rule.ts";
import { inspectWorkflow, isForStrangers } from "./inspect.ts";
import { requiredOfWorkflows, workflowsParams, type WorkflowsParams } from "./params.ts";

export const workflows = defineRule<WorkflowsParams>({
  name: "workflows",
  summary: "Changed workflows, and the one that asks for a deployment, keep to what is allowed.",
  appliesTo: ["pull_request", "deployment"],
  params: workflowsParams,
  needs: () => [...changedTextFacts, askingWorkflow],
  judge,
  isAffectedBy: (event) => !editsNoneOf(event, ["base"]),
  compare: (organization, repository) =>
    together(
      laterIsTighter(
        [undefined, "declared", "read"],
        organization.permissions,
        repository.permissions,
      ),
      moreMembersAreTighter(organization.forbid, repository.forbid),
      fewerOrAny(organization.runners, repository.runners),
    ),
  joined: ["forbid"],
  describe: requiredOfWorkflows,
});

/** Left out means any. */
function fewerOrAny(
  organization: readonly string[] | undefined,
  repository: readonly string[] | undefined,
): Direction {
  if (organization === undefined) return repository === undefined ? "same" : "tighter";
  return repository === undefined ? "looser" : fewerMembersAreTighter(organization, repository);
}

function judge(context: RuleContext<WorkflowsParams>, ask: Ask): Verdict | undefined {
  const { params, subject } = context;
  const required = requiredOfWorkflows(params);
  if (subject.kind === "deployment") {
    const asking = ask(askingWorkflow.need());
    return asking === undefined ? undefined : atDeployment(params, asking, required);
  }
  const files = changedTexts(isWorkflowPath, ask);
  if (files === undefined) return undefined;
  if (files.length === 0) return pass({ found: "no workflow changed", required });
  // Which workflows call a changed one is not looked up: one that runs for strangers may.
  const looked = files.map((file) => ({ ...file, calledForStrangers: true }));
  return (
    refused(params, looked, required, "The author changes the annotated lines.") ??
    notYetThere(files, required) ??
    lookedThrough(files, required)
  );
}

function atDeployment(
  params: WorkflowsParams,
  asking: AskingWorkflow | null,
  required: string,
): Verdict {
  if (asking === null || (asking.text === null && !isWorkflowPath(asking.path)))
    return unknown({
      found:
        asking === null
          ? "no workflow run asks for this deployment"
          : `${asking.path}, which asks for it, is no file of this repository`,
      required,
      need: "the workflow that deploys cannot be told",
      next: "Somebody deploys with a workflow of this repository.",
    });
  const calledForStrangers = asking.text === null || isForStrangers(asking.text);
  const files = [
    { ...asking, calledForStrangers: false },
    ...asking.called.map((each) => ({ ...each, calledForStrangers })),
  ];
  const verdict = refused(
    params,
    files,
    required,
    "The author changes these lines, then somebody deploys again.",
  );
  if (verdict !== null) return verdict;
  const gone = files.filter(({ text }) => text === null).map(({ path }) => path);
  return gone.length === 0
    ? lookedThrough(files, required)
    : unknown({
        found: `${listed(gone, 3)} not to be seen at the deployed commit`,
        required,
        need: `${listed(gone, 1)} cannot be seen at the deployed commit`,
        next: `Somebody deploys a commit that holds ${listed(gone, 3)}.`,
      });
}

interface Looked extends WorkflowText {
  readonly calledForStrangers: boolean;
}

function refused(
  params: WorkflowsParams,
  files: readonly Looked[],
  required: string,
  next: string,
): Verdict | null {
  const annotations = files.flatMap(({ path, text, calledForStrangers }) =>
    text === null ? [] : inspectWorkflow(path, text, params, calledForStrangers),
  );
  const [first] = annotations;
  if (first === undefined) return null;
  return fail({
    found: `${count(annotations.length, "line")} in ${count(files.length, "workflow")} ${annotations.length === 1 ? "does" : "do"} not keep to it`,
    required,
    need:
      annotations.length === 1
        ? `${first.title}: ${first.path}:${first.startLine}`
        : `${first.title}, and ${annotations.length - 1} more in workflows`,
    next,
    annotations,
  });
}

const lookedThrough = (files: readonly WorkflowText[], required: string): Verdict =>
  pass({ found: `${count(files.length, "workflow")} looked through`, required });
