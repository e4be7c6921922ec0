import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexPaths, mapPaths, relocate } from "#core/formats/coverage/paths.ts";
import { isAbsolutePath, joinPath, tidyPath } from "#core/formats/coverage/tidy-path.ts";
import type { CoverageReport } from "#core/formats/coverage/report.ts";
import { anLcov, reportOf } from "./fixtures.ts";

const aReport = (...paths: readonly string[]): CoverageReport =>
  reportOf(anLcov(Object.fromEntries(paths.map((path) => [path, { 1: 1 }]))));
const goReport = (...paths: readonly string[]): CoverageReport =>
  reportOf(`mode: set\n${paths.map((path) => `${path}:1.1,2.2 1 1\n`).join("")}`);
const inModules = (
  ...files: readonly (readonly [module: string, path: string])[]
): CoverageReport => ({
  ...reportOf(
    '<report><package name="p"><sourcefile name="A.java"><line nr="1" mi="0" ci="1"/></sourcefile></package></report>',
  ),
  files: files.map(([module, path]) => ({ path, module, covered: 1, valid: 1 })),
});

function targetsOf(
  report: CoverageReport,
  repository: readonly string[],
  reportPath?: string,
): readonly (string | undefined)[] {
  return mapPaths(report, indexPaths(repository), reportPath).targets;
}

