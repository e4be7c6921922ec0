import { decodeEntities, type XmlElement } from "../coverage/xml.ts";

/** A suite of a JUnit report, with what it declares and what it shows. */
export interface Suite {
  readonly depth: number;
  readonly name: string;
  readonly file: string;
  readonly index: number;
  readonly above: Suite | undefined;
  /** Failures and errors by its own count; undefined: it tells none. Not a number where that is none. */
  readonly declared: number | undefined;
  /** Cases that it shows as failed, and as in error, those of suites inside it among them. */
  shown: number;
}

export function openSuite(
  { depth, attributes }: XmlElement,
  index: number,
  above: Suite | undefined,
): Suite {
  return {
    depth,
    name: decodeEntities(attributes["name"] ?? ""),
    file: attributes["file"] ?? attributes["filepath"] ?? above?.file ?? "",
    index: index + 1,
    above,
    declared: countOf([attributes["failures"], attributes["errors"]]),
    shown: 0,
  };
}

function countOf(figures: readonly (string | undefined)[]): number | undefined {
  const said = figures.filter((figure) => figure !== undefined && figure !== "").map(Number);
  if (said.length === 0) return undefined;
  return said.every((number) => Number.isSafeInteger(number) && number >= 0)
    ? said.reduce((sum, number) => sum + number, 0)
    : Number.NaN;
}

/**
 * Failures that suites declare and do not show. A suite may count those of the suites inside it or leave them out, so what
 * is missing inside is taken off what is missing outside.
 */
export function missingIn(suites: readonly Suite[]): number {
  const inside = new Map<Suite | undefined, number>();
  for (const suite of suites.toReversed()) {
    const within = inside.get(suite) ?? 0;
    const missing = Math.max(within, (suite.declared ?? 0) - suite.shown);
    inside.set(suite.above, (inside.get(suite.above) ?? 0) + missing);
  }
  return inside.get(undefined) ?? 0;
}
