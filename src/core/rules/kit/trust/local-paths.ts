import { matchesPath } from "#core/formats/glob.ts";

/** A path from the repository's root; null where it leads out of it. `from`: the folder it is relative to. */
export function resolvePath(from: string, path: string): string | null {
  const parts: string[] = from === "" ? [] : from.split("/");
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}

export const isScript = (path: string): boolean => /\.(?:sh|bash|zsh|ps1|cmd|bat)$/iu.test(path);

/** What is run by an interpreter, or by itself, when a hidden word names it. */
const isRunnable = (path: string): boolean =>
  isScript(path) || /\.(?:py|[cm]?[jt]s|rb|pl|php|lua|r)$/iu.test(path) || !/\.[^/]*$/u.test(path);

export type ScriptUse =
  | { readonly kind: "changed"; readonly by: string }
  | { readonly kind: "hidden"; readonly word: string };

/** Stand for what an expression or a variable puts there: nobody here knows what, or a value that the file itself holds. */
const hole = "\u0001";
const slot = "\u0002";
const holes = /[\u0001\u0002]/u;

/** Where the checkout lies, or the job's own scratch folders: their names hide no path of the repository. */
const workspace =
  /\$\{\{\s*(?:github\.(?:workspace|action_path)|runner\.\w+)\s*\}\}|\$(?:\{(?:GITHUB_WORKSPACE|GITHUB_ACTION_PATH|RUNNER_\w+|PWD|HOME)\}|(?:GITHUB_WORKSPACE|GITHUB_ACTION_PATH|RUNNER_\w+|PWD|HOME)\b)|\$env:GITHUB_WORKSPACE\b|%GITHUB_WORKSPACE%/giu;
/** A sum over files names them, and starts none. */
const sums = /\$\{\{[^}]*hashFiles\s*\([^}]*\}\}/gu;
/** The values of these stand in the workflow itself, which is looked through as a whole. */
const written = /\$\{\{\s*(?:matrix|env|inputs)\.[\w.-]+\s*\}\}/gu;
const variables = /\$\{\w+[^}]*\}|\$\w+/gu;
const expressions = /\$\{\{[^}]*\}\}/gu;
/** A command of which the file does not say the first word. */
const hiddenCommand = new RegExp(`(?:^|[;&|(])\\s*["']?(${hole}[^\\s;&|()<>\`"']*)`, "gmu");

const interpreters =
  "bash|sh|zsh|dash|ksh|pwsh|powershell|source|\\.|node|nodejs|deno(?: run)?|bun|tsx|ts-node|go run|python[\\d.]*|ruby|perl|php|lua|rscript";
const afterInterpreter = new RegExp(
  `(?:^|[\\s;&|(\`"'/])(?:${interpreters})(?:\\.exe)?\\s+(?:-\\S+\\s+)*["']?([^\\s;&|()<>\`"']+)`,
  "giu",
);
const pathWords = new RegExp(`[\\w@+.~/*${hole}${slot}-]+`, "gu");

/** Every name that a changed file can be called by in a step: whole or from a folder within, with and without its ending. */
interface Names {
  readonly whole: ReadonlyMap<string, string>;
  /** Names of one word without an ending: words of everyday language, so only where something starts them. */
  readonly bare: ReadonlyMap<string, string>;
  /** From the root, so that a checkout in a folder is found. */
  readonly full: ReadonlyMap<string, string>;
  /** Paths of unusual characters, looked for as they are. */
  readonly odd: readonly (readonly [text: string, file: string])[];
}

const known = new WeakMap<ReadonlySet<string>, Names>();

function namesOf(changed: ReadonlySet<string>): Names {
  const cached = known.get(changed);
  if (cached !== undefined) return cached;
  const whole = new Map<string, string>();
  const bare = new Map<string, string>();
  const full = new Map<string, string>();
  const odd: (readonly [string, string])[] = [];
  for (const file of changed) {
    const lower = file.toLowerCase();
    if (/[^\w@+.~/-]/u.test(lower)) odd.push([lower.slice(lower.lastIndexOf("/") + 1), file]);
    for (const name of formsOf(lower)) {
      const parts = name.split("/");
      if (parts.length > 1 || isScript(name)) full.set(name, file);
      for (let from = 0; from < parts.length; from += 1) {
        const tail = parts.slice(from).join("/");
        const isPlain = parts.length - from > 1 || /^\.\w|.\.[^./]+$/u.test(tail);
        (isPlain ? whole : bare).set(tail, file);
        // `python -m ci.run`: modules are named with dots.
        if (parts.length - from > 1 && name !== lower) whole.set(tail.replaceAll("/", "."), file);
      }
    }
  }
  const names = { whole, bare, full, odd };
  known.set(changed, names);
  return names;
}

