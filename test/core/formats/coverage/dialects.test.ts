import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measure, type Measured } from "#core/formats/coverage/measure.ts";
import { readCoverage } from "#core/formats/coverage/read.ts";
import { linesOf, ownReports, reportOf } from "./fixtures.ts";
import { patience } from "../../../support/patience.ts";

const cobertura = (attributes: string, sources: readonly string[], rows: string): string =>
  `<coverage ${attributes}><sources>${sources.map((source) => `<source>${source}</source>`).join("")}</sources><packages><package name="p"><classes>${rows}</classes></package></packages></coverage>`;
const aClass = (file: string, hits: readonly number[]): string =>
  `<class filename="${file}"><lines>${hits.map((count, i) => `<line number="${i + 1}" hits="${count}"/>`).join("")}</lines></class>`;

/** As gcovr 8 writes it: no source files, classes with lines that say nothing of their runs, a root counter of the last file. */
const gcovr = `<?xml version='1.0' encoding='UTF-8'?>
<!DOCTYPE coverage SYSTEM 'https://www.jacoco.org/jacoco/trunk/coverage/report.dtd'>
<report><package name="src.net"><class name="main_cpp" sourcefilename="/w/app/src/net/main.cpp"><lines><line nr="3" mb="1" cb="1"/><line nr="4"/><line nr="9"/></lines><counter type="LINE" missed="1" covered="2"/><counter type="BRANCH" missed="1" covered="1"/></class>
<class name="util_cpp" sourcefilename="/w/app/src/net/util.cpp"><lines><line nr="1"/><line nr="2"/></lines><counter type="LINE" missed="2" covered="0"/><counter type="BRANCH" missed="0" covered="0"/></class>
<counter type="LINE" missed="3" covered="2"/><counter type="BRANCH" missed="1" covered="1"/></package><counter type="LINE" missed="2" covered="0"/></report>`;

const slipcover = JSON.stringify({
  meta: { software: "slipcover", version: "1.0.15", branch_coverage: false, show_contexts: false },
  files: {
    "src/shop/cart.py": {
      executed_lines: [1, 2, 3],
      missing_lines: [7],
      summary: { covered_lines: 3, missing_lines: 1, percent_covered: 75 },
    },
  },
  summary: {
    covered_lines: 3,
    missing_lines: 1,
    percent_covered: 75,
    percent_covered_display: "75",
  },
});

describe("W37: dialects of real tools are read", () => {
  it("W37: gcovr's JaCoCo: lines without mi and ci, the LINE counter counts", () => {
    const report = reportOf(gcovr);
    expect(report).toMatchObject({ formats: ["jacoco"], covered: 2, valid: 5 });
    expect(report.files.map(({ path, lines }) => [path, lines])).toEqual([
      ["/w/app/src/net/main.cpp", undefined],
      ["/w/app/src/net/util.cpp", undefined],
    ]);
  });

  it.each([
    [
      "a source file's lines without mi and ci",
      '<sourcefile name="A.java"><line nr="1"/><line nr="2" mb="0" cb="2"/><counter type="LINE" missed="3" covered="1"/></sourcefile>',
      1,
      4,
    ],
    [
      "one of several lines without them",
      '<sourcefile name="A.java"><line nr="1" mi="0" ci="4"/><line nr="2"/><counter type="LINE" missed="1" covered="1"/></sourcefile>',
      1,
      2,
    ],
    [
      "classes beside a source file are not counted twice",
      '<class name="p/A" sourcefilename="A.java"><counter type="LINE" missed="0" covered="9"/></class><sourcefile name="A.java"><line nr="1" mi="1" ci="0"/></sourcefile>',
      0,
      1,
    ],
    [
      "classes of one file add up",
      '<class name="p/A" sourcefilename="A.java"><counter type="LINE" missed="1" covered="2"/></class><class name="p/B" sourcefilename="A.java"><counter type="LINE" missed="1" covered="0"/></class>',
      2,
      4,
    ],
  ])("W37: JaCoCo, %s", (_, inside, covered, valid) => {
    expect(
      reportOf(`<report name="x"><package name="p">${inside}</package></report>`),
    ).toMatchObject({ covered, valid });
  });

  it("W37: JaCoCo lines that say nothing, and no counter, are no measurement", () => {
    const text =
      '<report name="x"><package name="p"><sourcefile name="A.java"><line nr="1"/></sourcefile></package></report>';
    expect(readCoverage("jacoco.xml", text)).toMatchObject({
      error: expect.stringContaining("no LINE counter"),
    });
  });

  it("W37: SlipCover's JSON is read like coverage.py's", () => {
    expect(reportOf(slipcover)).toMatchObject({
      formats: ["coveragepy"],
      covered: 3,
      valid: 4,
      declared: { covered: 3, valid: 4 },
      warnings: [],
    });
  });
});

