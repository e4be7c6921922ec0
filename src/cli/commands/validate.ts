import { Command } from "commander";
import { problemText } from "../../core/policy/problem.ts";
import { validatePolicy } from "../../core/policy/validate.ts";
import { readText } from "../files.ts";
import { readPresets } from "../../shipped.ts";
import { text, type DefineCommand } from "./command.ts";

export const validate: DefineCommand = () => ({
  command: new Command("validate")
    .description("check a policy file; errors are named with line, column and remedy")
    .argument("[file]", "the policy", ".github/gatehouse.yml"),
  run: ([file]) => {
    const path = text(file);
    const { valid, problems } = validatePolicy(readText(path), { path, presets: readPresets() });
    const lines = problems.map((problem) => `${path}:${problemText(problem)}${problem.severity === "warning" ? " (warning)" : ""}`);
    return {
      json: { valid, problems: problems.map(({ line, column, path: at, message, severity }) => ({ line, column, path: at, message, severity })) },
      text: [...lines, valid ? `${path}: valid` : `${path}: not valid`].join("\n"),
      exitCode: valid ? 0 : 1,
    };
  },
});
