import { validatePolicy, type ParsedPolicy } from "#core/policy/validate.ts";

/** Reads a policy's text; null where it cannot be used. */
export type Parse = (text: string) => ParsedPolicy | null;

/** A reader that reads each text once: the same file judges many subjects. */
export function createParse(presets: ReadonlyMap<string, string>): Parse {
  const parsed = new Map<string, ParsedPolicy | null>();
  return (text) => {
    const known = parsed.get(text);
    if (known !== undefined) return known;
    if (parsed.size > 500) parsed.clear();
    const result = validatePolicy(text, { presets }).policy ?? null;
    parsed.set(text, result);
    return result;
  };
}