describe("W37: counts and lines that cannot be", () => {
  const one = (
    line: string | number,
    hits: string | number,
  ): readonly (readonly [string, string])[] => [
    ["lcov", `SF:a.c\nDA:1,1\nDA:${line},${hits}\nend_of_record\n`],
    [
      "Cobertura",
      cobertura(
        "line-rate='1'",
        [],
        `<class filename="a.c"><lines><line number="1" hits="1"/><line number="${line}" hits="${hits}"/></lines></class>`,
      ),
    ],
    [
      "Clover",
      `<coverage generated="1"><project><file name="a.c"><line num="1" type="stmt" count="1"/><line num="${line}" type="stmt" count="${hits}"/></file></project></coverage>`,
    ],
    [
      "Istanbul",
      JSON.stringify({
        "a.c": {
          path: "a.c",
          statementMap: { 0: { start: { line: 1 } }, 1: { start: { line: Number(line) } } },
          s: { 0: 1, 1: Number(hits) },
        },
      }),
    ],
    ["Go", `mode: count\na.c:1.1,1.9 1 1\na.c:${line}.1,${line}.9 1 ${hits}\n`],
  ];

  it.each(one(2, -3))("W37: %s: a negative count counts 0", (_, text) => {
    expect(linesOf(reportOf(text))).toEqual({ "a.c": { 1: 1, 2: 0 } });
    expect(reportOf(text)).toMatchObject({ covered: 1, valid: 2 });
  });

  it.each([...one(1_000_000, 7), ...one(123_456_789, 7)])(
    "W37: %s: a line in the millions is left out with a warning",
    (_, text) => {
      const report = reportOf(text);
      expect(report).toMatchObject({ covered: 1, valid: 1 });
      expect(report.warnings.join()).toContain("impossible line");
    },
  );

  it.each(one(-5, 7).slice(0, 4))(
    "W37: %s: a line below all lines is left out with a warning",
    (_, text) => {
      expect(reportOf(text).warnings.join()).toContain("1 impossible line left out");
    },
  );

  it.each(["-1e5", "-0", "-0.5", "-18446744073709551615"])(
    "W37: lcov, the count %s counts 0",
    (count) => {
      expect(reportOf(`SF:a.c\nDA:1,1\nDA:2,${count}\nend_of_record\n`)).toMatchObject({
        covered: 1,
        valid: 2,
      });
    },
  );

  it.each(["", "-", "NaN", "0x10", "--3", "one"])(
    "W37: lcov, %j is no count and no report either",
    (count) => {
      expect(readCoverage("lcov.info", `SF:a.c\nDA:2,${count}\nend_of_record\n`)).toHaveProperty(
        "error",
      );
    },
  );

  it("W37: a report of impossible lines holds no memory for them", () => {
    const rows = Array.from({ length: 300_000 }, (_, i) => `DA:${4_000_000_000 + i},1\n`).join("");
    const report = reportOf(`SF:a.c\nDA:1,0\n${rows}end_of_record\n`);
    expect(report).toMatchObject({ covered: 0, valid: 1 });
    expect(report.warnings).toEqual([
      "300000 impossible lines left out, such as line 4000000000 of a.c",
    ]);
  });
});

