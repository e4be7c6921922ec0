import { describe, expect, it } from "vitest";
import { ruleList } from "#core/rules/index.ts";
import { filesUnder, read } from "./repository.ts";

/** Second names for things that have one already: waiver and override, window and freeze, rule and requirement. */
const banned = /validator|exemption|blackout/i;

const sources = filesUnder("src", (path) => /\.tsx?$/.test(path));

describe("the words of Gatehouse", () => {
  it("name files", () => {
    expect(sources.filter((path) => banned.test(path))).toEqual([]);
  });

  it.each(sources.filter((path) => banned.test(read(path))))("name what %s declares", (path) => {
    const declared = [
      ...read(path).matchAll(/\b(?:const|let|function|class|interface|type)\s+([A-Za-z_$][\w$]*)/g),
    ].map(([, name = ""]) => name);
    expect(declared.filter((name) => banned.test(name))).toEqual([]);
  });

  it("name requirements", () => {
    expect(
      ruleList
        .map((rule) => rule.name)
        .filter((name) => banned.test(name) || !/^[a-z]+(?:_[a-z]+)*$/.test(name)),
    ).toEqual([]);
  });

  it("leave no drawer for anything", () => {
    expect(
      sources.filter((path) =>
        /\/(?:utils?|helpers?|managers?|services?|common)(?:\.tsx?$|\/)/.test(path),
      ),
    ).toEqual([]);
  });
});
