import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { GatehouseError } from "#core/model/errors.ts";

/** A file's absolute path, or the process's own memory (tests, the demo). */
export type EmbeddedLocation =
  { readonly kind: "file"; readonly path: string } | { readonly kind: "memory" };

/** Where the database lives. */
export type Location = EmbeddedLocation | { readonly kind: "postgres"; readonly url: string };

/** A location that is left when the process ends is none for a gate: who held what would be forgotten with it. */
export function refuseForgetful(url: string): void {
  if (parseLocation(url).kind === "memory")
    throw new GatehouseError(
      "unsupported",
      `DATABASE_URL: ${url} keeps nothing when the process ends, and the gate would forget every approval, hold and record at a restart. ${remedy}`,
    );
}

const remedy =
  "Set DATABASE_URL to file:PATH, for example file:./data/gatehouse.db, or to postgres://USER:PASSWORD@HOST:PORT/DATABASE.";

/** Reads a DATABASE_URL; throws `GatehouseError` "unsupported" with the remedy for what is neither a file nor PostgreSQL. */
export function parseLocation(url: string): Location {
  if (url === ":memory:" || url === "file::memory:") return { kind: "memory" };
  if (/^postgres(ql)?:/i.test(url)) return { kind: "postgres", url: checkedPostgresUrl(url) };
  if (!url.startsWith("file:")) {
    // Only the scheme is repeated: the rest of a database URL may carry a password.
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1];
    throw new GatehouseError(
      "unsupported",
      `DATABASE_URL: ${scheme === undefined ? "no scheme" : `the scheme "${scheme}:"`} is not supported. ${remedy}`,
    );
  }
  if (/[?#]/.test(url))
    throw new GatehouseError(
      "unsupported",
      `DATABASE_URL: options after "?" or "#" are not supported. ${remedy}`,
    );
  const path = url.startsWith("file://") ? pathOfFileUrl(url) : url.slice("file:".length);
  if (path === "" || path.endsWith("/"))
    throw new GatehouseError("unsupported", `DATABASE_URL: names no file. ${remedy}`);
  return { kind: "file", path: resolve(path) };
}

/** Hostile input to nobody, but full of secrets: nothing of the URL is repeated. */
function checkedPostgresUrl(url: string): string {
  const refuse = (because: string): GatehouseError =>
    new GatehouseError(
      "unsupported",
      `DATABASE_URL: ${because}. Write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with what is special in user or password percent-encoded (@ is %40, / is %2F, # is %23).`,
    );
  // A socket's folder stands in ?host= and leaves the place of the host empty, which URLs as such do not know.
  const withHost = url.replace(/^([a-z]+:\/\/(?:[^/?#]*@)?)(?=\/)/i, "$1socket");
  if (!/^[a-z]+:\/\//i.test(url) || !URL.canParse(withHost))
    throw refuse("not a usable PostgreSQL URL");
  const parsed = new URL(withHost);
  const { pathname, hash, username, password } = parsed;
  if (hash !== "") throw refuse('something stands after a "#"');
  if (!/^\/[^/]+$/.test(pathname)) throw refuse("names no database");
  try {
    for (const part of [pathname, username, password]) decodeURIComponent(part);
  } catch {
    throw refuse("a % stands in it that encodes nothing");
  }
  return url;
}

function pathOfFileUrl(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new GatehouseError("unsupported", `DATABASE_URL: not a usable file URL. ${remedy}`, {
      cause,
    });
  }
}

/** The directory of the file, made when it is missing. */
export function prepareDirectory(path: string): void {
  try {
    makeDirectory(dirname(path));
  } catch (cause) {
    throw unusable(path, cause);
  }
}

/** Not `recursive: true`: Node 20 never comes back from that where the kernel answers ENOENT for a parent that exists (/proc). */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process made it in the meantime.
    if (!existsSync(path)) throw error;
  }
}

/** The one sentence for a database file that cannot be opened, made or written. "unsupported": starting again does not help. */
export function unusable(path: string, cause: unknown): GatehouseError {
  return opening(path, cause, {
    failed: "cannot be opened for writing",
    remedy: "Make the directory writable for this user, or point DATABASE_URL at another file.",
  });
}

/** The same for one that is only read. */
export function unreadable(path: string, cause: unknown): GatehouseError {
  return opening(path, cause, {
    failed: "cannot be read",
    remedy: "Make the file readable for this user, or point DATABASE_URL at the service's.",
  });
}

function opening(
  path: string,
  cause: unknown,
  words: { readonly failed: string; readonly remedy: string },
): GatehouseError {
  const because =
    cause instanceof Error ? cause.message.replace(/^The database refused: /, "") : String(cause);
  if (because.includes("not a database")) {
    return new GatehouseError(
      "unsupported",
      `DATABASE_URL: ${path} is a file of something else, or damaged. Restore a backup, or point DATABASE_URL at another file.`,
      { cause },
    );
  }
  if (because.includes("database is locked")) {
    return new GatehouseError(
      "unavailable",
      `DATABASE_URL: another process has held the database ${path} for ten seconds: a backup, a migration or a tool. Start again when it is through.`,
      { cause },
    );
  }
  return new GatehouseError(
    "unsupported",
    `DATABASE_URL: the database ${path} ${words.failed} (${because}). ${words.remedy}`,
    { cause },
  );
}
