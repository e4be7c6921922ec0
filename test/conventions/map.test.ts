import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesUnder, read, root } from "./repository.ts";

const map = read("docs/architecture.md");

/** Folders of one shape, named together: `rules/<name>`. */
const isRule = (folder: string): boolean => /^core\/rules\/(?!kit)[^/]+$/.test(folder);

const folders = [
  ...new Set(
    filesUnder("src").flatMap((path) => {
      const parts = dirname(path).split("/").slice(1);
      return parts.map((_part, index) => parts.slice(0, index + 1).join("/"));
    }),
  ),
].filter((folder) => !isRule(folder));

/** Folders that a table of the map gives a line, under their floor: `core`, `flow`, `io`, or by their whole path. */
const named = new Set(
  map.split(/^#{2,3} /m).flatMap((section) => {
    const [, floor = ""] = /^`src\/(\w+)`/.exec(section) ?? [];
    const below = floor === "" && section.startsWith("Inside") ? "core" : floor;
    return [...section.matchAll(/^\|[^|]*\|/gm)].flatMap(([first]) =>
      [...first.matchAll(/`([^`]+)`/g)].map(([, folder = ""]) =>
        folder.startsWith("src/") ? folder.slice(4) : [below, folder].filter(Boolean).join("/"),
      ),
    );
  }),
);

describe("docs/architecture.md", () => {
  it.each(folders)("gives src/%s a line", (folder) => {
    // A folder that only holds others is named by them.
    const holdsFiles = filesUnder(`src/${folder}`).some(
      (path) => dirname(path) === `src/${folder}`,
    );
    expect(named.has(folder) || floors.has(folder) || !holdsFiles).toBe(true);
  });

  it("names no folder that is not there", () => {
    const missing = [...named].filter(
      (folder) =>
        /^(?:core|flow|io|web|cli)\//.test(folder) && !existsSync(join(root, "src", folder)),
    );
    expect(missing).toEqual([]);
  });

  it("names files that are there", () => {
    const paths = [...map.matchAll(/`((?:src|test|docs|packages|scripts)\/[^`<]+)`/g)].map(
      ([, path = ""]) => path,
    );
    expect(paths.length).toBeGreaterThan(30);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

const floors: ReadonlySet<string> = new Set(
  [...map.matchAll(/^\| \d \|([^|]*)\|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`src\/([^`]+)`/g)].map(([, floor = ""]) => floor),
  ),
);
