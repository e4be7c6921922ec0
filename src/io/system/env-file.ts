import { constants } from "node:fs";
import { access, chmod, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { GatehouseError } from "#core/model/errors.ts";

export type EnvValues = Readonly<Record<string, string>>;

const onlyForUs = 0o600;

const systemCode = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";

const isMissing = (error: unknown): boolean => systemCode(error) === "ENOENT";

/** As much as credentials need, so that a disk which is full is found out. */
const trial = " ".repeat(16 * 1024);

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "this user's share of the disk is used up",
  EROFS: "the file system is read-only",
  EACCES: "this user may not",
  EPERM: "this user may not",
  ENOENT: "the folder is not there",
};

/** Why a file could not be written, in a few words. */
export const whyUnwritable = (error: unknown): string =>
  reasons[systemCode(error)] ?? "it cannot be kept there";

/** Refuses a place where nothing could be kept, before there is something to keep. */
export async function mustBeWritable(file: string, write = writeFile): Promise<void> {
  const draft = draftOf(file);
  try {
    // By doing it: what the rights say is not what every file system does.
    await write(draft, trial, { mode: onlyForUs });
    await rm(draft);
    await access(file, constants.R_OK | constants.W_OK).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new GatehouseError(
      "unsupported",
      `${file} cannot be written, and the set-up page keeps the App's credentials there (${whyUnwritable(cause)}). Make room for it, make the file and its folder writable for this user, start in another folder, or set APP_ID, PRIVATE_KEY and WEBHOOK_SECRET yourself.`,
      { cause },
    );
  }
}

/**
 * Keeps values in a file of variables: what stands there stays, an empty variable is filled in at its place. Where one
 * has another value already that is for a person to decide: then they are written beside it, in a file of their own. Answers the file.
 */
export async function keepInEnvFile(file: string, values: EnvValues): Promise<string> {
  const before = await readFile(file, "utf8").catch((error: unknown) => {
    if (isMissing(error)) return "";
    throw error;
  });
  const merged = mergeEnv(before, values);
  if (merged === undefined) {
    return keepBeside(file, values);
  }
  // Whole or not at all, and through a link to the file that it names.
  const target = await realpath(file).catch(() => file);
  const draft = draftOf(target);
  await writeFile(draft, merged, { mode: onlyForUs });
  await rename(draft, target);
  return file;
}

/** Never in the place of what was kept there before: credentials are told once. The same values have one file. */
async function keepBeside(file: string, values: EnvValues): Promise<string> {
  const text = linesOf(values);
  for (let n = 1; ; n += 1) {
    const beside = `${file}.gatehouse${n === 1 ? "" : `-${n}`}`;
    try {
      await writeFile(beside, text, { mode: onlyForUs, flag: "wx" });
      await chmod(beside, onlyForUs);
      return beside;
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw error;
      if ((await readFile(beside, "utf8").catch(() => "")) === text) return beside;
    }
  }
}

const draftOf = (file: string): string => `${file}.new`;

const written = (name: string, value: string): string =>
  value.includes("\n")
    ? `${name}="${value.trim().replaceAll("\n", "\\n")}"\n`
    : `${name}=${value}\n`;

const linesOf = (values: EnvValues): string =>
  Object.entries(values)
    .map(([name, value]) => written(name, value))
    .join("");

/** undefined: one of them has another value, or the file means something else once they are in it. */
export function mergeEnv(text: string, values: EnvValues): string | undefined {
  const there = parseEnv(text);
  if (Object.entries(values).some(([name, value]) => (there[name] || value) !== value))
    return undefined;
  const missing = new Map(Object.entries(values).filter(([name]) => !there[name]));
  const kept = text
    .split(/(?<=\n)/)
    .map((line) => {
      const name = /^\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1] ?? "";
      const value = missing.get(name);
      if (value === undefined) return line;
      missing.delete(name);
      return written(name, value);
    })
    .join("");
  const gap = kept === "" || kept.endsWith("\n") ? "" : "\n";
  const merged = `${kept}${gap}${linesOf(Object.fromEntries(missing))}`;
  const wanted = Object.entries({ ...there, ...values });
  const now = parseEnv(merged);
  return wanted.every(([name, value]) => (now[name] ?? "").trim() === (value ?? "").trim())
    ? merged
    : undefined;
}
