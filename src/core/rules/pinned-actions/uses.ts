import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml";
import type { Caps } from "#core/yaml/caps.ts";
import { scan } from "#core/yaml/scan.ts";

/** One `uses:` of a workflow or composite action. Lines are 1-based. `value` is null where it is not a text. */
export interface Use {
  readonly value: string | null;
  readonly startLine: number;
  readonly endLine: number;
}

export type UsesOfFile =
  | {
      readonly ok: true;
      readonly uses: readonly Use[];
      /** What the file says to its steps: `run`, `with`, `env`, values of a matrix, defaults of inputs. */
      readonly scripts: readonly string[];
      /** Files that an action starts: `main`, `pre`, `post`, `image`. */
      readonly entries: readonly string[];
    }
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
  const opened = openWorkflow(text);
  if (!opened.ok) return opened;
  const { document, lines } = opened;
  const uses: Use[] = [];
  for (const node of stepsAndJobs(document)) {
    // Few aliases of long lists can still stand for millions of steps.
    if (uses.length === caps.values)
      return { ok: false, line: 1, problem: `more than ${caps.values} \`uses:\`` };
    uses.push(useAt(node, document, lines));
  }
  return { ok: true, uses, scripts: scriptsOf(document), entries: entriesOf(document) };
}

/** The YAML of a workflow or action, within the caps; or what is wrong with it, at its line. */
export function openWorkflow(
  text: string,
):
  | { readonly ok: true; readonly document: Document; readonly lines: LineCounter }
  | { readonly ok: false; readonly line: number; readonly problem: string } {
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
  return { ok: true, document, lines };
}

/** What says when a workflow runs and what it is called, not what it does. */
const beside: ReadonlySet<unknown> = new Set([
  "name",
  "run-name",
  "description",
  "uses",
  "if",
  "paths",
  "paths-ignore",
  "branches",
  "branches-ignore",
]);

/** Values of a matrix, of `env`, `with` and inputs reach the steps: each text of the file is taken, once, where it stands. */
function scriptsOf(document: Document): readonly string[] {
  const texts: string[] = [];
  visit(document, {
    Pair: (_key, { key }) => (isScalar(key) && beside.has(key.value) ? visit.SKIP : undefined),
    Scalar: (key, { value }) => {
      if (key !== "key" && typeof value === "string" && value !== "") texts.push(value);
    },
  });
  return texts;
}

function entriesOf(document: Document): readonly string[] {
  const runs = mapAt(valueOf(mapAt(document.contents, document), "runs", document), document);
  return ["main", "pre", "post", "image"].flatMap((key) => textAt(runs, key, document) ?? []);
}

function textAt(map: YAMLMap | null, key: string, document: Document): string | null {
  const node = resolved(valueOf(map, key, document), document);
  return isScalar(node) && typeof node.value === "string" ? node.value : null;
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
  const jobs = valueOf(mapAt(document.contents, document), "jobs", document);
  for (const pair of mapAt(jobs, document)?.items ?? [])
    yield* usesIn(mapAt(pair.value, document), document);
  for (const step of stepsOf(document)) yield* usesIn(step, document);
}

function* stepsOf(document: Document): Iterable<YAMLMap | null> {
  const root = mapAt(document.contents, document);
  const jobs = mapAt(valueOf(root, "jobs", document), document);
  const owners = [
    ...(jobs?.items ?? []).map((pair) => pair.value),
    valueOf(root, "runs", document),
  ];
  for (const owner of owners) {
    const steps = resolved(valueOf(mapAt(owner, document), "steps", document), document);
    if (!isSeq(steps)) continue;
    for (const step of steps.items) yield mapAt(step, document);
  }
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

export function valueOf(map: YAMLMap | null, key: string, document: Document): unknown {
  return map?.items.find((pair) => keyOf(pair.key, document) === key)?.value;
}

export function keyOf(key: unknown, document: Document): unknown {
  const node = resolved(key, document);
  return isScalar(node) ? node.value : undefined;
}

export function mapAt(value: unknown, document: Document): YAMLMap | null {
  const node = resolved(value, document);
  return isMap(node) ? node : null;
}

export function resolved(value: unknown, document: Document): unknown {
  return isAlias(value) ? value.resolve(document) : value;
}

const asNode = (value: unknown): Node | null =>
  isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? value : null;

const firstLine = (message: string): string => message.split("\n", 1)[0] ?? message;
