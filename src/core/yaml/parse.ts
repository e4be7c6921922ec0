import { LineCounter, parseDocument, type YAMLError } from "yaml";
import { policyCaps, type Caps } from "./caps.ts";
import { hasErrors, type Problem } from "./problem.ts";
import { scan } from "./scan.ts";
import { nowhere, problemAt, type SourcePosition, type Source } from "./source.ts";
import { textFault } from "./text-fault.ts";
import { readTree } from "./tree.ts";

export type Parsed =
  | { readonly ok: true; readonly source: Source }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads a hostile YAML 1.2 text (JSON is YAML) into plain data with the place of each part. Never throws: whatever is
 * wrong with it is a list of problems. One document, no merge keys, no tags of its own, no duplicate keys.
 */
export function parseYaml(marked: string, caps: Caps = policyCaps): Parsed {
  // A byte order mark is no character of the text: columns count without it.
  const text = marked.replace(/^\uFEFF/, "");
  const tooLarge = byteLength(text, caps.bytes);
  if (tooLarge)
    return failed([
      problemAt(
        { line: 1, column: 1 },
        "",
        `the file is larger than ${Math.round(caps.bytes / 1_024)} KiB; split it or shorten it`,
      ),
    ]);
  const lines = new LineCounter();
  const at = (offset: number): SourcePosition => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  try {
    const fault = textFault(text, caps) ?? scan(text, caps);
    if (fault !== null) return failed([problemAt(placeOf(text, fault.offset), "", fault.message)]);
    const document = parseDocument(text, {
      version: "1.2",
      schema: "core",
      merge: false,
      uniqueKeys: false,
      strict: true,
      prettyErrors: false,
      lineCounter: lines,
    });
    const troubles = [...document.errors, ...document.warnings];
    if (troubles.length > 0)
      return failed(
        troubles.slice(0, 20).map((trouble) => problemAt(at(trouble.pos[0]), "", inWords(trouble))),
      );
    const { source, problems } = readTree(document.contents, at, caps);
    return hasErrors(problems) ? failed(problems) : { ok: true, source };
  } catch (error) {
    // The parser's recursion is bounded by the scan; this is for what nobody thought of.
    const reason = error instanceof Error ? error.message : String(error);
    return failed([problemAt(nowhere.ofKey([]), "", `the file cannot be read as YAML: ${reason}`)]);
  }
}

function failed(problems: readonly Problem[]): Parsed {
  return { ok: false, problems };
}

function byteLength(text: string, cap: number): boolean {
  if (text.length > cap) return true;
  return text.length * 3 > cap && new TextEncoder().encode(text).length > cap;
}

function placeOf(text: string, offset: number): SourcePosition {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}

/** The parser's message, and what to do about it. */
function inWords(error: YAMLError): string {
  switch (error.code) {
    case "TAB_AS_INDENT":
      return "a tab is used as indentation; YAML wants spaces";
    case "MULTIPLE_DOCS":
      return "the file holds several documents (---); write one";
    case "BAD_INDENT":
      return `wrong indentation: ${lower(error.message)}; line the keys up`;
    case "TAG_RESOLVE_FAILED":
      return "tags (!…) are not supported; write plain values, or quote a text that begins with !";
    case "BAD_SCALAR_START":
      return `${lower(error.message)}; quote it`;
    case "BAD_ALIAS":
      return `${lower(error.message)}; quote a text that begins with * or &`;
    case "MISSING_CHAR":
    case "UNEXPECTED_TOKEN":
    case "BLOCK_AS_IMPLICIT_KEY":
    case "MULTILINE_IMPLICIT_KEY":
      return `not valid YAML: ${lower(error.message)}; check colons, quotes and indentation here`;
    default:
      return `not valid YAML: ${lower(error.message)}`;
  }
}

function lower(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
