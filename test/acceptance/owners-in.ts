import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { owners } from "../../src/cli/commands/owners.ts";

export interface Owned {
  readonly path: string;
  readonly owners: readonly string[];
  readonly line: number | null;
}

/** `gatehouse owners --json` over a CODEOWNERS file of this text. */
export async function ownersIn(
  text: string,
  paths: readonly string[],
): Promise<{
  readonly exit: number;
  readonly rows: readonly Owned[];
  readonly troubles: readonly string[];
}> {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-acceptance-"));
  try {
    const file = join(folder, "CODEOWNERS");
    writeFileSync(file, text);
    const answer = await owners().run([paths], { file });
    const rows: readonly Owned[] = JSON.parse(JSON.stringify(answer?.json));
    return {
      exit: answer?.exitCode ?? 0,
      rows,
      troubles: (answer?.troubles ?? []).map((trouble) => trouble.replace(file, "CODEOWNERS")),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
