import { describe, expect, it } from "vitest";
import { decodeEntities, unsafeDoctype, walkXml } from "#core/formats/coverage/xml.ts";

describe("walkXml", () => {
  it("tells elements in document order with depth and wanted attributes, and keeps entities as written", () => {
    const seen: unknown[] = [];
    const problem = walkXml(
      '<a x="1" y="2"><!-- <b x="9"/> --><b x="&lt;"><c/></b>text</a>',
      new Set(["x"]),
      ({ name, depth, attributes }) => seen.push([name, depth, { ...attributes }]),
    );
    expect(problem).toBeUndefined();
    expect(seen).toEqual([
      ["a", 1, { x: "1" }],
      ["b", 2, { x: "&lt;" }],
      ["c", 3, {}],
    ]);
  });

  it.each([
    ["no element", "text"],
    ["an element never closed", "<a><b></b>"],
    ["crossed elements", "<a><b></a></b>"],
    ["a second root", "<a></a><b/>"],
    ["an open quote", '<a x="1></a>'],
  ])("names what is wrong: %s", (_, text) => {
    expect(walkXml(text, new Set(), () => undefined)).toMatch(/XML/);
  });

  it("tells text and CDATA sections with the entities as they are written, and what a terminal was told", () => {
    const heard: unknown[] = [];
    const problem = walkXml(
      "<a>1 &lt; &x; & <b><![CDATA[<c> & d]]></b>\u001b[31mred</a>",
      new Set(),
      () => undefined,
      (name, text) => heard.push([name, text]),
    );
    expect(problem).toBeUndefined();
    expect(heard).toEqual([
      ["a", "1 &lt; &x; & "],
      ["b", "<c> &amp; d"],
      ["a", "\ufffd[31mred"],
    ]);
  });

  it("refuses what is nested without end, by its depth", () => {
    const deep = (levels: number): string => "<a>".repeat(levels) + "</a>".repeat(levels);
    expect(walkXml(deep(100), new Set(), () => undefined)).toBeUndefined();
    expect(walkXml(deep(101), new Set(), () => undefined)).toContain("deeper than 100");
    expect(walkXml("<a>".repeat(1_000_000), new Set(), () => undefined)).toContain("deeper");
  });

  it.each(["__proto__", "constructor", "prototype", "toString"])(
    "an attribute named %s changes nothing but this document's fate",
    (name) => {
      walkXml(`<a ${name}="1"/>`, new Set([name]), () => undefined);
      expect(Object.getPrototypeOf({})).toBe(Object.prototype);
      expect({}).not.toHaveProperty("polluted");
    },
  );
});

describe("unsafeDoctype", () => {
  it("passes documents without a DOCTYPE", () => expect(unsafeDoctype("<a/>")).toBeUndefined());
});

describe("decodeEntities", () => {
  it.each([
    ["a", "a"],
    ["&lt;init&gt;", "<init>"],
    ["&#65;&#x42;&amp;", "AB&"],
    ["&x; &toolong; &#0; &#9999999;", "&x; &toolong; &#0; &#9999999;"],
    ["&amp;lt;", "&lt;"],
  ])("%s", (text, decoded) => expect(decodeEntities(text)).toBe(decoded));
});
