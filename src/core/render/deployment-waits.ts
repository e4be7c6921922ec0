import type { RuleOutcome } from "#core/model/decision.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import { commandSpan } from "#core/text/command-text.ts";
import { inert, link } from "#core/text/markdown.ts";
import { environmentCheckName } from "./environment-check.ts";
import { oneLine } from "#core/text/plain-text.ts";

/** A deployment that waits for people: for what, and how they answer. */
export function deploymentWaits(
  subject: DeploymentSubject,
  waits: readonly RuleOutcome[],
  page: string | undefined,
): string {
  const checkRun = oneLine(environmentCheckName(subject.environment), 300).replaceAll("`", "'");
  const approve = commandSpan("approve", subject.environment);
  const needs = waits.map(({ verdict }) => {
    const need = inert(verdict.need === "" ? verdict.found : verdict.need, 400);
    // How to answer stands below; what else has to be done first stands here.
    return verdict.next.includes(approve) ? `- ${need}` : `- ${need}. ${inert(verdict.next, 600)}`;
  });
  return [
    `🚦 The deployment of \`${subject.sha.slice(0, 7)}\` to **${inert(subject.environment)}** waits for people:`,
    needs.join("\n"),
    `Answer here with ${approve} or ${commandSpan("reject", subject.environment, "<reason>")}, with the buttons of the check run \`${checkRun}\`, or with GitHub's own review of the environment.${page === undefined ? "" : ` Everything about it: ${link("the decision", page)}.`}`,
  ].join("\n\n");
}
