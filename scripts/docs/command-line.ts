import type { Argument, Command, Option } from "commander";
import type { DefineCommand } from "../../src/cli/commands/command.ts";
import { table } from "#core/text/markdown.ts";
import { cell, code } from "./markdown.ts";

const argumentText = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

const usage = (name: string, command: Command): string =>
  [
    `gatehouse ${name}`,
    ...command.registeredArguments.map(argumentText),
    ...command.options.filter((option) => option.mandatory).map((option) => option.flags),
    ...(command.options.some((option) => !option.mandatory) ? ["[options]"] : []),
  ].join(" ");

const fallback = (value: unknown): string => (value === undefined || value === false ? "" : ` (default: ${code(String(value))})`);
const argumentRow = (argument: Argument): readonly string[] => [cell(code(argumentText(argument))), cell(argument.description + fallback(argument.defaultValue))];
const optionRow = (option: Option): readonly string[] => [cell(code(option.flags)), cell(`${option.description}${option.mandatory ? " (must be given)" : fallback(option.defaultValue)}`)];

function sectionOf(command: Command, parent: string): string {
  const name = `${parent}${command.name()}`;
  const rows = [...command.registeredArguments.map(argumentRow), ...command.options.map(optionRow)];
  const description = command.description();
  return [
    `## ${code(name)}`,
    description === "" ? "" : `${description.charAt(0).toUpperCase()}${description.slice(1)}.`,
    command.commands.length === 0 ? `\`\`\`text\n${usage(name, command)}\n\`\`\`` : "",
    rows.length === 0 ? "" : table(["Argument or option", "Means"], rows),
    ...command.commands.map((inner) => sectionOf(inner, `${name} `)),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** One section a command, in the order of the list. */
export const commandSections = (commands: readonly DefineCommand[]): string => commands.map((define) => sectionOf(define().command, "")).join("\n\n");
