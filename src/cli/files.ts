import { existsSync, readFileSync, statSync } from "node:fs";
import { bothStand } from "#core/policy/files.ts";
import { UnusableInput } from "./answer.ts";

/** Larger inputs than any format allows are not even read. */
const maximumBytes = 64 * 1024 * 1024;

function failureWord(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOENT":
      return "no such file";
    case "EACCES":
      return "permission denied";
    case "EISDIR":
      return "this is a directory";
    default:
      return "cannot be read";
  }
}

/** A file's bytes; throws `UnusableInput` naming the file. */
export function readBytes(path: string): Buffer {
  try {
    if (statSync(path).size > maximumBytes)
      throw new UnusableInput(`${path}: larger than ${maximumBytes / 1024 / 1024} MiB`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof UnusableInput) throw error;
    throw new UnusableInput(`${path}: ${failureWord(error)}`);
  }
}

/** Of places of which one holds a file: the one that does. Other paths are taken as they are. */
export function placed(path: string, places: readonly string[]): string {
  const there = places.includes(path) ? places.filter((place) => existsSync(place)) : [];
  if (there.length > 1) throw new UnusableInput(bothStand(there));
  return there[0] ?? path;
}

export function readText(path: string): string {
  return readBytes(path).toString("utf8");
}

/** A file's text, or undefined where there is none (calendars named in a policy). */
export function textIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
