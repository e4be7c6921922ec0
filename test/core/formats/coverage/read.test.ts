import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCoverage } from "#core/formats/coverage/read.ts";
import { coverageFormats } from "#core/formats/coverage/report.ts";
import { linesOf, ownReports, reportOf } from "./fixtures.ts";

describe("every format, on reports of our own", () => {
  it.each(ownReports)("%s", (format, text, covered, valid, declared, lines) => {
    const report = reportOf(text);
    expect(report.formats).toEqual([format]);
    expect([report.covered, report.valid]).toEqual([covered, valid]);
    expect(report.declared && [report.declared.covered, report.declared.valid]).toEqual(declared);
    expect(linesOf(report)).toEqual(lines);
  });

  it("covers all formats", () => {
    expect(new Set(ownReports.map(([format]) => format))).toEqual(new Set(coverageFormats));
  });

  it.each(ownReports)("%s: bytes, byte order marks, CRLF and UTF-16 read the same", (_, text) => {
    const plain = reportOf(text);
    const utf16 = Buffer.from(`\ufeff${text}`, "utf16le");
    for (const spelled of [
      Buffer.from(text),
      `\ufeff${text}`,
      text.replaceAll("\n", "\r\n"),
      utf16,
    ])
      expect(reportOf(spelled)).toEqual(plain);
  });

  it("keeps equal paths of two JaCoCo groups apart", () => {
    const jacoco = ownReports.find(([format]) => format === "jacoco")?.[1] ?? "";
    expect(
      reportOf(jacoco).files.map((file) => [file.module, file.path, file.covered, file.valid]),
    ).toEqual([
      ["core", "shop/cart/Cart.java", 1, 2],
      ["web", "shop/cart/Cart.java", 1, 1],
    ]);
  });

  it("takes JaCoCo's counters where classes have no lines, and method lines where a Cobertura class has none", () => {
    expect(
      reportOf(
        '<report name="x"><package name="p"><sourcefile name="A.java"><counter type="LINE" missed="1" covered="3"/></sourcefile></package></report>',
      ),
    ).toMatchObject({ covered: 3, valid: 4 });
    const methodsOnly =
      '<coverage line-rate="1"><packages><package><classes><class filename="a.py"><methods><method><lines><line number="1" hits="1"/></lines></method></methods><lines/></class></classes></package></packages></coverage>';
    expect(reportOf(methodsOnly)).toMatchObject({ covered: 1, valid: 1 });
  });

  it("reads counts as Perl and others write them: a part of a run is a run, and what is beyond all numbers is none", () => {
    const counts = [
      "1.84467440737096e+19",
      "1e+10",
      "2.0",
      "0.5",
      "0",
      "0.0",
      "000",
      "123456789012345678901234567890",
    ];
    const lcov = `SF:a.c\n${counts.map((count, i) => `DA:${i + 1},${count}\n`).join("")}end_of_record\n`;
    const cobertura = `<coverage line-rate="0"><packages><package><classes><class filename="a.c"><lines>${counts.map((count, i) => `<line number="${i + 1}" hits="${count}"/>`).join("")}</lines></class></classes></package></packages></coverage>`;
    for (const text of [lcov, cobertura])
      expect(linesOf(reportOf(text))).toEqual({
        "a.c": { 1: 0xffff_ffff, 2: 0xffff_ffff, 3: 2, 4: 1, 5: 0, 6: 0, 7: 0, 8: 0xffff_ffff },
      });
  });

  it("one line that several classes, methods and records measure is one line, with its best count", () => {
    const inner =
      '<class name="A$B" filename="A.java"><methods><method name="operator-&gt;" signature="(x > y)"><lines><line number="1" hits="9"/></lines></method></methods><lines><line number="1" hits="0"/><line number="2" hits="1"/></lines></class>';
    const text = `<coverage line-rate="1"><packages><package><classes><class name="A" filename="A.java"><methods/><lines><line number="1" hits="2"/><line number="1" hits="0"/></lines></class>${inner}</classes></package><package name="again"><classes><class name="A" filename="./A.java"><lines><line number="2" hits="0"/></lines></class></classes></package></packages></coverage>`;
    expect(linesOf(reportOf(text))).toEqual({ "A.java": { 1: 2, 2: 1 } });
  });

  it("reads classes that stand right in their package, as converters for Swift write them", () => {
    const text =
      '<coverage line-rate="0.5" lines-covered="1" lines-valid="2"><packages><package name="app"><class name="a" filename="a.swift"><methods><method name="get"><lines><line number="5" hits="0"/></lines></method><method name="set"><lines><line number="16" hits="1"/></lines></method></methods></class></package></packages></coverage>';
    expect(reportOf(text)).toMatchObject({ covered: 1, valid: 2, warnings: [] });
  });

  it("keeps several Cobertura sources for the mapping of paths", () => {
    const report = reportOf(
      '<coverage line-rate="1"><sources><source>/w/a</source><source>/w/b</source></sources><packages><package><classes><class filename="x.py"><lines><line number="1" hits="1"/></lines></class></classes></package></packages></coverage>',
    );
    expect(report.sources).toEqual(["/w/a", "/w/b"]);
    expect(report.files[0]?.path).toBe("x.py");
  });
});

