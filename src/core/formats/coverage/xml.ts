import { SaxesParser } from "saxes";

/** An element as it opens: its depth (the root has 1) and its attributes, still with entity references. */
export type XmlElement = {
  readonly name: string;
  readonly depth: number;
  readonly attributes: Readonly<Record<string, string>>;
};

const deepest = 100;
/** XML allows none of these, and terminals' colours are full of them: what a test printed does not spoil its report. */
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Ends the walk. */
class Refused extends Error {}

/**
 * Walks hostile XML in one pass, element by element in document order, keeping nothing: returns what is wrong with it, or
 * undefined. Elements before the fault have been told by then: what they add up to counts only where nothing is wrong.
 * `hear` is told the text of elements, piece by piece, after the element itself.
 */
export function walkXml(
  text: string,
  wanted: ReadonlySet<string>,
  visit: (element: XmlElement) => void,
  hear: ((name: string, text: string) => void) | undefined = undefined,
): string | undefined {
  const unsafe = unsafeDoctype(text);
  if (unsafe !== undefined) return unsafe;
  const open: string[] = [];
  const parser = new SaxesParser<{ xmlns: false; position: false }>({
    xmlns: false,
    position: false,
  });
  const refuse = (problem: string): never => {
    throw new Refused(problem);
  };
  parser.on("error", ({ message }) =>
    refuse(`the XML is broken or cut off at line ${parser.line}: ${message.slice(0, 200)}`),
  );
  parser.on("opentag", ({ name, attributes }) => {
    open.push(name);
    if (open.length > deepest) refuse(`the XML is nested deeper than ${deepest} elements`);
    visit({ name, depth: open.length, attributes: among(wanted, attributes) });
  });
  parser.on("closetag", () => void open.pop());
  if (hear !== undefined) {
    const tell = (piece: string): void => {
      const name = open.at(-1);
      if (name !== undefined) hear(name, piece);
    };
    parser.on("text", tell);
    parser.on("cdata", tell);
  }
  try {
    // With each ampersand escaped, what the parser decodes is the text as it is written: no entity is ever looked up.
    parser.write(text.replace(unprintable, "\ufffd").replaceAll("&", "&amp;")).close();
    return undefined;
  } catch (problem) {
    if (problem instanceof Refused) return problem.message;
    return `the XML cannot be read: ${problem instanceof Error ? problem.message.slice(0, 200) : "unknown reason"}`;
  }
}

/** On a prototype of nothing, whatever the attributes are called. */
function among(
  wanted: ReadonlySet<string>,
  attributes: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const kept = Object.create(null) as Record<string, string>;
  for (const name in attributes) if (wanted.has(name)) kept[name] = attributes[name] ?? "";
  return kept;
}

/**
 * XXE and billion laughs both need an internal subset: only `<!DOCTYPE name SYSTEM|PUBLIC "…">` may pass (JaCoCo and
 * Cobertura write that, Pester an empty `[]` after it), and the identifier is never resolved. What stands in a comment
 * declares nothing.
 */
export function unsafeDoctype(raw: string): string | undefined {
  const text = withoutAsides(raw);
  const start = text.search(/<!DOCTYPE/i);
  if (start === -1)
    return /<!ENTITY/i.test(text) ? "the XML declares entities, which are refused" : undefined;
  const harmless =
    /^<!DOCTYPE\s+[\w.:-]{1,100}(?:\s+(?:SYSTEM|PUBLIC\s+(?:"[^"<>]{0,500}"|'[^'<>]{0,500}'))\s+(?:"[^"<>]{0,500}"|'[^'<>]{0,500}'))?\s*(?:\[\s*\]\s*)?>/;
  const declaration = harmless.exec(text.slice(start, start + 2500));
  if (declaration === null)
    return "the XML has a DOCTYPE with declarations of its own, which are refused";
  const rest = text.slice(start + declaration[0].length);
  return /<!(?:DOCTYPE|ENTITY)/i.test(rest)
    ? "the XML declares entities, which are refused"
    : undefined;
}

/** What is no element although it may hold text that looks like one: comments, CDATA sections, processing instructions. */
const asides: ReadonlyMap<string, string> = new Map([
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
]);

/**
 * The document without its asides, for readers of its text: a tag that stands in one of them is none. One that is
 * never closed stays: the parser refuses it. Linear.
 */
export function withoutAsides(text: string): string {
  const opening = /<(?:!--|!\[CDATA\[|\?)/g;
  const kept: string[] = [];
  let from = 0;
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const end = text.indexOf(asides.get(found[0]) ?? "", opening.lastIndex);
    if (end === -1) break;
    kept.push(text.slice(from, found.index));
    from = end + (asides.get(found[0])?.length ?? 0);
    opening.lastIndex = from;
  }
  return from === 0 ? text : kept.join("") + text.slice(from);
}

/** The root's tag and some of what follows it. */
export type XmlRoot = {
  readonly name: string;
  readonly attributes: string;
  readonly beginning: string;
};

/** The root element: the first tag that is none of a comment or the prolog. */
export function rootOf(text: string, beginning: number): XmlRoot | undefined {
  const plain = withoutAsides(text);
  const root = /<([A-Za-z][\w.:-]{0,100})([^<>]{0,10000})>/.exec(plain.slice(0, 40_000));
  if (root === null) return undefined;
  const [, name = "", attributes = ""] = root;
  return { name, attributes, beginning: plain.slice(root.index, root.index + beginning) };
}

const predefined: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** The five entities of XML itself and character references; anything else stays as it is written. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|([a-z]{2,4}));/g,
    (whole, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
      if (name !== undefined) return predefined.get(name) ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
