import ICAL from "ical.js";
import { z } from "zod";
import { plain } from "./phrases.ts";

/** The largest calendar file that is read, in characters. */
export const largestIcs = 524_288;
/** Lines, and values in lists, are what reading a file costs; no calendar that people keep comes near. */
const mostLines = 20_000;
const mostCommas = 30_000;

/** The third part is the type of the values: none for a property that bears the name of a part of every object. */
const property = z.tuple([z.string(), z.record(z.string(), z.unknown()), z.unknown()], z.unknown());
type JcalComponent = readonly [name: string, properties: unknown, components: unknown];
const component: z.ZodType<JcalComponent> = z.tuple([z.string(), z.unknown(), z.unknown()]);

export interface IcsProperty {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly values: readonly unknown[];
}

/** A component of a calendar file with its properties and the components in it. */
export interface IcsComponent {
  readonly name: string;
  readonly properties: readonly IcsProperty[];
  readonly inner: readonly IcsComponent[];
}

function readComponent(raw: unknown): IcsComponent {
  const [name, properties, components] = component.parse(raw);
  return {
    name,
    properties: z
      .array(property)
      .parse(properties)
      .map(([propertyName, params, _type, ...values]) => ({ name: propertyName, params, values })),
    inner: z.array(z.unknown()).parse(components).map(readComponent),
  };
}

function countOf(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count += 1;
  return count;
}

function nestsTooDeep(text: string): boolean {
  let depth = 0;
  for (const match of text.matchAll(/^(BEGIN|END):/gim)) {
    depth += match[1]?.toUpperCase() === "BEGIN" ? 1 : -1;
    if (depth > 8) return true;
  }
  return false;
}

/** Where in the text the parser stumbled: its message quotes the line or value. */
function lineOf(text: string, message: string): string {
  const quoted = /"([^"]{3,})"[^"]*$/.exec(message)?.[1];
  const at = quoted === undefined ? -1 : text.indexOf(quoted.slice(0, 40));
  return at < 0 ? "" : ` (line ${text.slice(0, at).split("\n").length})`;
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return "a line of it cannot be understood";
  // A line outside of any component makes ical.js stumble over itself; its own words would help nobody.
  return error instanceof Error && !(error instanceof TypeError)
    ? error.message
    : "a line stands outside of BEGIN:VCALENDAR and END:VCALENDAR";
}

/** The outermost components of a calendar file, or why it is none. Hostile input: size and depth are capped, nothing throws. */
export function readJcal(source: string): readonly IcsComponent[] | string {
  if (source.length > largestIcs) return `larger than ${largestIcs} characters`;
  const text = source.replace(/^\uFEFF/, "");
  if (countOf(text, "\n") > mostLines) return `longer than ${mostLines} lines`;
  if (countOf(text, ",") > mostCommas) return `lists more than ${mostCommas} values`;
  if (nestsTooDeep(text)) return "components are nested more than 8 deep";
  try {
    const raw: unknown = ICAL.parse(text);
    const list = z.array(z.unknown()).parse(raw);
    return (typeof list[0] === "string" ? [list] : list).map(readComponent);
  } catch (error) {
    const message = reasonOf(error);
    return `not iCalendar: ${plain(message, 160)}${lineOf(text, message)}`;
  }
}

/** The values of all properties of a name, flat. */
export function valuesOf(of: IcsComponent, name: string): readonly unknown[] {
  return of.properties.flatMap((candidate) => (candidate.name === name ? candidate.values : []));
}

/** The text of the first property of a name. */
export function textOf(of: IcsComponent, name: string): string | undefined {
  const value = of.properties.find((candidate) => candidate.name === name)?.values[0];
  return typeof value === "string" ? value : undefined;
}

export function tzidOf(property: IcsProperty): string | undefined {
  const tzid = property.params["tzid"];
  return typeof tzid === "string" ? tzid.trim() : undefined;
}
