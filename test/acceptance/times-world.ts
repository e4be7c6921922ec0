import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { when } from "../../src/cli/commands/when.ts";

// Paths in a policy are relative to the repository's root: here, the working directory.
const cache = join("node_modules", ".cache");
mkdirSync(cache, { recursive: true });
export const folder = mkdtempSync(join(cache, "gatehouse-times-"));
export const file = (name: string): string => join(folder, name);

interface Row {
  readonly at: string;
  readonly open: boolean;
  readonly because: string;
  readonly next_change: string | null;
}

/** `gatehouse when --policy … --environment production --at-file … --json`. */
export async function rows(times: string, instants: readonly string[]): Promise<readonly Row[]> {
  writeFileSync(file("policy.yml"), `version: 1\n${times}`);
  writeFileSync(file("instants.txt"), `${instants.join("\n")}\n`);
  const answer = await when().run([], {
    policy: file("policy.yml"),
    environment: "production",
    atFile: file("instants.txt"),
  });
  const json: readonly Row[] = JSON.parse(JSON.stringify(answer?.json));
  return json;
}

export const window = (zone: string, ...forms: readonly string[]): string =>
  `windows:\n  w: { timezone: ${zone}, open: [${forms.join(", ")}] }\n`;
export const freeze = (zone: string, ...forms: readonly string[]): string =>
  `freezes:\n  - { name: f, timezone: ${zone}, during: [${forms.join(", ")}] }\n`;
