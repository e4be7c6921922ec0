import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** The package's root: one folder above src (development) or dist (built). */
export const root = fileURLToPath(new URL("../", import.meta.url));

/** Stands beside the presets and is none: the coding agents that are known without a policy. */
const agentsFile = "agents.yml";

/** Shipped presets by name. */
export function readPresets(): ReadonlyMap<string, string> {
  const folder = join(root, "policies");
  const files = readdirSync(folder).filter(
    (file) => file.endsWith(".yml") && !file.endsWith(".test.yml") && file !== agentsFile,
  );
  return new Map(
    files.map((file) => [basename(file, ".yml"), readFileSync(join(folder, file), "utf8")]),
  );
}

/** What `package.json` says. */
export const version = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8"))).version;
