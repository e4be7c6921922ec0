import { CST, Lexer } from "yaml";
import type { Caps } from "./caps.ts";

/** Indicators (`-`, `?`, `:`) of one line: each can open a level of nesting. */
const indicatorsPerLine = 48;

/** Why the text must not be given to the YAML parser, and the offset of it; null when it may. */
export interface ScanFault {
  readonly offset: number;
  readonly message: string;
}

/**
 * Walks the tokens of a hostile text before anything builds a tree of them: nested collections exhaust the parser's
 * stack, and 130,000 dashes on one line end the whole process.
 */
export function scan(text: string, caps: Caps): ScanFault | null {
  // Indentation, escapes and quotes stand in the token as well.
  const longest = caps.scalar * 4;
  let offset = 0;
  let tokens = 0;
  let flow = 0;
  // Colons since the last comma or bracket: `{a: b: c: …}` nests a pair in a pair without a bracket of its own.
  let pairs = 0;
  let indicators = 0;
  let documents = 0;
  for (const token of new Lexer().lex(text)) {
    if (++tokens > caps.tokens)
      return {
        offset,
        message: `the file is too long: more than ${caps.tokens} tokens; split it or shorten it`,
      };
    const kind = CST.tokenType(token);
    if (token.length > longest && kind !== "comment")
      return {
        offset,
        message: `a text of ${token.length} characters; at most ${caps.scalar} are allowed`,
      };
    switch (kind) {
      case "comma":
        pairs = 0;
        break;
      case "flow-seq-start":
      case "flow-map-start":
        pairs = 0;
        if (++flow > caps.depth)
          return { offset, message: `nested more than ${caps.depth} levels deep; flatten it` };
        break;
      case "flow-seq-end":
      case "flow-map-end":
        flow = Math.max(0, flow - 1);
        pairs = 0;
        break;
      case "doc-start":
        if (++documents > 1)
          return { offset, message: "the file holds several documents (---); write one" };
        break;
      case "newline":
        indicators = 0;
        break;
      case "seq-item-ind":
      case "explicit-key-ind":
        if (++indicators > indicatorsPerLine)
          return {
            offset,
            message: "too many nested lists or keys on one line; write one item a line",
          };
        break;
      case "map-value-ind":
        if ((flow === 0 ? ++indicators : ++pairs) > indicatorsPerLine)
          return { offset, message: "too many keys on one line; write one key a line" };
        break;
      case "directive-line":
        return {
          offset,
          message:
            "directives (lines that start with %) are not supported; the language is YAML 1.2 without them",
        };
      default:
    }
    // The lexer's own marks (document start, scalar follows, flow error) stand for no text.
    if (token !== CST.DOCUMENT && token !== CST.SCALAR && token !== CST.FLOW_END)
      offset += token.length;
  }
  return null;
}