describe("T24: what is no measurement is never one", () => {
  const line = (attributes: string): string =>
    `<coverage line-rate="1" lines-covered="1" lines-valid="1"><packages><package><classes><class filename="a.ts"><lines><line ${attributes}/></lines></class></classes></package></packages></coverage>`;

  it.each([
    ["nothing", "", "empty"],
    ["blanks", " \n\t", "empty"],
    ["only a byte order mark", "\ufeff", "empty"],
    ["an empty object", "{}", "names no file"],
    ["an array", "[]", "not a coverage report"],
    ["other JSON", '{"name":"shop","version":"1"}', "no coverage report"],
    ["other XML", "<html><body/></html>", 'root "html"'],
    [
      "Sonar's generic XML",
      '<coverage version="1"><file path="a"><lineToCover lineNumber="1" covered="true"/></file></coverage>',
      "no coverage report",
    ],
    ["a web page", "<!DOCTYPE html><html></html>", 'root "html"'],
    ["lcov without a file", "TN:x\n", "measures no file"],
    ["lcov cut off", "SF:a.ts\nDA:1,1\n", "cut off"],
    ["lcov cut off in a row", "SF:a.ts\nDA:1", "no line count"],
    ["lcov with NaN", "SF:a.ts\nDA:1,NaN\nend_of_record\n", "line 2"],
    ["lcov with a row outside a record", "TN:\nDA:1,1\nSF:a\nend_of_record\n", "before any SF"],
    ["lcov with a negative total", "SF:a.ts\nDA:1,1\nLH:-3\nend_of_record\n", "number of lines"],
    ["lcov with a record inside another", "SF:a.ts\nSF:b.ts\nend_of_record\n", "before the record"],
    [
      "Cobertura without classes",
      '<coverage line-rate="1" lines-covered="0" lines-valid="0"><packages/></coverage>',
      "measures no file",
    ],
    ["Cobertura with NaN", line('number="1" hits="NaN"'), "NaN"],
    ["Cobertura without a number", line('hits="1"'), "undefined"],
    ["Cobertura cut off", line('number="1" hits="1"').slice(0, -30), "cut off"],
    ["Cobertura with two roots", `${line('number="1" hits="1"')}<coverage/>`, "broken"],
    ["JaCoCo without files", '<report name="x"></report>', "measures no file"],
    [
      "JaCoCo with a broken row",
      '<report><package name="p"><sourcefile name="A"><line nr="1" mi="-1" ci="2"/></sourcefile></package></report>',
      "-1",
    ],
    [
      "JaCoCo with a broken counter",
      '<report><counter type="LINE" missed="x" covered="1"/></report>',
      "LINE counter",
    ],
    [
      "Clover with a broken row",
      '<coverage clover="3.2.0"><project><file name="a.ts"><line num="1" count="many" type="stmt"/></file></project></coverage>',
      "many",
    ],
    [
      "a summary with words",
      '{"total":{"lines":{"total":"Unknown","covered":0}}}',
      "numbers of lines",
    ],
    [
      "a summary with a negative",
      '{"a.ts":{"lines":{"total":3,"covered":-1}}}',
      "numbers of lines",
    ],
    [
      "a summary beyond all numbers",
      '{"a.ts":{"lines":{"total":1e999,"covered":1}}}',
      "numbers of lines",
    ],
    [
      "a summary that covers more than there is",
      '{"total":{"lines":{"total":3,"covered":4}}}',
      "more lines",
    ],
    ["lcov beyond all numbers", "SF:a.ts\nDA:1,1e999\nend_of_record\n", "line 2"],
    ["lcov with infinity", "SF:a.ts\nDA:1,Infinity\nend_of_record\n", "line 2"],
    ["SimpleCov with a word", '{"RSpec":{"coverage":{"a.rb":[1,"many"]}}}', "line 2 has no count"],
    ["SimpleCov without files", '{"RSpec":{"coverage":{},"timestamp":1}}', "measures no file"],
    [
      "SimpleCov with a broken second command",
      '{"RSpec":{"coverage":{"a.rb":[1]}},"Minitest":{}}',
      "no coverage",
    ],
    [
      "JSON with something behind it",
      '{"total":{"lines":{"total":1,"covered":1}}} done',
      "broken or cut off",
    ],
    ["gzip", new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0]), "compressed"],
    [
      "an error page called coverage.xml",
      "<!DOCTYPE html>\n<html><head><title>404</title></head><body><p>Not found</p></body></html>",
      'root "html"',
    ],
    [
      "final without counts",
      '{"a.ts":{"statementMap":{"0":{"start":{"line":1}}},"s":{}}}',
      "no count",
    ],
    [
      "final with null",
      '{"a.ts":{"statementMap":{"0":{"start":{"line":1}}},"s":{"0":null}}}',
      "no count",
    ],
    [
      "final at no line",
      '{"a.ts":{"statementMap":{"0":{"start":{"line":null}}},"s":{"0":1}}}',
      "at no line",
    ],
    ["JSON with NaN", '{"total":{"lines":{"total":NaN}}}', "broken or cut off"],
    ["JSON cut off", '{"total":{"lines":{"total":1', "broken or cut off"],
    [
      "coverage.py without lists",
      '{"meta":{},"files":{"a.py":{"summary":{"covered_lines":1,"num_statements":1}}}}',
      "no lists",
    ],
    [
      "coverage.py without files",
      '{"meta":{},"files":{},"totals":{"covered_lines":0,"num_statements":0,"percent_covered":100}}',
      "measures no file",
    ],
    ["a Go profile without blocks", "mode: set\n", "measures no file"],
    ["a Go profile cut off", "mode: set\na/b.go:1.1,2.2 1", "line 2"],
    ["a Go profile that runs backwards", "mode: set\na/b.go:9.1,2.2 1 1\n", "line 2"],
    ["a Go block of a billion lines", "mode: set\na/b.go:1.1,999999999.2 1 1\n", "line 2"],
    ["zip", new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), "compressed"],
    ["binary", new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0]), "not a coverage report"],
  ])("T24: %s", (_, content, reason) => {
    const answer = readCoverage("coverage/report.txt", content);
    expect(answer).toHaveProperty("error");
    expect(answer).toMatchObject({ error: expect.stringContaining(reason) });
    expect(answer).toMatchObject({ error: expect.stringMatching(/^coverage\/report\.txt: /) });
  });

  it("T24: an error is a line of bounded length, however long the path it names", () => {
    const answer = readCoverage("lcov.info", `SF:${"a/".repeat(900)}\nDA:1,1\n`);
    expect("error" in answer && answer.error).toMatch(/^lcov\.info: cut off: .{800,1000}$/s);
  });

  it("T24: 0 of 0 has no percentage, whatever the report claims", () => {
    const empty = reportOf(
      '<coverage line-rate="1" lines-covered="0" lines-valid="0"><packages><package><classes><class filename="a.ts"><lines/></class></classes></package></packages></coverage>',
    );
    expect(empty).toMatchObject({
      covered: 0,
      valid: 0,
      percent: undefined,
      declared: { percent: undefined },
    });
  });

  it("T24: what the lines say beats what a coverage.py summary claims", () => {
    const text = JSON.stringify({
      meta: {},
      files: {
        "a.py": {
          executed_lines: [1],
          missing_lines: [2, 3],
          summary: { covered_lines: 90, num_statements: 90 },
        },
      },
      totals: { covered_lines: 90, num_statements: 90 },
    });
    const report = reportOf(text);
    expect([report.covered, report.valid]).toEqual([1, 3]);
    expect(report.warnings.join("\n")).toContain("the lines count");
  });
});

