import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Real input written by others; it lies beside the project and is not part of it. */
export function corpusText(path: string): string | undefined {
  const file = fileURLToPath(new URL(`../../../../shared/corpus/${path}`, import.meta.url));
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
