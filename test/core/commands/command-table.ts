import { commands } from "#core/commands/index.ts";
import { commandNames } from "#core/commands/names.ts";
import { table } from "#core/text/markdown.ts";

/** The table of docs/commands.md, as the list of commands has it. */
export function commandTable(): string {
  const rows = commands.map(({ name, usage, summary, who }) => {
    const aliases: readonly string[] = commandNames[name];
    return [
      `\`${name}${usage === "" ? "" : ` ${usage}`}\`${aliases.length === 0 ? "" : ` (also ${aliases.map((alias) => `\`${alias}\``).join(", ")})`}`,
      who,
      summary,
    ];
  });
  return table(["Command", "Who", "Does"], rows);
}
