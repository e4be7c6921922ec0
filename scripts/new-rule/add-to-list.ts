import type { RuleName } from "./names.ts";

/** The list of requirements with one more: its import among the imports in their order, its name at the end of the list. */
export function addToList(source: string, name: RuleName): string {
  const line = `import { ${name.export} } from "./${name.file}/rule.ts";`;
  const lines = source.split("\n");
  const imports = lines.flatMap((text, index) => (text.startsWith("import ") ? [index] : []));
  const last = imports.at(-1);
  const listEnd = lines.indexOf("];");
  if (last === undefined || listEnd < 0 || !/^export const ruleList\b/m.test(source))
    throw new Error(
      "src/core/rules/index.ts: the list of requirements is not where it is expected (export const ruleList … = [ … ];)",
    );
  const before =
    imports.find((index) => pathOf(lines[index]) > `./${name.file}/rule.ts`) ?? last + 1;
  return [
    ...lines.slice(0, before),
    line,
    ...lines.slice(before, listEnd),
    `  ${name.export},`,
    ...lines.slice(listEnd),
  ].join("\n");
}

const pathOf = (line: string | undefined): string => /from "([^"]+)"/.exec(line ?? "")?.[1] ?? "";
