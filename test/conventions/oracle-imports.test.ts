import { expect, it } from "vitest";
import { read, trackedFiles } from "./repository.ts";

it("the oracle knows GitHub and nothing of the gate that it judges", () => {
  const files = trackedFiles().filter((path) => /^test\/oracle\/[a-z-]+\.ts$/.test(path));
  const imported = files.flatMap((path) =>
    [...read(path).matchAll(/from "([^"]+)"/g)].map((found) => `${path}: ${found[1] ?? ""}`),
  );
  expect(files.length).toBeGreaterThan(5);
  expect(imported.some((line) => line.includes(": @gatehouse/github-simulator"))).toBe(true);
  expect(
    imported.filter((line) => /: (?:#|\.\.\/|@gatehouse\/(?!github-simulator))/.test(line)),
  ).toEqual([]);
});
