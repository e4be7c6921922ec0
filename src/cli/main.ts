#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { SettingsError } from "../env.ts";
import { UnusableInput, type Answer } from "./answer.ts";
import { commands } from "./commands/index.ts";

/** Prints an answer; one JSON document with `--json`. */
function print(answer: Answer, json: boolean): void {
  for (const trouble of answer.troubles ?? []) process.stderr.write(`gatehouse: ${trouble}\n`);
  process.stdout.write(json ? `${JSON.stringify(answer.json, null, 2)}\n` : answer.text === "" || answer.text.endsWith("\n") ? answer.text : `${answer.text}\n`);
  process.exitCode = answer.exitCode;
}

function complain(error: unknown): void {
  if (error instanceof UnusableInput || error instanceof SettingsError) {
    process.stderr.write(`gatehouse: ${error.message}\n`);
    process.exitCode = 2;
    return;
  }
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  process.stderr.write(`gatehouse: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

const program = new Command("gatehouse")
  .description("The policy gate of a GitHub organisation.")
  .option("--json", "print one JSON document")
  .showHelpAfterError("(gatehouse --help lists the commands)")
  .exitOverride();

for (const define of commands) {
  const { command, run } = define();
  command.option("--json", "print one JSON document").exitOverride();
  command.action(async () => {
    const options = command.optsWithGlobals<Record<string, unknown>>();
    const answer = await run(command.processedArgs, options);
    if (answer !== null) print(answer, options["json"] === true);
  });
  program.addCommand(command);
}

try {
  await program.parseAsync(process.argv);
} catch (error) {
  complain(error);
}
