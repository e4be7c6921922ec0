import type { Document, Node, YAMLMap } from "yaml";
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import type { Caps } from "../../policy/caps.ts";
import { scan } from "../../policy/scan.ts";

/** One `uses:` of a workflow or composite action. Lines are 1-based. `value` is null where it is not a text. */
export interface Use {
  readonly value: string | null;
  readonly startLine: number;
  readonly endLine: number;
}

export type UsesOfFile =
  | { readonly ok: true; readonly uses: readonly Use[] }
  | { readonly ok: false; readonly line: number; readonly problem: string };

/** Far beyond any workflow that a person writes: a script of a step may be long, a nesting may not. */
const caps: Caps = {
  bytes: 524_288,
  tokens: 120_000,
  depth: 32,
  aliases: 64,
  values: 5_000,
  scalar: 65_536,
  replacements: true,
};

/**
 * Every `uses:` of the steps and jobs in a workflow, or of the steps in a composite action. The text comes from the
 * head commit: hostile. What cannot be read is a problem, never a file without `uses`.
 */
export function usesOf(text: string): UsesOfFile {
  if (text.length > caps.bytes)
    return { ok: false, line: 1, problem: "the file is too large to be checked" };
  const fault = scan(text, caps);
  if (fault !== null)
    return {
      ok: false,
      line: text.slice(0, fault.offset).split("\n").length,
      problem: fault.message,
    };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined)
    return {
      ok: false,
      line: lines.linePos(error.pos[0]).line,
      problem: `not readable as YAML: ${firstLine(error.message)}`,
    };
  if (countAliases(document) > caps.aliases)
    return { ok: false, line: 1, problem: `more than ${caps.aliases} aliases` };

  const uses: Use[] = [];
  for (const node of stepsAndJobs(document)) {
    // Few aliases of long lists can still stand for millions of steps.
    if (uses.length === caps.values)
      return { ok: false, line: 1, problem: `more than ${caps.values} \`uses:\`` };
    uses.push(useAt(node, document, lines));
  }
  return { ok: true, uses };
}

function countAliases(document: Document): number {
  let aliases = 0;
  visit(document, {
    Alias: () => {
      aliases += 1;
    },
  });
  return aliases;
}

function* stepsAndJobs(document: Document): Iterable<Node | null> {
  const root = mapAt(document.contents, document);
  const jobs = mapAt(valueOf(root, "jobs", document), document);
  for (const pair of jobs?.items ?? []) {
    const job = mapAt(pair.value, document);
    yield* usesIn(job, document);
    yield* usesOfSteps(job, document);
  }
  yield* usesOfSteps(mapAt(valueOf(root, "runs", document), document), document);
}

function* usesOfSteps(owner: YAMLMap | null, document: Document): Iterable<Node | null> {
  const steps = resolved(valueOf(owner, "steps", document), document);
  if (!isSeq(steps)) return;
  for (const step of steps.items) yield* usesIn(mapAt(step, document), document);
}

/** The value where it stands (an alias included): that is the line to point at. */
function* usesIn(owner: YAMLMap | null, document: Document): Iterable<Node | null> {
  for (const pair of owner?.items ?? []) {
    if (keyOf(pair.key, document) === "uses") yield asNode(pair.value) ?? asNode(pair.key);
  }
}

function useAt(node: Node | null, document: Document, lines: LineCounter): Use {
  const target = resolved(node, document);
  const [start, end] = node?.range ?? [0, 0];
  return {
    value: isScalar(target) && typeof target.value === "string" ? target.value : null,
    startLine: lines.linePos(start).line,
    endLine: lines.linePos(Math.max(start, end - 1)).line,
  };
}

function valueOf(map: YAMLMap | null, key: string, document: Document): unknown {
  return map?.items.find((pair) => keyOf(pair.key, document) === key)?.value;
}

function keyOf(key: unknown, document: Document): unknown {
  const node = resolved(key, document);
  return isScalar(node) ? node.value : undefined;
}

function mapAt(value: unknown, document: Document): YAMLMap | null {
  const node = resolved(value, document);
  return isMap(node) ? node : null;
}

function resolved(value: unknown, document: Document): unknown {
  return isAlias(value) ? value.resolve(document) : value;
}

const asNode = (value: unknown): Node | null =>
  isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? value : null;

const firstLine = (message: string): string => message.split("\n", 1)[0] ?? message;
