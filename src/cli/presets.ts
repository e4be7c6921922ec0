import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of shipped presets: beside src (development) or dist (built), in the package's root either way. */
const folder = fileURLToPath(new URL("../../policies/", import.meta.url));

/** Presets by name, as policies/*.yml say them (their tests aside). */
export function readPresets(): ReadonlyMap<string, string> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".yml") && !file.endsWith(".test.yml"));
  return new Map(files.map((file) => [basename(file, ".yml"), readFileSync(join(folder, file), "utf8")]));
}
