import { XMLParser, XMLValidator } from "fast-xml-parser";

/** An element as it opens: its depth (the root has 1) and its attributes, still with entity references. */
export type XmlElement = {
  readonly name: string;
  readonly depth: number;
  readonly attributes: Readonly<Record<string, string>>;
};

const deepest = 100;
const noAttributes: Readonly<Record<string, string>> = {};

/**
 * Walks hostile XML, element by element in document order, keeping nothing: returns what is wrong with it, or undefined.
 * A cut-off or badly nested document is refused before the first element is told. The parser's tree is thrown away
 * node by node (`updateTag` answers false), which keeps a 7 MB report at half the time and memory of building it.
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
  let roots = 0;
  try {
    const valid = XMLValidator.validate(text);
    if (valid !== true)
      return `the XML is broken or cut off at line ${valid.err.line}: ${valid.err.msg}`;
    const parser = new XMLParser({
      ignoreAttributes: (name) => !wanted.has(name),
      attributeNamePrefix: "",
      parseTagValue: false,
      processEntities: false,
      ignoreDeclaration: true,
      ignorePiTags: true,
      jPath: false,
      maxNestedTags: deepest,
      ...(hear === undefined
        ? {}
        : {
            tagValueProcessor: (name: string, value: string) => {
              hear(name, value);
              return "";
            },
          }),
      updateTag: (name, matcher, attributes) => {
        if (typeof matcher === "string") return false;
        const depth = matcher.getDepth();
        if (depth === 1) roots += 1;
        visit({ name, depth, attributes: attributes ?? noAttributes });
        return false;
      },
    });
    parser.parse(text);
    return roots === 1 ? undefined : `the XML is broken: ${roots} root elements`;
  } catch (problem) {
    return `the XML cannot be read: ${problem instanceof Error ? problem.message.slice(0, 200) : "unknown reason"}`;
  }
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
 * The document without its asides, for whoever looks at its text: a tag that stands in one of them is none. One that is
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
