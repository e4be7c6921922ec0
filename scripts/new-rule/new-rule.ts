import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { addToList } from "./add-to-list.ts";
import { readName } from "./names.ts";
import { pageText, ruleText, testText } from "./templates.ts";

export type NewRule =
  | { readonly ok: true; readonly key: string; readonly written: readonly string[] }
  | { readonly ok: false; readonly reason: string };

const list = join("src", "core", "rules", "index.ts");

/** Writes a requirement, its test and its page, and puts it on the list. Writes nothing where one of the files exists. */
export function newRule(root: string, text: string): NewRule {
  const name = readName(text);
  if (typeof name === "string") return { ok: false, reason: name };
  const files = new Map([
    [join("src", "core", "rules", name.file, "rule.ts"), ruleText(name)],
    [join("test", "core", "rules", `${name.file}.test.ts`), testText(name)],
    [join("docs", "rules", `${name.key}.md`), pageText(name)],
  ]);
  const present = [...files.keys()].filter((path) => existsSync(join(root, path)));
  if (present.length > 0)
    return {
      ok: false,
      reason: `${present.join(", ")}: here already; choose another name, or remove ${present.length === 1 ? "it" : "them"}`,
    };
  const source = readFileSync(join(root, list), "utf8");
  // A shared file may define several requirements, so that a free file name does not make a free name.
  if (new RegExp(`\\b${name.export}\\b`).test(source))
    return { ok: false, reason: `${list}: lists ${name.export} already; choose another name` };
  files.set(list, addToList(source, name));
  for (const [path, content] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return { ok: true, key: name.key, written: [...files.keys()] };
}
