import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The project as a reader of its files sees it. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

export const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Files under a folder, as paths relative to the root with forward slashes. */
export function filesUnder(
  folder: string,
  isWanted: (path: string) => boolean = () => true,
): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter(isWanted)
    .toSorted();
}

const leftOut = new Set(["node_modules", "dist", "coverage", "data", ".git"]);

/** What is kept in Git; where there is no Git (an unpacked archive), everything that is not output. */
export function trackedFiles(): readonly string[] {
  try {
    const listed = execFileSync("git", ["ls-files", "-z"], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return listed.split("\0").filter((path) => path !== "" && isPresent(path));
  } catch {
    return readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
      if (leftOut.has(entry.name)) return [];
      return entry.isDirectory() ? filesUnder(entry.name) : entry.isFile() ? [entry.name] : [];
    });
  }
}

/** A file that is being removed is still listed. */
function isPresent(path: string): boolean {
  try {
    read(path);
    return true;
  } catch {
    return false;
  }
}

/** Markdown pages for people. */
export const pages = (): readonly string[] => [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "CHANGELOG.md",
  ...filesUnder("docs", (path) => path.endsWith(".md")),
];
