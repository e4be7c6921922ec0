import { describe, expect, it } from "vitest";
import { readJUnit, type TestReport } from "#core/formats/tests/junit.ts";
import { dialects } from "./dialects.ts";

function report(text: string): TestReport {
  const reading = readJUnit(text);
  if (reading.kind !== "report") throw new Error(JSON.stringify(reading));
  return reading.report;
}
const suite = (inside: string, attributes = ""): string =>
  `<testsuites><testsuite name="s"${attributes}>${inside}</testsuite></testsuites>`;
const bad = (name: string): string =>
  `<testcase name="${name}" classname="C"><failure message="no"/></testcase>`;
const good = (name: string): string => `<testcase name="${name}" classname="C"/>`;

describe("JUnit reports", () => {
  it.each(Object.entries(dialects))("%s", (_name, { text, failed, at }) => {
    const { ran, failed: cases, flaky, skipped } = report(text);
    expect({ ran, skipped, flaky, ids: cases.map(({ id }) => id) }).toEqual({
      ran: 3,
      skipped: 0,
      flaky: [],
      ids: [failed],
    });
    const place = cases[0]?.at ?? null;
    expect(place === null ? null : `${place.path}:${place.line}`).toBe(at);
  });

  it.each(Object.entries(dialects))("%s, cut off anywhere, is broken", (_name, { text }) => {
    for (const share of [0, 0.1, 0.5, 0.9])
      expect(readJUnit(text.slice(0, text.length * share)).kind).toBe("broken");
  });

  it.each([
    {
      what: "a retry that passed, as its suite counts",
      inside: bad("a") + good("a"),
      attributes: ' failures="0"',
      ran: 1,
      failed: 0,
      flaky: 1,
    },
    {
      what: "two retries, the last passed, beside a failure that counts",
      inside: bad("a") + bad("a") + good("a") + bad("b"),
      attributes: ' failures="1" errors="0"',
      ran: 2,
      failed: 1,
      flaky: 1,
    },
    {
      what: "cases of one name, which the suite counts as failures",
      inside: bad("a") + bad("a") + good("a"),
      attributes: ' failures="2"',
      ran: 3,
      failed: 2,
      flaky: 0,
    },
    {
      what: "cases of one name, and nobody counts",
      inside: bad("a") + good("a"),
      ran: 2,
      failed: 1,
      flaky: 0,
    },
    {
      what: "two that may be retries, of which the suite's count leaves one",
      inside: bad("a") + good("a") + bad("b") + good("b"),
      attributes: ' failures="1"',
      ran: 4,
      failed: 2,
      flaky: 0,
    },
    { what: "a retry that failed again", inside: bad("a") + bad("a"), ran: 1, failed: 2, flaky: 0 },
    { what: "a failure after a pass", inside: good("a") + bad("a"), ran: 2, failed: 1, flaky: 0 },
    {
      what: "two passes after a failure: cases of one name",
      inside: bad("a") + good("a") + good("a"),
      ran: 3,
      failed: 1,
      flaky: 0,
    },
    {
      what: "the same name in another suite",
      inside: `${bad("a")}</testsuite><testsuite name="s">${good("a")}`,
      ran: 2,
      failed: 1,
      flaky: 0,
    },
    {
      what: "a skip after a failure",
      inside: `${bad("a")}<testcase name="a" classname="C"><skipped/></testcase>`,
      ran: 1,
      failed: 1,
      flaky: 0,
    },
    {
      what: "Surefire's flaky case",
      inside: `<testcase name="a" classname="C"><flakyFailure message="no"><stackTrace>x</stackTrace></flakyFailure></testcase>`,
      ran: 1,
      failed: 0,
      flaky: 1,
    },
    {
      what: "Surefire's case that failed in each run",
      inside: `<testcase name="a" classname="C"><failure/><rerunFailure/></testcase>`,
      ran: 1,
      failed: 1,
      flaky: 0,
    },
    {
      what: "failures that are declared and not shown",
      inside: good("a"),
      attributes: ' failures="0" errors="2"',
      ran: 1,
      failed: 2,
      flaky: 0,
    },
    {
      what: "failures that a suite inside a suite declares and does not show",
      inside: `<testsuite name="b" failures="0" errors="3">${good("a")}</testsuite>`,
      attributes: ' failures="3"',
      ran: 1,
      failed: 3,
      flaky: 0,
    },
    {
      what: "a suite that declares more than it shows, beside one that shows more",
      inside: `${good("a")}</testsuite><testsuite name="t" failures="0">${bad("b")}${bad("c")}`,
      attributes: ' failures="1"',
      ran: 3,
      failed: 3,
      flaky: 0,
    },
    {
      what: "a case that calls itself failed and shows it, and one that is not shown",
      inside: `<testcase name="a" status="failed"><failure/></testcase>`,
      attributes: ' failures="2"',
      ran: 1,
      failed: 2,
      flaky: 0,
    },
    {
      what: "an error of the suite itself",
      inside: `${good("a")}<error message="setup"/>`,
      ran: 1,
      failed: 1,
      flaky: 0,
    },
    {
      what: "a case that only its status calls failed",
      inside: `<testcase name="a" status="failed"/>`,
      ran: 1,
      failed: 1,
      flaky: 0,
    },
    {
      what: "skipped ones, which did not run",
      inside: `<testcase name="a"><skipped/></testcase><testcase name="b" status="notrun"/>`,
      ran: 0,
      failed: 0,
      flaky: 0,
    },
    { what: "no case at all", inside: "", ran: 0, failed: 0, flaky: 0 },
  ])("$what: $ran ran, $failed failed, $flaky flaky", ({ inside, attributes, ...wanted }) => {
    const read = report(suite(inside, attributes));
    expect({ ran: read.ran, failed: read.failures, flaky: read.flaky.length }).toEqual({
      ran: wanted.ran,
      failed: wanted.failed,
      flaky: wanted.flaky,
    });
  });

  it.each([
    ["nothing", "", "broken"],
    ["text", "all tests passed", "broken"],
    ["an entity", `<!DOCTYPE a [<!ENTITY x "y">]>${suite(good("&x;"))}`, "broken"],
    ["a count that is none", suite(good("a"), ' failures="many"'), "broken"],
    ["coverage", '<coverage line-rate="1"/>', "other"],
    ["a trx file", '<TestRun xmlns="http://microsoft.com/schemas/VisualStudio"/>', "other"],
  ])("%s is no report", (_what, text, kind) => {
    expect(readJUnit(text).kind).toBe(kind);
  });

  it("a namespace's prefix hides nothing", () => {
    const text = `<j:testsuite xmlns:j="u" failures="1"><j:testcase name="a"><j:failure>at src/a.ts:3</j:failure></j:testcase></j:testsuite>`;
    expect(report(text)).toMatchObject({ ran: 1, failures: 1, failed: [{ at: { line: 3 } }] });
  });

  it("ten that are declared and not shown are ten, and one entry says so", () => {
    const read = report(suite(good("x"), ' tests="20" failures="10"'));
    expect(read).toMatchObject({
      failures: 10,
      failed: [{ id: "", message: expect.stringContaining("10 failures") }],
    });
  });

  it("a place outside the repository is none", () => {
    for (const path of ["/etc/passwd", "../x/a.ts", "node_modules/x/a.js", "a.ts"])
      expect(
        report(suite(`<testcase name="a"><failure message="at ${path}:3"/></testcase>`)).failed[0]
          ?.at,
      ).toBeNull();
  });
});
