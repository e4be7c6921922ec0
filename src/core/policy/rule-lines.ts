import { isMap, isSeq, LineCounter, parseDocument } from "yaml";

/** Lines of a policy file that say a rule. 1-based, inclusive. */
export interface RuleLines {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const mostLines = 60;

/** Where a policy's text says the rule of this name; null: it does not, or cannot be read. */
export function ruleLines(text: string, name: string): RuleLines | null {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, logLevel: "silent" });
  const rules = document.get("rules");
  if (!isSeq(rules)) return null;
  for (const item of rules.items) {
    if (
      !isMap(item) ||
      item.get("name") !== name ||
      item.range === null ||
      item.range === undefined
    )
      continue;
    const [start, end] = item.range;
    const from = counter.linePos(start).line;
    const written = text.slice(start, end).trimEnd();
    const to = from + written.split("\n").length - 1;
    const lines = text.split(/\r?\n/).slice(from - 1, Math.min(to, from - 1 + mostLines));
    return { from, to, text: lines.join("\n") };
  }
  return null;
}
