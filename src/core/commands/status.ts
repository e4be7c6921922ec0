import { nearest } from "#core/text/nearest.ts";
import { policyZone } from "#core/policy/policy-zone.ts";
import { renderDecision } from "#core/render/decision.ts";
import { inZone } from "#core/render/in-zone.ts";
import { inert, inertWithCommands, link } from "#core/text/markdown.ts";
import { overrideState } from "#core/render/override.ts";
import { instant } from "#core/text/time.ts";
import { firstWord } from "./arguments.ts";
import { toRole } from "./authority.ts";
import { answered, refused, type Call, type Command } from "./command.ts";
import { requestsOf } from "./override-requests.ts";

const notJudged = "This pull request is not judged yet, or no policy governs the repository.";

/** Requests that still mean something: granted ones, and those that wait. */
function overridesOf(call: Call): readonly string[] {
  return requestsOf(call)
    .filter(({ state }) => state.kind !== "over")
    .map((request) => `- ${overrideState(request, call.context.owner, "new")}`);
}

export const status: Command = {
  name: "status",
  usage: "",
  summary: "Says what the gate says of this pull request now.",
  who: "read",
  grants: () => [toRole("read")],
  run: (call) => {
    if (call.decision === null) return answered(notJudged);
    const zone = policyZone(call.policy);
    const { summary } = renderDecision(call.decision, { zone });
    const overrides = overridesOf(call);
    return answered(
      [
        `Judged ${inZone(instant(call.decision.now), zone)}.`,
        summary,
        ...(overrides.length === 0 ? [] : [overrides.join("\n")]),
      ].join("\n\n"),
    );
  },
};

export const explain: Command = {
  name: "explain",
  usage: "[rule]",
  summary:
    "Explains a rule's verdict, or each one: what was found, what is required, what to do, and the evidence.",
  who: "read",
  grants: () => [toRole("read")],
  run: (call) => {
    if (call.decision === null) return answered(notJudged);
    const { word } = firstWord(call.rest);
    const rules = call.decision.rules.filter(
      (rule) =>
        rule.enforcement !== "disabled" &&
        (word === "" || rule.name.toLowerCase() === word.toLowerCase()),
    );
    if (rules.length === 0) {
      const near = nearest(
        word,
        call.decision.rules.map(({ name }) => name),
      );
      return refused(
        `There is no rule ${inert(word, 60)} here${near === undefined ? "." : `. Did you mean ${inert(near)}?`}`,
      );
    }
    const parts = rules.map(({ name, description, verdict, enforcement, overridden }) =>
      [
        `**${inert(name)}**: ${verdict.kind}${enforcement === "evaluate" ? " (shown, does not count)" : ""}${overridden === undefined ? "" : `, let through by ${inert(`${overridden.name} of @${overridden.by.login}`)}`}`,
        ...(description === "" ? [] : [`- ${inert(description)}`]),
        `- found: ${inert(verdict.found, 600)}`,
        `- required: ${inert(verdict.required, 600)}`,
        ...(verdict.next === "" ? [] : [`- next: ${inertWithCommands(verdict.next, 600)}`]),
        ...verdict.evidence
          .slice(0, 10)
          .map((evidence) => `- evidence: ${link(evidence.label, evidence.url)}`),
      ].join("\n"),
    );
    const page = call.decisionPage;
    return answered(
      [
        ...parts.slice(0, 50),
        ...(page === undefined ? [] : [`${link("The whole decision", page)}, and what led to it.`]),
      ].join("\n\n"),
    );
  },
};
