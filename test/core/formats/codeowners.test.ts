import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGlob, matchesCodeownersGlob } from "#core/formats/codeowners-glob.ts";
import { ownersOf, parseCodeowners } from "#core/formats/codeowners.ts";

describe("ownersOf", () => {
  const owners = (file: string, path: string): readonly string[] | undefined =>
    ownersOf(parseCodeowners(file), path)?.owners;

  it.each<[string, string, string, readonly string[] | undefined]>([
    [
      "the last match wins",
      "* @all\n/src/ @src\n/src/db/ @db @dba",
      "src/db/x.ts",
      ["@db", "@dba"],
    ],
    [
      "the last match wins, also when it is the wider one",
      "/src/db/ @db\n* @all",
      "src/db/x.ts",
      ["@all"],
    ],
    [
      "a line without owners takes ownership away",
      "/apps/ @octocat\n/apps/github",
      "apps/github/x",
      [],
    ],
    ["nothing matches", "/src/ @src", "README.md", undefined],
    ["a leading slash of the path is none of ours", "/src/ @src", "/src/x", ["@src"]],
    ["case matters", "/Src/ @src", "src/x", undefined],
    ["case matters in endings", "*.JS @js", "a.js", undefined],
    ["comments behind owners", "*.js @js # the front end @nobody", "a.js", ["@js"]],
    ["a # inside a pattern is a character", "c#/ @cs", "c#/x.cs", ["@cs"]],
    ["escaped blanks", "my\\ docs/a\\ b.md @docs", "my docs/a b.md", ["@docs"]],
    ["an escaped star is a star", "\\*.md @star", "*.md", ["@star"]],
    ["an escaped star is nothing else", "\\*.md @star", "a.md", undefined],
    ["a question mark is one character", "/a?.md @q", "ab.md", ["@q"]],
    ["a question mark is no slash", "/a?b @q", "a/b", undefined],
    ["double stars in the middle are any folders, none too", "/a/**/z @q", "a/z", ["@q"]],
    ["double stars in the middle are any folders", "/a/**/z @q", "a/b/c/z/deep", ["@q"]],
    ["double stars at the end are all below", "/a/** @q", "a/b/c", ["@q"]],
    ["double stars at the end are not the folder's own name", "/a/** @q", "a", undefined],
    ["double stars alone are everything", "** @q", "a/b", ["@q"]],
    ["double stars inside a name are one", "/a**z @q", "a-z", ["@q"]],
    ["several double stars", "/a/**/b/**/c @q", "a/x/b/b/y/c", ["@q"]],
    [
      "a folder's name with an ending holds all below",
      "*.app @mac",
      "dist/Shop.app/Contents/x",
      ["@mac"],
    ],
    ["a folder's pattern is not a file of that name", "*.app/ @mac", "dist/Shop.app", undefined],
    ["an ending of several dots", "*.test.ts @qa", "src/a.b.test.ts", ["@qa"]],
    ["a star in front of text without a dot", "*file @q", "a/Dockerfile", ["@q"]],
    ["brackets are characters", "/app/[id]/ @web", "app/[id]/page.tsx", ["@web"]],
    ["brackets are no choice", "/app/[ab].ts @web", "app/a.ts", undefined],
    [
      "mail addresses and teams",
      "* docs@example.com @acme/web.team_1",
      "x",
      ["docs@example.com", "@acme/web.team_1"],
    ],
    ["CRLF and a byte order mark", "\ufeff* @all\r\n*.js @js\r\n", "a.js", ["@js"]],
  ])("%s", (_, file, path, expected) => expect(owners(file, path)).toEqual(expected));

  it("says the line", () =>
    expect(ownersOf(parseCodeowners("# top\n\n* @all\n"), "x")).toEqual({
      owners: ["@all"],
      line: 3,
    }));
});

