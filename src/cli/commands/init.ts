import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { policyPath, policyPaths, policyTestPath, policyTestPaths } from "#core/policy/files.ts";
import { policyJsonSchema } from "#core/policy/json-schema.ts";
import { policyTestsJsonSchema } from "#core/simulate/policy-tests/json-schema.ts";
import { readPresets, root } from "../../shipped.ts";
import { UnusableInput } from "../answer.ts";
import { ask, listed, wholeNumber } from "../starter/ask.ts";
import { schemaFiles, starterFor, type Wishes } from "../starter/starter.ts";
import { text, type DefineCommand } from "./command.ts";

const bounded = (option: string, given: unknown, least: number, most: number): number => {
  const number = wholeNumber(text(given), least, most);
  if (number === undefined)
    throw new UnusableInput(`--${option}: a whole number, ${least} to ${most}`);
  return number;
};

/** What the options say, or undefined where they say nothing. */
function wishesIn(
  options: Readonly<Record<string, unknown>>,
  presets: readonly string[],
): Wishes | undefined {
  const { preset, approvals, checks, coverage, environments } = options;
  const questions = { approvals, checks, coverage, environments };
  const answered = Object.entries(questions).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (preset !== undefined) {
    const name = text(preset).replace(/^gatehouse:/, "");
    if (!presets.includes(name))
      throw new UnusableInput(`--preset ${name}: there are ${presets.join(", ")}`);
    if (answered.length > 0)
      throw new UnusableInput(
        `--preset and --${answered.join(", --")}: a preset says that itself; leave one of the two out`,
      );
    return { preset: name };
  }
  if (answered.length === 0) return undefined;
  return {
    approvals: approvals === undefined ? 1 : bounded("approvals", approvals, 1, 10),
    checks: listed(text(checks)),
    coverage: coverage === undefined ? undefined : bounded("coverage", coverage, 0, 100),
    environments: listed(text(environments)),
  };
}

/** A policy or its tests that stand there already, under either spelling. */
const standing = (folder: string): readonly string[] =>
  [...policyPaths, ...policyTestPaths].filter((path) => existsSync(join(folder, path)));

export const init: DefineCommand = () => ({
  command: new Command("init")
    .description(
      "write a first policy, its tests and their schemas into a repository; asks at a terminal what is not told",
    )
    .option("--preset <name>", "extend a shipped preset: recommended, regulated or library")
    .option("--approvals <n>", "approvals a pull request needs")
    .option("--checks <names>", "checks that must pass, separated by commas; else all that report")
    .option("--coverage <percent>", "lines of the project that tests cover")
    .option("--environments <names>", "environments deployed to only with somebody else's approval")
    .option("--folder <path>", "the repository's root", ".")
    .option("--force", "write over a policy that stands there"),
  run: async (_args, options) => {
    const presets = [...readPresets().keys()].sort();
    const folder = text(options["folder"]);
    if (!existsSync(folder)) throw new UnusableInput(`${folder}: no such folder`);
    const there = standing(folder);
    if (there.length > 0 && options["force"] !== true)
      throw new UnusableInput(
        `${there.join(" and ")}: stands there already; --force writes over it`,
      );
    const other = there.find((path) => path !== policyPath && path !== policyTestPath);
    if (other !== undefined)
      throw new UnusableInput(
        `${other}: would stand beside the new file; delete or rename it first`,
      );
    const told = wishesIn(options, presets);
    if (told === undefined && (process.stdin.isTTY !== true || options["json"] === true))
      throw new UnusableInput(
        "there is no terminal to ask at: name --preset, or --approvals, --checks, --coverage, --environments",
      );
    const { policy, tests } = starterFor(told ?? (await ask(presets)), (preset) =>
      readFileSync(join(root, "policies", `${preset}.test.yml`), "utf8"),
    );
    const files = {
      [policyPath]: policy,
      [policyTestPath]: tests,
      [join(dirname(policyPath), schemaFiles.policy)]: json(policyJsonSchema()),
      [join(dirname(policyPath), schemaFiles.tests)]: json(policyTestsJsonSchema()),
    };
    for (const [path, content] of Object.entries(files)) write(join(folder, path), content);
    return {
      json: { files: Object.keys(files) },
      text: [
        ...Object.keys(files).map((path) => `wrote ${path}`),
        "Next: npx --no -- gatehouse test runs the cases; commit the files to the default branch, where they begin to count.",
      ].join("\n"),
      exitCode: 0,
    };
  },
});

const json = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;

function write(path: string, content: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  } catch (error) {
    throw new UnusableInput(
      `${path}: cannot be written (${error instanceof Error && "code" in error ? String(error.code) : String(error)})`,
    );
  }
}