describe("mapPaths", () => {
  it.each<[string, CoverageReport, readonly string[], readonly (string | undefined)[]]>([
    [
      "as they stand",
      aReport("src/a.ts", "src/b.ts"),
      ["src/a.ts", "x/src/b.ts"],
      ["src/a.ts", undefined],
    ],
    [
      "absolute, in any folder",
      aReport("/build/x7/src/a.ts", "/build/x7/lib/b.ts"),
      ["src/a.ts", "lib/b.ts", "a.ts"],
      ["src/a.ts", "lib/b.ts"],
    ],
    ["absolute on Windows", aReport("C:\\agent\\shop\\src\\a.cs"), ["src/a.cs"], ["src/a.cs"]],
    ["behind a placeholder", aReport("$PROJECT_PATH/src/a.ts"), ["src/a.ts"], ["src/a.ts"]],
    [
      "a runner's checkout, where no chance likeness counts",
      aReport("/home/runner/work/shop/shop/packages/b/src/index.ts"),
      ["src/index.ts", "packages/a/src/index.ts"],
      [undefined],
    ],
    [
      "a runner's checkout",
      aReport(
        "/home/runner/work/shop/shop/packages/b/src/index.ts",
        "D:/a/shop/shop/src/x.cs",
        "/__w/shop/shop/y.c",
        "/github/workspace/z.py",
      ),
      ["packages/b/src/index.ts", "src/x.cs", "y.c", "z.py"],
      ["packages/b/src/index.ts", "src/x.cs", "y.c", "z.py"],
    ],
    [
      "a Go module at the top",
      goReport("example.com/org/shop/cart/cart.go", "example.com/org/shop/main.go"),
      ["cart/cart.go", "main.go"],
      ["cart/cart.go", "main.go"],
    ],
    [
      "a Go module in a folder",
      goReport("example.com/org/shop/cart/cart.go", "example.com/org/shop/main.go"),
      ["backend/cart/cart.go", "backend/main.go", "tools/main.go"],
      ["backend/cart/cart.go", "backend/main.go"],
    ],
    [
      "a container's folder that stands for one of the repository",
      aReport("/app/src/pages/a.ts", "/app/src/b.ts"),
      ["frontend/src/pages/a.ts", "frontend/src/b.ts", "backend/src/c.ts"],
      ["frontend/src/pages/a.ts", "frontend/src/b.ts"],
    ],
    [
      "JaCoCo's packages",
      aReport("shop/cart/Cart.java"),
      ["core/src/main/java/shop/cart/Cart.java"],
      ["core/src/main/java/shop/cart/Cart.java"],
    ],
    [
      "a package of a monorepo, told by the files that only it has",
      aReport("src/index.ts", "src/only.ts"),
      ["packages/a/src/index.ts", "packages/a/src/only.ts", "packages/b/src/index.ts"],
      ["packages/a/src/index.ts", "packages/a/src/only.ts"],
    ],
    [
      "several packages in one report",
      aReport("src/one.ts", "src/two.ts"),
      ["packages/a/src/one.ts", "packages/b/src/two.ts"],
      ["packages/a/src/one.ts", "packages/b/src/two.ts"],
    ],
    [
      "what fits two files fits none",
      aReport("src/index.ts"),
      ["packages/a/src/index.ts", "packages/b/src/index.ts"],
      [undefined],
    ],
    [
      "the same name in another folder is another file",
      aReport("/w/r/packages/b/src/index.ts"),
      ["packages/a/src/index.ts"],
      [undefined],
    ],
    [
      "system headers do not name the repository's",
      aReport("/w/r/src/a.c", "/w/r/src/b.c", "/usr/include/stdio.h"),
      ["src/a.c", "src/b.c", "include/stdio.h"],
      ["src/a.c", "src/b.c", undefined],
    ],
    [
      "a nested folder does not take its parent's file",
      aReport("/w/r/src/index.ts", "/w/r/packages/b/src/index.ts", "/w/r/lib/x.ts"),
      ["src/index.ts"],
      ["src/index.ts", undefined, undefined],
    ],
    ["nothing in common", aReport("lib/x.ts"), ["src/a.ts"], [undefined]],
  ])("%s", (_, report, repository, targets) => {
    expect(targetsOf(report, repository)).toEqual(targets);
  });

  it("uses the folder the report lay in", () => {
    const repository = [
      "src/index.ts",
      "packages/a/src/index.ts",
      "packages/b/src/index.ts",
      "packages/b/src/two.ts",
    ];
    expect(
      targetsOf(aReport("src/index.ts", "src/two.ts"), repository, "packages/b/coverage/lcov.info"),
    ).toEqual(["packages/b/src/index.ts", "packages/b/src/two.ts"]);
    expect(
      targetsOf(aReport("src/index.ts"), repository.slice(1), "packages/a/coverage/lcov.info"),
    ).toEqual(["packages/a/src/index.ts"]);
    expect(
      targetsOf(aReport("../shared/x.ts"), ["packages/shared/x.ts"], "packages/a/lcov.info"),
    ).toEqual([undefined]);
  });

  it("looks below each of several Cobertura sources", () => {
    const report = { ...aReport("x.py", "y.py"), sources: ["/w/r/one", "/w/r/two"] };
    expect(targetsOf(report, ["one/x.py", "two/y.py", "z.py"])).toEqual(["one/x.py", "two/y.py"]);
    expect(targetsOf(report, ["one/x.py", "two/x.py"])).toEqual([undefined, undefined]);
  });

  it("tells equal JaCoCo paths apart by module", () => {
    const repository = ["core/src/main/java/p/A.java", "web/src/main/java/p/A.java"];
    expect(targetsOf(inModules(["web", "p/A.java"], ["core", "p/A.java"]), repository)).toEqual([
      "web/src/main/java/p/A.java",
      "core/src/main/java/p/A.java",
    ]);
    expect(targetsOf(inModules(["other", "p/A.java"]), repository)).toEqual([undefined]);
  });

  it("reports what it could not place", () => {
    const mapping = mapPaths(
      aReport("src/index.ts", "gen/x.ts"),
      indexPaths(["a/src/index.ts", "b/src/index.ts"]),
    );
    expect(mapping).toMatchObject({ matched: 0, unmatched: ["gen/x.ts"] });
    expect(mapping.ambiguous.map(({ path, candidates }) => [path, candidates.toSorted()])).toEqual([
      ["src/index.ts", ["a/src/index.ts", "b/src/index.ts"]],
    ]);
    const rivals = mapPaths(
      inModules(["one", "p/A.java"], ["two", "p/A.java"]),
      indexPaths(["src/p/A.java"]),
    );
    expect(rivals).toMatchObject({
      matched: 0,
      ambiguous: [{ candidates: ["src/p/A.java"] }, { candidates: ["src/p/A.java"] }],
    });
  });

  it("relocates what it placed and keeps the rest", () => {
    const report = aReport("/w/src/a.ts", "/w/gen/b.ts");
    const relocated = relocate(report, mapPaths(report, indexPaths(["src/a.ts"])));
    expect(relocated.files.map((file) => file.path)).toEqual(["src/a.ts", "/w/gen/b.ts"]);
    expect([relocated.covered, relocated.valid]).toEqual([2, 2]);
  });

  it("finds every file again behind any one prefix, when it knows the repository", () => {
    const segment = fc.constantFrom("a", "b", "src", "lib");
    const path = fc
      .tuple(fc.array(segment, { maxLength: 3 }), fc.constantFrom("x.ts", "y.ts", "index.ts"))
      .map(([folders, name]) => [...folders, name].join("/"));
    fc.assert(
      fc.property(
        fc.uniqueArray(path, { minLength: 1, maxLength: 12 }),
        fc.constantFrom("/w/r", "/home/runner/work/r/r", "C:/x", ""),
        (paths, root) => {
          expect(
            targetsOf(
              aReport(...paths.map((one) => (root === "" ? one : `${root}/${one}`))),
              paths,
            ),
          ).toEqual(paths);
        },
      ),
    );
  });
});

describe("tidyPath", () => {
  it.each([
    ["./src//a.ts", "src/a.ts"],
    ["src\\x\\..\\a.cs", "src/a.cs"],
    ["C:\\w\\a.cs", "C:/w/a.cs"],
    ["/w/./r/../a", "/w/a"],
    ["/../a", "/a"],
    ["../../a", "../../a"],
    ["file:///w/a.ts", "/w/a.ts"],
    ["webpack:///./src/a.ts", "/src/a.ts"],
    [" a.ts\r", "a.ts"],
    ["", ""],
  ])("%s", (raw, tidy) => expect(tidyPath(raw)).toBe(tidy));

  it("knows absolute paths and joins the others", () => {
    expect(["/a", "C:/a", "C:", "$X/a", "a/b", "c:d"].map(isAbsolutePath)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect([
      joinPath("/w", "a"),
      joinPath("/w", "/a"),
      joinPath("", "a"),
      joinPath("/w/p", "../q/a"),
    ]).toEqual(["/w/a", "/a", "a", "/w/q/a"]);
  });
});
