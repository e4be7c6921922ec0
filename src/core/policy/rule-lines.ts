import { isMap, isSeq, LineCounter, parseDocument } from "yaml";

/** Lines of a policy file that define a rule. 1-based, inclusive. */
export interface RulePlace {
  readonly from: number;
  readonly to: number;
}

export interface RuleLines extends RulePlace {
  readonly text: string;
}

const mostLines = 60;

/** The places of a policy's rules by name; the first if a name occurs twice, none if the text cannot be read. */
export function rulePlaces(text: string): ReadonlyMap<string, RulePlace> {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, logLevel: "silent" });
  const rules = document.get("rules");
  const places = new Map<string, RulePlace>();
  if (!isSeq(rules)) return places;
  for (const item of rules.items) {
    if (!isMap(item) || item.range === null || item.range === undefined) continue;
    const name = item.get("name");
    if (typeof name !== "string" || places.has(name)) continue;
    const [start, end] = item.range;
    const from = counter.linePos(start).line;
    const written = text.slice(start, end).trimEnd();
    places.set(name, { from, to: from + written.split("\n").length - 1 });
  }
  return places;
}

/** The lines of the rule with this name; null if there is none or the text cannot be read. */
export function ruleLines(text: string, name: string): RuleLines | null {
  const place = rulePlaces(text).get(name);
  if (place === undefined) return null;
  const { from, to } = place;
  const lines = text.split(/\r?\n/).slice(from - 1, Math.min(to, from - 1 + mostLines));
  return { from, to, text: lines.join("\n") };
}
