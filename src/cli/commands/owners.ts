import { Command } from "commander";
import { ownersOf, parseCodeowners } from "#core/formats/codeowners.ts";
import { readText } from "../files.ts";
import { text, texts, type DefineCommand } from "./command.ts";

export const owners: DefineCommand = () => ({
  command: new Command("owners")
    .description("who owns each path, by a CODEOWNERS file")
    .requiredOption("--file <codeowners>", "the CODEOWNERS file")
    .argument("<paths...>", "paths relative to the repository's root"),
  run: ([paths], options) => {
    const file = text(options["file"]);
    const codeowners = parseCodeowners(readText(file));
    const rows = texts(paths).map((path) => {
      const found = ownersOf(codeowners, path.replace(/^(?:\.\/)+/, ""));
      return { path, owners: found?.owners ?? [], line: found?.line ?? null };
    });
    return {
      json: rows,
      text: rows
        .map(
          (row) =>
            `${row.path}: ${row.owners.length === 0 ? "nobody" : row.owners.join(" ")}${row.line === null ? "" : ` (line ${row.line})`}`,
        )
        .join("\n"),
      exitCode: 0,
      troubles: codeowners.problems.map(
        ({ line, message, skipped }) =>
          `${file}:${line === 0 ? "" : `${line}:`} ${message}${line === 0 ? "; it says nothing about any path" : skipped ? "; GitHub skips this line" : "; the line's other owners stay"}`,
      ),
    };
  },
});
