import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../../", import.meta.url));
const sources = join(root, "src");
/** Inside node_modules, so that packages are found from there and nobody takes it for a part of the tree. */
const cache = join(root, "node_modules/.cache/gatehouse-built");
/** What the product reads from its package's root. */
const besides = ["package.json", "app.yml", "policies"];

const options = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2023,
  jsx: ts.JsxEmit.ReactJSX,
  jsxImportSource: "hono/jsx",
  rewriteRelativeImportExtensions: true,
  verbatimModuleSyntax: true,
} as const;

/**
 * The product as `npm run build` would leave it, made of the sources as they are: it starts in a third of the time that
 * a loader needs, and tests that kill it start it often. Answers the file to run. Sources that did not change are not built again.
 */
export function builtProduct(): string {
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts"))
    .sort();
  const state = createHash("sha256");
  for (const file of files) {
    const { mtimeMs, size } = statSync(join(sources, file));
    state.update(`${file} ${mtimeMs} ${size}\n`);
  }
  const home = join(cache, state.digest("hex").slice(0, 16));
  const entry = join(home, "dist/main.js");
  if (existsSync(entry)) return entry;
  mkdirSync(cache, { recursive: true });
  const making = mkdtempSync(join(cache, "making-"));
  for (const file of files) {
    const to = join(making, "dist", file.replace(/\.tsx?$/, ".js"));
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(
      to,
      ts.transpileModule(readFileSync(join(sources, file), "utf8"), {
        fileName: join(sources, file),
        compilerOptions: options,
      }).outputText,
    );
  }
  for (const name of besides) symlinkSync(join(root, name), join(making, name));
  try {
    renameSync(making, home);
  } catch (error) {
    // Another test file was quicker.
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(entry)) throw error;
  }
  for (const old of readdirSync(cache)) {
    const isOld =
      old !== basename(home) && statSync(join(cache, old)).mtimeMs < Date.now() - 600_000;
    if (isOld) rmSync(join(cache, old), { recursive: true, force: true });
  }
  return entry;
}
