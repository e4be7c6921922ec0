/** One name in the three spellings of Gatehouse: `my-rule` (file), `my_rule` (key of a policy), `myRule` (export). */
export interface RuleName {
  readonly file: string;
  readonly key: string;
  readonly export: string;
}

/** Names that a requirement cannot have: keys of `require` with a meaning of their own, and words of the language. */
const taken = new Set([
  "all",
  "any",
  "index",
  "kit",
  "default",
  "new",
  "true",
  "false",
  "null",
  "in",
  "is",
  "for",
  "if",
  "do",
  "with",
  "delete",
  "import",
  "export",
]);

/** Reads a kebab-case name; a text says what is wrong with it. */
export function readName(text: string): RuleName | string {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(text) || text.length > 40)
    return `"${text}" is not a kebab-case name such as my-rule (lower-case letters, digits and single hyphens, at most 40 characters)`;
  if (taken.has(text)) return `"${text}" has a meaning already; choose another name`;
  return {
    file: text,
    key: text.replaceAll("-", "_"),
    export: text.replace(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase()),
  };
}
