import { describe, expect, it } from "vitest";
import { readJUnit } from "#core/formats/tests/junit.ts";

const failure = '<failure message="a"/>';
const retried =
  '<testcase classname="S" name="P"><failure message="real"/></testcase><testcase classname="S" name="P"/>';
const read = (declared: number, known: string, rest: string, errors = 0) => {
  const reading = readJUnit(
    `<testsuites><testsuite name="S" tests="3" failures="${declared}" errors="${errors}"><testcase classname="S" name="Known">${known}</testcase>${rest}</testsuite></testsuites>`,
  );
  if (reading.kind !== "report") throw new Error(reading.kind);
  const { failures, flaky, failed } = reading.report;
  return { failures, flaky, failed: failed.map(({ id }) => id) };
};

/** GoogleTest writes an element for each assertion; suites count cases. */
describe("a case with several failures pays for no other case", () => {
  it("which failed for good and is counted", () => {
    const known = { failures: 2, flaky: [], failed: ["S.Known", "S.P"] };
    expect(read(2, failure, retried)).toEqual(known);
    expect(read(2, failure + failure, retried)).toEqual(known);
  });

  it("which is declared and not shown", () => {
    expect(read(3, failure.repeat(3), '<testcase classname="S" name="q"/>').failures).toBe(3);
  });

  it("while one that the count leaves out is a retry all the same", () => {
    expect(read(1, failure + failure, retried)).toEqual({
      failures: 1,
      flaky: ["S.P"],
      failed: ["S.Known"],
    });
  });

  it("a failure and an error of one case are two, as suites count them", () => {
    expect(read(1, `${failure}<error message="b"/>`, "", 1).failures).toBe(1);
  });
});