describe("parseCodeowners", () => {
  it.each([
    ["!*.md @a", "negation"],
    ["\\#x @a", "begin with #"],
    ["***/*.rb @a", "***"],
    ["/ @a", "alone"],
    ["a//b @a", "empty"],
    ["* a", "no owner"],
    ["* @", "no owner"],
    ["* docs@", "no owner"],
    ["* @a@b", "no owner"],
    ["* writers @a@b", "no owners"],
    [`${"x".repeat(2000)} @a`, "longer"],
    ["[Section]", "GitLab"],
    ["^[Section name][2]  ", "GitLab"],
  ])("skips and reports %s", (line, reason) => {
    const file = parseCodeowners(`* @all\n${line}\n*.js @js`);
    expect(file.rules.map((rule) => rule.line)).toEqual([1, 3]);
    expect(file.problems).toEqual([
      { line: 2, message: expect.stringContaining(reason), skipped: true },
    ]);
  });

  it.each([
    ["* @dora @max @chris@colin", ["@dora", "@max"], '"@chris@colin" is no owner'],
    ["* @chris@colin @dora", ["@dora"], '"@chris@colin"'],
    ["* @a @b!", ["@a"], '"@b!"'],
    ["* writers @acme/web docs@example.com", ["@acme/web", "docs@example.com"], '"writers"'],
    ["* @a, @b", ["@b"], '"@a,"'],
    ["* @a @acme/web/x a@b@c.d @", ["@a"], '"@acme/web/x", "a@b@c.d", "@" are no owners'],
    ["* @a one two three four", ["@a"], '"one", "two", "three" and 1 more'],
    ["* @a (@b) # @c", ["@a"], '"(@b)"'],
  ])("W44: %s: the good owners stay, the bad one is a warning", (line, owners, reason) => {
    const file = parseCodeowners(`* @all\n${line}`);
    expect(ownersOf(file, "x")).toEqual({ owners, line: 2 });
    expect(file.problems).toEqual([
      { line: 2, message: expect.stringContaining(reason), skipped: false },
    ]);
  });

  it("W44: a line of bad owners alone takes nothing away", () => {
    const file = parseCodeowners("* @all\n/src/ @max@chris writers");
    expect(ownersOf(file, "src/a.ts")).toEqual({ owners: ["@all"], line: 1 });
  });

  it("says of brackets that they stand for themselves", () => {
    const file = parseCodeowners("* @all\n*.[ch] @c\n/app/[id]/ @web");
    expect(file.problems.map(({ line, skipped }) => [line, skipped])).toEqual([
      [2, false],
      [3, false],
    ]);
    expect(ownersOf(file, "x.c")?.owners).toEqual(["@all"]);
    expect(ownersOf(file, "app/[id]/page.tsx")?.owners).toEqual(["@web"]);
  });

  it("reads nothing from an empty file, nor from comments", () => {
    for (const text of ["", "\n\n", "# a\n  # b @c\n"])
      expect(parseCodeowners(text)).toMatchObject({ rules: [], problems: [] });
  });

  it("does not load more than 3 MB, and says so", () => {
    const file = parseCodeowners(`${"# filling\n".repeat(330_000)}* @all`);
    expect(file).toMatchObject({
      rules: [],
      problems: [{ line: 0, message: expect.stringContaining("3 MB") }],
    });
    expect(parseCodeowners(`* @all\n${"ü".repeat(1_600_000)}`).problems[0]?.line).toBe(0);
  });

  it("T19: a file of wildcards without end is not loaded, plain paths without end are", () => {
    const wild = Array.from({ length: 11_000 }, (_, i) => `/a*${i}*b @x`).join("\n");
    expect(parseCodeowners(wild)).toMatchObject({
      rules: [],
      problems: [{ line: 0, message: expect.stringContaining("wildcards") }],
    });
    const plain = parseCodeowners(
      Array.from({ length: 50_000 }, (_, i) => `/src/f${i}/ @o${i}`).join("\n"),
    );
    expect(ownersOf(plain, "src/f41234/x.ts")?.line).toBe(41_235);
  });

  it("T19: stars cannot be made to search again and again (an exponential search would run into the test's time limit)", () => {
    const file = parseCodeowners(`/${"a*".repeat(500)}b @x\n${"**/a/".repeat(200)}b @x`);
    expect(file.rules).toHaveLength(2);
    expect(ownersOf(file, "a".repeat(4000))).toBeUndefined();
    expect(ownersOf(file, "a/".repeat(2000))).toBeUndefined();
  });
});

describe("laws", () => {
  const name = fc.constantFrom("a", "b", "ab", "a.b", "x.js", ".b");
  const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/"));
  const part = fc.constantFrom("a", "b", "*", "**", "*.js", "a*", "?", "*.b", "x.js", "*b");
  const pattern = fc
    .tuple(fc.boolean(), fc.array(part, { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([lead, parts, trail]) => `${lead ? "/" : ""}${parts.join("/")}${trail ? "/" : ""}`);

  it("the index answers as trying every line from the last would", () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 12 }), path, (patterns, one) => {
        const file = parseCodeowners(patterns.map((text, i) => `${text} @o${i}`).join("\n"));
        const last = file.rules.findLast((rule) => {
          const glob = compileGlob(rule.pattern);
          return typeof glob !== "string" && matchesCodeownersGlob(glob, one, one.split("/"));
        });
        expect(ownersOf(file, one)).toEqual(last && { owners: last.owners, line: last.line });
      }),
      { numRuns: 1000 },
    );
  });

  it("a matcher that tries everything agrees", () => {
    const slow = (globs: readonly string[], parts: readonly string[], tail: string): boolean => {
      const [first, ...rest] = globs;
      if (first === undefined)
        return tail === "either" || (tail === "exact" ? parts.length === 0 : parts.length > 0);
      if (first === "**")
        return parts.some((_, i) => slow(rest, parts.slice(i), tail)) || slow(rest, [], tail);
      const [head, ...others] = parts;
      return head !== undefined && slowName(first, head) && slow(rest, others, tail);
    };
    const slowName = (glob: string, text: string): boolean => {
      if (glob === "") return text === "";
      if (glob[0] === "*")
        return slowName(glob.slice(1), text) || (text !== "" && slowName(glob, text.slice(1)));
      return (
        text !== "" &&
        (glob[0] === "?" || glob[0] === text[0]) &&
        slowName(glob.slice(1), text.slice(1))
      );
    };
    fc.assert(
      fc.property(pattern, path, (text, one) => {
        const glob = compileGlob(text);
        if (typeof glob === "string") return;
        const bare = text.replace(/^\//, "").replace(/\/$/, "").split("/");
        while (bare.at(-1) === "**") bare.pop();
        const globs = text.slice(0, -1).includes("/") ? bare : ["**", ...bare];
        while (globs.at(-1) === "**") globs.pop();
        expect(matchesCodeownersGlob(glob, one, one.split("/"))).toBe(
          slow(globs, one.split("/"), glob.tail),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.string(),
        (file, one) =>
          Array.isArray(parseCodeowners(file).rules) &&
          (ownersOf(parseCodeowners(file), one) ?? true) !== null,
      ),
    );
  });
});