describe("T21: XML that would make the reader resolve something", () => {
  const body =
    '<coverage line-rate="1"><packages><package><classes><class filename="&x;"><lines><line number="1" hits="1"/></lines></class></classes></package></packages></coverage>';
  const laughs = Array.from(
    { length: 9 },
    (_, i) => `<!ENTITY lol${i + 1} "${`&lol${i};`.repeat(10)}">`,
  ).join("");

  it.each([
    ["an external entity", `<!DOCTYPE coverage [<!ENTITY x SYSTEM "file:///etc/passwd">]>${body}`],
    [
      "an external entity behind a PUBLIC id",
      `<!DOCTYPE coverage PUBLIC "-//A//B" "http://example.com/a.dtd" [<!ENTITY x SYSTEM "file:///etc/passwd">]>${body}`,
    ],
    [
      "a parameter entity",
      `<!DOCTYPE coverage [<!ENTITY % p SYSTEM "http://example.com/p.dtd"> %p;]>${body}`,
    ],
    [
      "a billion laughs",
      `<!DOCTYPE coverage [<!ENTITY lol0 "lol">${laughs}]>${body.replace("&x;", "&lol9;")}`,
    ],
    ["a subset that declares no entity", `<!DOCTYPE coverage [<!ELEMENT coverage ANY>]>${body}`],
    [
      "a second DOCTYPE",
      `<!DOCTYPE coverage SYSTEM "a.dtd"><!DOCTYPE coverage [<!ENTITY x "y">]>${body}`,
    ],
    ["an entity outside any DOCTYPE", `<coverage line-rate="1"><!ENTITY x "y"></coverage>`],
    ["a DOCTYPE in lower case", `<!doctype coverage [<!ENTITY x "y">]>${body}`],
    [
      "a bracket hidden in the identifier",
      `<!DOCTYPE coverage SYSTEM "a>[" [<!ENTITY x "y">]>${body}`,
    ],
  ])("T21: refuses %s", (_, text) => {
    expect(readCoverage("c.xml", text)).toMatchObject({
      error: expect.stringContaining("refused"),
    });
  });

  it.each([
    '<!DOCTYPE coverage SYSTEM "http://example.com/coverage-04.dtd">',
    "<!DOCTYPE coverage SYSTEM 'coverage-04.dtd'>",
    '<!DOCTYPE coverage PUBLIC "-//X//Y 1.1//EN" "report.dtd" [ ]>',
    "<!DOCTYPE coverage>",
  ])("T21: reads past a harmless %s and resolves nothing", (doctype) => {
    expect(
      reportOf(`<?xml version="1.0"?>\n${doctype}\n${body.replace("&x;", "a&amp;b.ts")}`).files[0]
        ?.path,
    ).toBe("a&b.ts");
    expect(reportOf(`${doctype}${body}`).files[0]?.path).toBe("&x;");
  });

  it("T21: refuses a depth no report has", () => {
    const deep = `<coverage line-rate="1">${"<a>".repeat(300)}${"</a>".repeat(300)}</coverage>`;
    expect(readCoverage("c.xml", deep)).toMatchObject({ error: expect.stringContaining("nested") });
  });
});

describe("laws", () => {
  const seeds = ownReports.map(([, text]) => text);

  it("never throws, and never measures more than there is, on any cut of a real shape", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.nat(2000),
        fc.nat(40),
        fc.string({ maxLength: 12 }),
        (text, at, taken, put) => {
          const answer = readCoverage("x", text.slice(0, at) + put + text.slice(at + taken));
          if ("error" in answer) return answer.error.startsWith("x: ");
          return (
            answer.covered <= answer.valid &&
            (answer.percent === undefined) === (answer.valid === 0)
          );
        },
      ),
      { numRuns: 1500 },
    );
  });

  it("never throws on any text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 300 }),
        (text) => typeof readCoverage("x", text) === "object",
      ),
    );
  });

  it("a file cut off inside an XML report is never read as a smaller report", () => {
    const text = seeds[1] ?? "";
    for (let end = 1; end < text.length; end += 1)
      expect(readCoverage("x", text.slice(0, end))).toHaveProperty("error");
  });
});
