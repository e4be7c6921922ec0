import { Command } from "commander";
import { effectivePolicy } from "#core/policy/assemble.ts";
import { inOrder, problemText, type Problem } from "#core/yaml/problem.ts";
import { validatePolicy, type ParsedPolicy, type Validation } from "#core/policy/validate.ts";
import { readPresets } from "../../shipped.ts";
import { placed, readText } from "../files.ts";
import { policyPath, policyPaths } from "#core/policy/files.ts";
import { unusable } from "../problems.ts";
import { text, type DefineCommand } from "./command.ts";

function organizationAt(path: string): ParsedPolicy | undefined {
  if (path === "") return undefined;
  const { policy, problems } = validatePolicy(readText(path), { path, presets: readPresets() });
  if (policy === undefined) throw unusable(path, problems);
  return policy;
}

/** Beside its own problems, what the organisation's policy leaves out of the repository's: attempts to loosen it. */
function problemsUnder(
  organization: ParsedPolicy | undefined,
  { policy, problems }: Validation,
): readonly Problem[] {
  if (organization === undefined || policy === undefined) return problems;
  const made = effectivePolicy({
    repository: { owner: "", name: "", properties: {} },
    organization,
    own: policy,
    presets: readPresets(),
    extended: new Map(),
    digest: "",
  });
  // What cannot be put together here, for a file of the organisation that is not at hand, says nothing against this file.
  return made.ok
    ? inOrder(
        made.policy.notices
          .filter(({ file }) => file === "repository")
          .map(({ problem }) => problem),
      )
    : problems;
}

export const validate: DefineCommand = () => ({
  command: new Command("validate")
    .description("check a policy file; errors are named with line, column and remedy")
    .argument("[file]", "the policy", policyPath)
    .option(
      "--org-policy <file>",
      "the organisation's policy, whose rules and windows this one may name and must not loosen",
    ),
  run: ([file], options) => {
    const path = placed(text(file), policyPaths);
    const organization = organizationAt(text(options["orgPolicy"]));
    const validation = validatePolicy(readText(path), {
      path,
      presets: readPresets(),
      organization,
    });
    const { valid } = validation;
    const problems = problemsUnder(organization, validation);
    const lines = problems.map(
      (problem) =>
        `${path}:${problemText(problem)}${problem.severity === "warning" ? " (warning)" : ""}`,
    );
    return {
      json: {
        valid,
        problems: problems.map(({ line, column, path: at, message, severity }) => ({
          line,
          column,
          path: at,
          message,
          severity,
        })),
      },
      text: [...lines, valid ? `${path}: valid` : `${path}: not valid`].join("\n"),
      exitCode: valid ? 0 : 1,
    };
  },
});
