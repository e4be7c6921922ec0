import fc from "fast-check";
import { readJUnit } from "#core/formats/tests/junit.ts";
import { promise, textOf, type FuzzTarget } from "../target.ts";

const tag = fc.constantFrom(
  "<testsuites>",
  "</testsuites>",
  '<testsuite name="s" failures="1" errors="x">',
  "</testsuite>",
  '<testcase name="a" classname="b" file="c" line="1">',
  "</testcase>",
  "<failure>",
  "</failure>",
  '<error message="&lt;&#x0;"/>',
  "<skipped/>",
  "<flakyFailure/>",
  "<![CDATA[",
  "]]>",
  "<!-- x -->",
  "&amp;",
);

export const target: FuzzTarget = {
  name: "junit",
  corpus: [
    '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites tests="3" failures="1"><testsuite name="s" tests="3" failures="1" errors="0" skipped="1"><testcase name="a" classname="c" file="test/a.ts" line="3"/><testcase name="b" classname="c"><failure message="no &lt; yes" type="E">at test/a.ts:4:5</failure></testcase><testcase name="d" classname="c"><skipped/></testcase></testsuite></testsuites>',
    '<testsuite name="s" tests="2"><testcase name="x"><flakyFailure message="m"/></testcase><testcase name="x"><rerunFailure/></testcase><testcase name="y" status="failed"/></testsuite>',
    '<testsuites><testsuite name="a"><testsuite name="b"><testcase name="é"><error><![CDATA[boom]]></error></testcase><system-out>x</system-out></testsuite></testsuite></testsuites>',
  ],
  madeUp: fc.array(tag, { maxLength: 40 }).map((tags) => tags.join("")),
  read: (input) => {
    const reading = readJUnit(textOf(input));
    if (reading.kind !== "report") return;
    const { ran, skipped, failed } = reading.report;
    promise(Number.isSafeInteger(ran) && ran >= 0 && skipped >= 0, "counts are counts");
    for (const { message } of failed) promise(typeof message === "string", "a failure has words");
  },
};
