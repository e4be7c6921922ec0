import type { Ask } from "#core/facts/ask.ts";
import { askingWorkflow } from "#core/facts/deployment.ts";
import { type ChangedFile, changedFiles, headFile } from "#core/facts/pull-request.ts";
import { fail, pass, pending, unknown, type Verdict } from "#core/model/verdict.ts";
import { count, listed } from "#core/text/phrases.ts";
import {
  fewerMembersAreTighter,
  laterIsTighter,
  moreMembersAreTighter,
  together,
} from "../kit/direction.ts";
import { editsNoneOf } from "../kit/edited-fields.ts";
import { defineRule, type Direction, type RuleContext } from "../kit/rule.ts";
import { inspectWorkflow } from "./inspect.ts";
import { requiredOfWorkflows, workflowsParams, type WorkflowsParams } from "./params.ts";

export const workflows = defineRule<WorkflowsParams>({
  name: "workflows",
  summary: "Changed workflows, and the one that asks for a deployment, keep to what is allowed.",
  appliesTo: ["pull_request", "deployment"],
  params: workflowsParams,
  needs: () => [changedFiles, headFile, askingWorkflow],
  judge,
  isAffectedBy: (event) => !editsNoneOf(event, ["base"]),
  compare: (organization, repository) =>
    together(
      laterIsTighter(
        [undefined, "declared", "read"],
        organization.permissions,
        repository.permissions,
      ),
      moreMembersAreTighter(organization.forbid ?? [], repository.forbid ?? []),
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

interface Read {
  readonly path: string;
  readonly text: string | null;
}

function judge({ params, subject }: RuleContext<WorkflowsParams>, ask: Ask): Verdict | undefined {
  const required = requiredOfWorkflows(params);
  if (subject.kind === "deployment") {
    const asking = ask(askingWorkflow.need());
    if (asking === undefined) return undefined;
    if (asking === null || asking.text === null)
      return unknown({
        found:
          asking === null
            ? "no workflow run asks for this deployment"
            : `${asking.path} is not to be seen at the deployed commit`,
        required,
        need: "the workflow that deploys cannot be told",
        next: "Somebody deploys with a workflow of this repository.",
      });
    return verdictOf(params, [asking, ...asking.called], required);
  }
  const files = ask(changedFiles.need());
  if (files === undefined) return undefined;
  const texts = files
    .filter(isWorkflow)
    .map(({ path }) => ({ path, text: ask(headFile.need(path)) }));
  const read = texts.filter((each): each is Read => each.text !== undefined);
  if (read.length < texts.length) return undefined;
  if (texts.length === 0) return pass({ found: "no workflow changed", required });
  return verdictOf(params, read, required);
}

function verdictOf(params: WorkflowsParams, files: readonly Read[], required: string): Verdict {
  const annotations = files.flatMap(({ path, text }) =>
    text === null ? [] : inspectWorkflow(path, text, params),
  );
  const [first] = annotations;
  if (first !== undefined)
    return fail({
      found: `${count(annotations.length, "line")} in ${count(files.length, "workflow")} ${annotations.length === 1 ? "does" : "do"} not keep to it`,
      required,
      need:
        annotations.length === 1
          ? `${first.title}: ${first.path}:${first.startLine}`
          : `${first.title}, and ${annotations.length - 1} more in workflows`,
      next: "The author changes the annotated lines.",
      annotations,
    });
  // A file that is listed as changed and not there: a push between two reads. The next evaluation sees one commit.
  const gone = files.filter(({ text }) => text === null).map(({ path }) => path);
  if (gone.length > 0)
    return pending({
      found: `${listed(gone, 3)} not found at the head commit`,
      required,
      need: `${listed(gone, 1)} could not be found at the head commit`,
      next: "The next push or recheck reads it again.",
    });
  return pass({ found: `${count(files.length, "workflow")} looked through`, required });
}

const isWorkflow = ({ path, status }: ChangedFile): boolean =>
  status !== "removed" &&
  status !== "unchanged" &&
  /^\.github\/workflows\/[^/]+\.ya?ml$/u.test(path);
