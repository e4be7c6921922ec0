import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from "yaml";
import type { Caps } from "./caps.ts";
import { pathText, type Path, type Problem } from "./problem.ts";
import { problemAt, type SourcePosition, type PositionMap, type Source } from "./source.ts";

/** Keys that would reach into JavaScript's own objects. */
const forbiddenKeys: readonly string[] = ["__proto__", "constructor", "prototype"];

interface Offsets {
  readonly key: number | null;
  readonly value: number;
}

const join = (path: Path): string => path.join("\u0000");

/** Turns a YAML tree into plain data, aliases written out up to a cap, and remembers where everything stands. */
export function readTree(
  root: unknown,
  at: (offset: number) => SourcePosition,
  caps: Caps,
): { readonly source: Source; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const offsets = new Map<string, Offsets>();
  const anchors = new Map<string, Node>();
  const open = new Set<unknown>();
  let values = 0;
  let aliases = 0;
  let full = false;

  const report = (offset: number, path: Path, message: string): void => {
    if (problems.length < 50) problems.push(problemAt(at(offset), pathText(path), message));
  };
  const stop = (offset: number, path: Path, message: string): null => {
    if (!full) report(offset, path, message);
    full = true;
    return null;
  };

  const read = (node: unknown, path: Path, key: number | null, fallback: number): unknown => {
    if (full) return null;
    const offset = startOf(node) ?? fallback;
    offsets.set(join(path), { key, value: offset });
    if (++values > caps.values)
      return stop(
        offset,
        path,
        `more than ${caps.values} values (aliases written out); shorten the file`,
      );
    if (path.length > caps.depth)
      return stop(offset, path, `nested more than ${caps.depth} levels deep; flatten it`);
    if (isAlias(node)) {
      if (++aliases > caps.aliases)
        return stop(offset, path, `more than ${caps.aliases} aliases; write the values out`);
      const target = anchors.get(node.source);
      if (target === undefined)
        return (
          report(
            offset,
            path,
            `the anchor &${node.source} does not stand above this alias; quote a text that begins with *`,
          ),
          null
        );
      if (open.has(target))
        return (report(offset, path, `the alias *${node.source} refers to what contains it`), null);
      return read(target, path, key, offset);
    }
    if (isScalar(node)) return readScalar(node, path, offset);
    if (isSeq(node)) {
      remember(node);
      open.add(node);
      const list = node.items.map((item, index) => read(item, [...path, index], null, offset));
      open.delete(node);
      return list;
    }
    if (isMap(node)) {
      remember(node);
      open.add(node);
      const object: Record<string, unknown> = {};
      for (const pair of node.items) {
        const name = keyName(
          pair.key,
          path,
          (isScalar(pair.key) ? pair.key.range?.[0] : null) ?? offset,
        );
        if (name === null) continue;
        const keyOffset = startOf(pair.key) ?? offset;
        if (Object.hasOwn(object, name)) {
          report(keyOffset, [...path, name], `duplicate key "${name}"; keep one`);
          continue;
        }
        object[name] = read(pair.value, [...path, name], keyOffset, keyOffset);
      }
      open.delete(node);
      return object;
    }
    return null;
  };

  const remember = (node: Node & { readonly anchor?: string }): void => {
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
  };

  const readScalar = (node: Scalar, path: Path, offset: number): unknown => {
    remember(node);
    const { value } = node;
    if (typeof value === "string" && value.length > caps.scalar) {
      return (
        report(
          offset,
          path,
          `the text is ${value.length} characters long; at most ${caps.scalar} are allowed`,
        ),
        null
      );
    }
    if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    return (
      report(offset, path, "not a value the language knows; write a text, a number, true or false"),
      null
    );
  };

  const keyName = (key: unknown, path: Path, fallback: number): string | null => {
    const offset = startOf(key) ?? fallback;
    if (!isScalar(key)) return (report(offset, path, "a key must be a plain word"), null);
    const name = typeof key.value === "string" ? key.value : (key.source ?? String(key.value));
    if (name === "") return (report(offset, path, "a key is missing before the colon"), null);
    if (name === "<<")
      return (report(offset, path, "merge keys (<<) are not supported; write the keys out"), null);
    if (forbiddenKeys.includes(name))
      return (report(offset, [...path, name], `the key "${name}" is not allowed`), null);
    if (name.length > 256)
      return (report(offset, path, "a key is longer than 256 characters"), null);
    return name;
  };

  const data = read(root, [], null, 0);
  return { source: { data, positions: placesOf(offsets, at) }, problems };
}

/** Where a node's text begins; null for one that is not written (`key:` and nothing after it). */
function startOf(node: unknown): number | null {
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return null;
  if (isScalar(node) && node.source === "" && node.type === "PLAIN") return null;
  return node.range?.[0] ?? null;
}

/** What is not there is placed at the nearest thing around it that is. */
function placesOf(
  offsets: ReadonlyMap<string, Offsets>,
  at: (offset: number) => SourcePosition,
): PositionMap {
  const nearest = (
    path: Path,
  ): { readonly found: Offsets | undefined; readonly exact: boolean } => {
    for (let length = path.length; length >= 0; length--) {
      const found = offsets.get(join(path.slice(0, length)));
      if (found !== undefined) return { found, exact: length === path.length };
    }
    return { found: undefined, exact: false };
  };
  return {
    ofKey: (path) => {
      const { found } = nearest(path);
      return found === undefined ? { line: 1, column: 1 } : at(found.key ?? found.value);
    },
    ofValue: (path) => {
      const { found, exact } = nearest(path);
      if (found === undefined) return { line: 1, column: 1 };
      return at(exact ? found.value : (found.key ?? found.value));
    },
  };
}
