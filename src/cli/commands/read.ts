import { Command } from "commander";
import { decodeText } from "#core/formats/decode-text.ts";
import { readCoverageFiles, type NamedFile } from "#core/formats/coverage/read-files.ts";
import { readFindingFiles } from "#core/formats/findings/read-files.ts";
import { UnusableInput, type Answer } from "../answer.ts";
import { readBytes } from "../files.ts";
import { texts, text, type DefineCommand } from "./command.ts";

function named(file: string): NamedFile {
  try {
    return { file, content: readBytes(file) };
  } catch (error) {
    return { file, error: error instanceof Error ? error.message : String(error) };
  }
}

function findingsOf(source: NamedFile): Row {
  if ("error" in source) return source;
  const text = typeof source.content === "string" ? source.content : decodeText(source.content);
  return readFindingFiles([{ file: source.file, text }])[0] ?? { file: source.file };
}

interface Row {
  readonly file: string;
}

/** One line a file; a file that cannot be used among others is a negative answer, and where none can be used, so is the input. */
function answer(rows: readonly Row[], line: (row: Row) => string): Answer {
  const failed = rows.filter((row): row is Row & { readonly error: string } => "error" in row);
  return {
    json: rows,
    text: rows.map(line).join("\n"),
    exitCode: failed.length === 0 ? 0 : failed.length === rows.length ? 2 : 1,
    troubles: failed.map(({ file, error }) =>
      error.startsWith(file) ? error : `${file}: ${error}`,
    ),
  };
}

const words = (row: Row): string =>
  Object.entries(row)
    .map(([key, value]) =>
      key === "file"
        ? String(value)
        : `${key} ${Array.isArray(value) ? value.join("; ") : typeof value === "object" ? JSON.stringify(value) : String(value)}`,
    )
    .join("  ");

export const read: DefineCommand = () => ({
  command: new Command("read")
    .description("what a coverage report or a scanner's output says, as the gate reads it")
    .argument("<kind>", "coverage or findings")
    .argument("<files...>", "report files"),
  run: ([kind, files]) => {
    const sources = texts(files).map(named);
    switch (text(kind)) {
      case "coverage":
        return answer(readCoverageFiles(sources), words);
      case "findings":
        return answer(sources.map(findingsOf), words);
      default:
        throw new UnusableInput(`read: "${text(kind)}" is neither coverage nor findings`);
    }
  },
});
