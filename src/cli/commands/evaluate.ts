import { Command } from "commander";
import { readPresets } from "../../shipped.ts";
import { evaluateSimulated } from "#core/simulate/evaluate.ts";
import { answerText } from "#core/render/answer-data.ts";
import { readText, textIfThere } from "../files.ts";
import { instantOption } from "../instant.ts";
import { unusable } from "../problems.ts";
import { text, type DefineCommand } from "./command.ts";

export const evaluate: DefineCommand = () => ({
  command: new Command("evaluate")
    .description("the decision of a policy over facts in the words of policy tests")
    .requiredOption("--policy <file>", "the repository's policy")
    .option("--org-policy <file>", "the organisation's policy")
    .requiredOption("--facts <file>", "the facts, YAML or JSON")
    .option(
      "--now <instant>",
      "judge at this instant, such as 2026-03-30T07:00:00Z; wins over the facts' own",
    ),
  run: (_args, options) => {
    const files = {
      policy: text(options["policy"]),
      organization: text(options["orgPolicy"]),
      facts: text(options["facts"]),
    };
    const result = evaluateSimulated({
      policy: readText(files.policy),
      organization: files.organization === "" ? undefined : readText(files.organization),
      facts: readText(files.facts),
      now: instantOption(options["now"], "--now"),
      clock: Date.now(),
      presets: readPresets(),
      files: textIfThere,
    });
    if (!result.ok) throw unusable(files[result.input], result.problems);
    return {
      json: result.answer,
      text: answerText(result.answer),
      exitCode: result.answer.decision === "allow" ? 0 : 1,
    };
  },
});
