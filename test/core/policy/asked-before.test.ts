import { describe, expect, it, vi } from "vitest";
import { labels, text } from "#core/facts/pull-request.ts";
import type { FactResult, FactTable } from "#core/model/fact.ts";
import { askedBefore } from "#core/policy/asked-before.ts";

const read = (value: unknown): FactResult<unknown> => ({ ok: true, value, evidence: [] });
const who = {};
const around = { owner: "acme" };
const named = (title: string): FactTable => new Map([["text", read({ title, body: "" })]]);

/** Asks for the title, and for the labels where it says "labelled". */
const runs = () =>
  vi.fn((ask: Parameters<Parameters<ReturnType<typeof askedBefore>["asking"]>[3]>[0]) => {
    const title = ask(text.need())?.title;
    return title === "labelled" ? ask(labels.need())?.length : title;
  });

describe("what was asked before", () => {
  it("is not worked out again as long as every answer is the very same", () => {
    const before = askedBefore();
    const run = runs();
    const facts = named("plain");
    const first = before.asking(who, [around], facts, run);
    const more = new Map([...facts, ["labels", read([])] as const]);
    expect(before.asking(who, [around], more, run)).toBe(first);
    expect(run).toHaveBeenCalledTimes(1);
    expect(first.answer).toBe("plain");
  });

  it.each<[string, FactTable]>([
    ["is another", named("other")],
    ["is read anew", named("plain")],
    ["is gone", new Map()],
    ["cannot be read any more", new Map([["text", { ok: false, code: "not_found", message: "" }]])],
  ])("is worked out again where an answer %s", (_name, facts) => {
    const before = askedBefore();
    const run = runs();
    before.asking(who, [around], named("plain"), run);
    const expected = askedBefore().asking(who, [around], facts, runs()).answer;
    expect(before.asking(who, [around], facts, run).answer).toBe(expected);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it("is worked out again where an answer has come that was missing", () => {
    const before = askedBefore();
    const run = runs();
    const facts = named("labelled");
    expect(before.asking(who, [around], facts, run).answer).toBeUndefined();
    const then = new Map([...facts, ["labels", read([{ name: "a" }])] as const]);
    expect(before.asking(who, [around], then, run).answer).toBe(1);
  });

  it("is worked out again for another subject, time or policy", () => {
    const before = askedBefore();
    const run = runs();
    const facts = named("plain");
    before.asking(who, [around], facts, run);
    before.asking(who, [{ owner: "acme" }], facts, run);
    before.asking({}, [around], facts, run);
    expect(run).toHaveBeenCalledTimes(3);
  });

  it("keeps nothing of what broke", () => {
    const before = askedBefore();
    const breaks = (): never => {
      throw new Error("broken");
    };
    expect(() => before.asking(who, [], new Map(), breaks)).toThrow("broken");
    expect(before.asking(who, [], new Map(), () => 1).answer).toBe(1);
  });
});
