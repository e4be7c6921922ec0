import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Command } from "commander";
import { readPresets } from "../../shipped.ts";
import { runPolicyTests } from "#core/simulate/policy-tests/run.ts";
import type { PolicyTestRun } from "#core/model/policy-test.ts";
import { UnusableInput } from "../answer.ts";
import { placed, readText, textIfThere } from "../files.ts";
import { policyPath, policyPaths, policyTestPath, policyTestPaths } from "#core/policy/files.ts";
import { unusable } from "../problems.ts";
import { text, type DefineCommand } from "./command.ts";

interface Files {
  readonly tests: string;
  readonly policy: string;
}

/** `x.test.yml` stands beside its policy `x.yml`, whichever of the two is named; else the policy is that of the folder, or the repository's. */
function filesFor(named: string, policy: string): Files {
  const defaultPolicy = policy === "" ? placed(policyPath, policyPaths) : policyPath;
  const isTestFile = /\.test\.[^./]+$/.test(named);
  const beside = isTestFile
    ? named.replace(/\.test(\.[^./]+)$/, "$1")
    : named.replace(/(\.[^./]+)?$/, ".test$1");
  if (policy !== "") return { tests: named, policy };
  if (!isTestFile && existsSync(beside)) return { tests: beside, policy: named };
  const alike = /\.ya?ml$/.test(beside)
    ? [beside.replace(/\.ya?ml$/, ".yml"), beside.replace(/\.ya?ml$/, ".yaml")]
    : [];
  const candidates = [
    ...(isTestFile ? [beside, ...alike.filter((path) => path !== beside)] : []),
    ...policyPaths.map((path) => join(dirname(named), basename(path))),
  ];
  const found = [...candidates, defaultPolicy].find((path) => existsSync(path));
  if (found === undefined && existsSync(named))
    throw new UnusableInput(
      `${named}: no policy stands beside it (${candidates.join(", ")}), nor at ${defaultPolicy}; name one with --policy`,
    );
  return { tests: named, policy: found ?? defaultPolicy };
}

function words({ cases, coverage }: PolicyTestRun, files: Files): string {
  const failed = cases.filter((each) => !each.ok);
  const never = (list: readonly string[], what: string): readonly string[] =>
    list.length === 0
      ? []
      : [
          `no case made ${list.length === 1 ? "this rule" : "these rules"} ${what}: ${list.join(", ")}`,
        ];
  return [
    ...cases.map(
      (each) =>
        `${each.ok ? "ok  " : "FAIL"}  ${files.tests}:${each.line}  ${each.name}${each.mismatches.map((mismatch) => `\n        ${mismatch}`).join("")}`,
    ),
    `${cases.length - failed.length} of ${cases.length} cases as expected`,
    ...never(
      coverage.filter((rule) => !rule.passed).map((rule) => rule.rule),
      "pass",
    ),
    ...never(
      coverage.filter((rule) => !rule.failed).map((rule) => rule.rule),
      "fail",
    ),
  ].join("\n");
}

export const test: DefineCommand = () => ({
  command: new Command("test")
    .description("run policy tests, and tell which rules no case ever made pass or fail")
    .argument("[file]", "the test file, or the policy that it stands beside", policyTestPath)
    .option("--policy <file>", "the policy, where it does not stand beside the test file")
    .option("--org-policy <file>", "the organisation's policy"),
  run: ([file], options) => {
    const files = filesFor(placed(text(file), policyTestPaths), text(options["policy"]));
    const organization = text(options["orgPolicy"]);
    const result = runPolicyTests({
      tests: readText(files.tests),
      policy: readText(files.policy),
      organization: organization === "" ? undefined : readText(organization),
      presets: readPresets(),
      files: textIfThere,
      clock: Date.now(),
    });
    if (!result.ok) {
      const paths = { tests: files.tests, facts: files.tests, policy: files.policy, organization };
      throw unusable(paths[result.input], result.problems);
    }
    const { ok, cases, coverage } = result.run;
    return {
      json: {
        ok,
        policy: files.policy,
        cases: cases.map(({ name, ok: fine, line, decision, mismatches }) => ({
          name,
          ok: fine,
          line,
          decision,
          mismatches,
        })),
        coverage,
      },
      text: words(result.run, files),
      exitCode: ok ? 0 : 1,
    };
  },
});
