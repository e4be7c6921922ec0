import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** The shipped presets by name, as policies/*.yml say them; their policy tests and the list of agents are left out. */
export function presetsIn(root: string): ReadonlyMap<string, string> {
  const folder = join(root, "policies");
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".yml") && !file.endsWith(".test.yml") && file !== "agents.yml") : [];
  return new Map(files.toSorted().map((file) => [basename(file, ".yml"), readFileSync(join(folder, file), "utf8")]));
}
