#!/usr/bin/env node
import completion from "@bomb.sh/tab/commander";
import { Command, CommanderError } from "commander";
import { version } from "../shipped.ts";
import { UnusableInput, type Answer } from "./answer.ts";
import { commands } from "./commands/index.ts";

/** Prints an answer; one JSON document with `--json`. */
function print(answer: Answer, json: boolean): void {
  for (const trouble of answer.troubles ?? []) process.stderr.write(`gatehouse: ${trouble}\n`);
  if (json) printJson(answer.json);
  else
    process.stdout.write(
      answer.text === "" || answer.text.endsWith("\n") ? answer.text : `${answer.text}\n`,
    );
  process.exitCode = answer.exitCode;
}

/** What went wrong, for people on standard error, and with `--json` as a document all the same. */
function complain(error: unknown, json: boolean): void {
  process.exitCode = 2;
  if (error instanceof CommanderError) {
    // Commander has spoken already; asked for help, it did well.
    if (error.exitCode === 0) process.exitCode = 0;
    else if (json) printJson({ error: error.message.replace(/^error: /, "") });
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  const problems = error instanceof UnusableInput ? error.problems : [];
  process.stderr.write(`gatehouse: ${message}\n`);
  if (json) printJson(problems.length === 0 ? { error: message } : { error: message, problems });
}

function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

const program = new Command("gatehouse")
  .description("The policy gate of a GitHub organisation.")
  .option("--json", "print one JSON document")
  .version(version, "--version")
  .showHelpAfterError(
    "(gatehouse --help lists the commands; gatehouse help <command> says what one takes)",
  )
  .exitOverride();

for (const define of commands) {
  const { command, run } = define();
  command.option("--json", "print one JSON document").copyInheritedSettings(program);
  command.action(async () => {
    const options = command.optsWithGlobals<Record<string, unknown>>();
    const answer = await run(command.processedArgs, options);
    if (answer !== null) print(answer, options["json"] === true);
  });
  program.addCommand(command);
}
completion(program, { completionCommandName: "completion" });

// The reader has seen enough (`| head`): nothing went wrong.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

try {
  await program.parseAsync(process.argv);
} catch (error) {
  complain(error, process.argv.includes("--json"));
}