/** `ci/run.js`, `ci/run`; what a folder is started by is its name, too. */
function formsOf(path: string): readonly string[] {
  const stem = path.replace(/(?<=[^/])\.[^./]+$/u, "");
  const folder = /^(.+)\/(?:index|main|mod|__main__|__init__|mod\.rs)$/u.exec(stem)?.[1];
  return [...new Set([path, stem, ...(folder === undefined ? [] : [folder])])];
}

/**
 * The changed file that a workflow names anywhere in what its steps say; null: none. What a started program reads in its
 * turn (the tests themselves, a Makefile, a package's scripts) is the change's own code, as it always is. `hidden`: a
 * word of which an expression or a variable keeps a part, and a changed file may be meant.
 */
export function runsScript(
  scripts: readonly string[],
  changed: ReadonlySet<string>,
): ScriptUse | null {
  const names = namesOf(changed);
  let unclear: ScriptUse | null = null;
  for (const raw of scripts) {
    const text = raw
      .replace(/\\\r?\n/gu, " ")
      .replace(/\\ /gu, " ")
      .replace(/\\(?=[\w.])/gu, "/")
      .replace(sums, " ")
      .replace(workspace, ".")
      .toLowerCase();
    for (const [word, file] of names.odd)
      if (text.includes(word)) return { kind: "changed", by: file };
    const seen = text.replace(written, slot).replace(expressions, hole).replace(variables, slot);
    const started = new Set(
      [...seen.matchAll(afterInterpreter), ...seen.matchAll(hiddenCommand)].map(
        ([, word = ""]) => word,
      ),
    );
    for (const [word] of seen.matchAll(pathWords)) {
      const found = fileNamed(word, started.has(word), names, changed);
      if (found?.kind === "changed") return found;
      unclear ??= found;
    }
    for (const word of started) {
      const found = fileNamed(word, true, names, changed);
      if (found?.kind === "changed") return found;
      unclear ??= found;
    }
  }
  return unclear;
}

function fileNamed(
  word: string,
  isStarted: boolean,
  names: Names,
  changed: ReadonlySet<string>,
): ScriptUse | null {
  const isHere = /^\.{1,2}\//u.test(word);
  const plain = word
    .replace(/^(?:(?:\.{0,2}|[\u0001\u0002])\/)+/u, "")
    .replace(/^\.(?=[\u0001\u0002])/u, "")
    .replace(/[.,:/]+$/u, "");
  if (plain === "") return null;
  const isHidden = holes.test(plain);
  if (!isHidden && !plain.includes("*")) {
    const by =
      names.whole.get(plain) ??
      (isHere || isStarted ? names.bare.get(plain) : undefined) ??
      tailsOf(plain).flatMap((tail) => names.full.get(tail) ?? [])[0];
    return by === undefined ? null : { kind: "changed", by };
  }
  if (!mayStart(plain, isStarted)) return null;
  const glob = plain.replace(/[\u0001\u0002*]+/gu, "*");
  const meant = [...changed].find(
    (file) =>
      isRunnable(file) &&
      formsOf(file.toLowerCase()).some((name) => matchesPath(`**/${glob}`, name)),
  );
  if (meant === undefined) return null;
  return isHidden
    ? { kind: "hidden", word: plain.replace(/[\u0001\u0002]/gu, "…") }
    : { kind: "changed", by: meant };
}

/** Whether a word with a gap in it may be what a step starts: a script by its ending, a path, or what an interpreter gets. */
function mayStart(word: string, isStarted: boolean): boolean {
  if (isScript(word)) return true;
  if (!holes.test(word)) return false;
  // A value that the file holds is looked at where it stands.
  if (/^[\u0002*.]+$/u.test(word)) return false;
  return isStarted || (/[\w-]/u.test(word) && word.includes("/"));
}

/** `a/b/c` → `b/c`, `c`. */
function tailsOf(path: string): readonly string[] {
  const parts = path.split("/").slice(-20);
  return parts.slice(1).map((_part, index) => parts.slice(index + 1).join("/"));
}