describe("W37: a record without a usable path", () => {
  const named = "SF:src/a.ts\nDA:1,1\nend_of_record\n";
  const changed = [{ path: "src/a.ts", patch: "@@ -0,0 +1 @@\n+a", additions: 1 }];
  const measured = (text: string): Measured => {
    const answer = measure(
      [{ artifact: "coverage", name: "lcov.info", report: reportOf(text) }],
      changed,
      null,
    );
    if ("error" in answer) throw new Error(answer.error);
    return answer;
  };

  it.each([
    ["lcov", `${named}SF:\nDA:1,0\nend_of_record\nSF:  \nDA:1,0\nend_of_record\n`],
    [
      "Cobertura",
      cobertura(
        "line-rate='0'",
        ["/w/shop"],
        aClass("src/a.ts", [1]) + aClass("", [0]) + aClass(" ", [0]),
      ),
    ],
    [
      "Istanbul",
      JSON.stringify({
        "src/a.ts": { path: "src/a.ts", statementMap: { 0: { start: { line: 1 } } }, s: { 0: 1 } },
        "": { path: "", statementMap: { 0: { start: { line: 1 } } }, s: { 0: 0 } },
        ".": { statementMap: { 0: { start: { line: 1 } } }, s: { 0: 0 } },
      }),
    ],
    [
      "Clover",
      `<coverage generated="1"><project>${["src/a.ts", "", "./"].map((path, i) => `<file path="${path}" name=""><line num="1" type="stmt" count="${i === 0 ? 1 : 0}"/></file>`).join("")}</project></coverage>`,
    ],
    [
      "JaCoCo",
      '<report name="x"><package name="src"><sourcefile name="a.ts"><line nr="1" mi="0" ci="1"/></sourcefile><sourcefile name=""><line nr="1" mi="1" ci="0"/></sourcefile><sourcefile name=" "><line nr="1" mi="1" ci="0"/></sourcefile></package></report>',
    ],
  ])("W37: %s: counts for the project, each on its own, and for no patch", (_, text) => {
    expect(reportOf(text).warnings.join()).toContain("2 files without a usable path");
    expect(measured(text)).toMatchObject({ covered: 1, valid: 3, patch: { covered: 1, valid: 1 } });
  });

  it("W37: of two reports they stay two", () => {
    const report = reportOf("SF:\nDA:1,1\nend_of_record\n");
    const two = [1, 2].map((n) => ({ artifact: `coverage-${n}`, name: "lcov.info", report }));
    expect(measure(two, changed, null)).toMatchObject({
      covered: 2,
      valid: 2,
      patch: null,
      noPatch: "the report names no file",
    });
  });

  it("W37: a path of many thousand characters is no usable one", () => {
    expect(reportOf(`${named}SF:${"a/".repeat(3000)}\nDA:1,0\nend_of_record\n`)).toMatchObject({
      covered: 1,
      valid: 2,
    });
  });
});

describe("W37: what stands before the root is not the root", () => {
  it.each([
    ["a comment with a tag", "<!-- <html><body> made by <tool> -->"],
    ["a comment with another report", '<!-- <report name="x"><package name="p"/></report> -->'],
    ["a long comment", `<!-- ${"licence <b>text</b> ".repeat(5_000)} -->`],
    ["a processing instruction", '<?xml-stylesheet href="<x>"?>'],
    ["a comment that speaks of DOCTYPE and ENTITY", "<!-- <!DOCTYPE x [ <!ENTITY a 'b'> ]> -->"],
    ["several", "\n<!-- a --><?x <y> ?>\n<!-- <b/> -->\n"],
  ])("W37: %s", (_, before) => {
    for (const [format, text] of ownReports) {
      if (!text.startsWith("<")) continue;
      const declaration = /^<\?xml[^>]*\?>/.exec(text)?.[0] ?? "";
      const spelled = `${declaration}${before}${text.slice(declaration.length)}`;
      expect([format, readCoverage("report.xml", spelled)]).toEqual([
        format,
        readCoverage("report.xml", text),
      ]);
    }
  });

  it("W37: a tag inside a comment decides nothing, and one that is never closed spoils", () => {
    const real = cobertura("line-rate='0'", [], aClass("a.c", [0]));
    expect(
      reportOf(
        real.replace(
          "<packages>",
          "<!-- <line number='1' hits='9'/> <sources><source>/x</source></sources> --><packages>",
        ),
      ),
    ).toMatchObject({ covered: 0, valid: 1 });
    expect(readCoverage("cobertura.xml", `<!-- ${real}`)).toHaveProperty("error");
    expect(
      readCoverage(
        "cobertura.xml",
        real.replace("<packages>", "<!DOCTYPE x [<!ENTITY a 'b'>]><packages>"),
      ),
    ).toHaveProperty("error");
  });
});

