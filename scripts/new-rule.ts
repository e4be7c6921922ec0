import { fileURLToPath } from "node:url";
import { newRule } from "./new-rule/new-rule.ts";

const [name, ...rest] = process.argv.slice(2);

if (name === undefined || rest.length > 0 || name.startsWith("-")) {
  process.stderr.write("usage: npm run new:rule <name>, with a kebab-case name such as my-rule\n");
  process.exitCode = 2;
} else {
  const made = newRule(fileURLToPath(new URL("../", import.meta.url)), name);
  if (made.ok) {
    process.stdout.write(
      [
        ...made.written.map((path) => `written: ${path}`),
        "",
        `The requirement "${made.key}" works: it counts changed files. Next:`,
        "  1. Change its parameters, facts and judgement into what you need (docs/architecture.md).",
        "  2. Change its test and the example and details of its page.",
        "  3. npm run docs      writes its parameters into the documents and the JSON Schema.",
        "  4. npm run check     holds it against the laws of Gatehouse.",
        "",
      ].join("\n"),
    );
  } else {
    process.stderr.write(`new-rule: ${made.reason}\n`);
    process.exitCode = 2;
  }
}
