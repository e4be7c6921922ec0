import { fileURLToPath } from "node:url";
import { allGenerated, allUnproven } from "./docs/all.ts";
import { difference, staleOf, textOf, wantedFiles, writeFiles } from "./docs/generated.ts";

const usage =
  "usage: npm run docs (writes the generated parts), npm run docs:check (fails when one is stale, or when a row of docs/security.md has no test)";

/** Exit code: 0 fine, 1 stale documents, 2 unusable input. */
function main(root: string, args: readonly string[]): number {
  const unknown = args.filter((argument) => argument !== "--check");
  if (unknown.length > 0) {
    process.stderr.write(`generate-docs: ${unknown.join(" ")}: unknown\n${usage}\n`);
    return 2;
  }
  const wanted = wantedFiles(root, allGenerated(root));
  const unproven = allUnproven(root);
  if (unproven.length > 0) {
    process.stderr.write(`docs/security.md: no test for ${unproven.join(", ")}\n`);
    if (args.includes("--check")) return 1;
  }
  if (!args.includes("--check")) {
    const written = writeFiles(root, wanted);
    process.stdout.write(
      written.length === 0
        ? "documents: all current\n"
        : `documents written:\n${written.map((path) => `  ${path}\n`).join("")}`,
    );
    return 0;
  }
  const stale = staleOf(root, wanted);
  if (stale.length === 0) {
    process.stdout.write(`documents: ${wanted.size} current\n`);
    return 0;
  }
  for (const path of stale)
    process.stderr.write(
      `${difference(path, textOf(root, path) ?? "", wanted.get(path) ?? "")}\n\n`,
    );
  process.stderr.write(
    `${stale.length} generated ${stale.length === 1 ? "document is" : "documents are"} stale: run npm run docs and commit what it writes.\n`,
  );
  return 1;
}

process.exitCode = main(fileURLToPath(new URL("../", import.meta.url)), process.argv.slice(2));