describe("W37: several source roots", () => {
  const rows = aClass("__init__.py", [1, 1, 1]) + aClass("__init__.py", [0, 0, 0]);

  it.each([
    [
      "declares more lines than it shows",
      'line-rate="0.7" lines-covered="7" lines-valid="10"',
      ["/w/web", "/w/api"],
      rows,
    ],
    [
      "declares one line more",
      'lines-covered="3" lines-valid="4" line-rate="1"',
      ["/w/web", "/w/api"],
      rows,
    ],
    ["declares only a lower rate", 'line-rate="0.7"', ["/w/web", "/w/api"], rows],
    [
      "one of its roots is empty",
      'line-rate="0.7" lines-covered="7" lines-valid="10"',
      ["", "/w/api"],
      rows,
    ],
    [
      "more roots than anybody writes",
      'line-rate="0.7" lines-covered="7" lines-valid="10"',
      Array.from({ length: 60_000 }, (_, i) => `/w/folder-number-${i}`),
      rows,
    ],
  ])("W37: a report that %s is unreadable", (_, attributes, sources, inside) => {
    expect(readCoverage("coverage.xml", cobertura(attributes, sources, inside))).toMatchObject({
      error: expect.stringContaining("<source> roots"),
    });
  });

  it.each([
    [
      "whose rows are all there",
      'line-rate="0.5" lines-covered="1" lines-valid="2"',
      ["/w/web", "/w/api"],
      aClass("a.py", [1, 0]),
    ],
    [
      "that declares a rate alone, and keeps it",
      'line-rate="0.67"',
      ["/w/web", "/w/api"],
      aClass("a.py", [1, 1, 0]),
    ],
    [
      "with one root: its rows count, as ever",
      'line-rate="0.7" lines-covered="7" lines-valid="10"',
      ["/w/web"],
      aClass("a.py", [1, 0]),
    ],
    [
      "with one root written twice",
      'line-rate="0.7" lines-covered="7" lines-valid="10"',
      ["/w/web", "/w/web/"],
      aClass("a.py", [1, 0]),
    ],
  ])("W37: one %s is read", (_, attributes, sources, inside) => {
    expect(readCoverage("coverage.xml", cobertura(attributes, sources, inside))).not.toHaveProperty(
      "error",
    );
  });
});

describe("laws of every coverage reader", () => {
  const mutations = fc.tuple(
    fc.constantFrom(...ownReports.map(([, text]) => text), gcovr, slipcover),
    fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(
          "<",
          ">",
          '"',
          "-",
          "9999999",
          "\0",
          "{",
          "]",
          "&#0;",
          "<!--",
          "<![CDATA[",
          "\n",
          "null",
          "1e308",
        ),
      ),
      { maxLength: 6 },
    ),
  );

  it("nothing makes a reader throw or hang, or measure more than there is", () => {
    fc.assert(
      fc.property(mutations, ([text, edits]) => {
        const broken = edits.reduce((all, [at, put]) => {
          const place = Math.floor(at * all.length);
          return all.slice(0, place) + put + all.slice(place + put.length);
        }, text);
        const from = performance.now();
        const answer = readCoverage("coverage.xml", broken);
        expect(performance.now() - from).toBeLessThan(1_000 * patience);
        if (!("error" in answer)) expect(answer.covered).toBeLessThanOrEqual(answer.valid);
      }),
      { numRuns: 500 },
    );
  });

  it("a report that is cut off never covers more lines than the whole", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ownReports.map(([, text]) => text), gcovr, slipcover),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (text, at) => {
          const cut = readCoverage("coverage.xml", text.slice(0, Math.floor(at * text.length)));
          if (!("error" in cut)) expect(cut.covered).toBeLessThanOrEqual(reportOf(text).covered);
        },
      ),
      { numRuns: 500 },
    );
  });
});
