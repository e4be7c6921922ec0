import { describe, expect, it } from "vitest";
import { z } from "zod";
import { fencesOf } from "../../scripts/docs/markdown.ts";
import { read } from "./repository.ts";

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read("package.json")));

const commands = fencesOf(read("CONTRIBUTING.md"))
  .filter((fence) => fence.language === "sh")
  .flatMap((fence) => fence.text.split("\n"))
  .filter((line) => line !== "");

/** The path that `npm run new:rule` gives the test of a rule, which `new-rule.test.ts` runs. */
const testOf = (rule: string): string => `test/core/rules/${rule}.test.ts`;

describe("CONTRIBUTING.md", () => {
  it.each(commands)("%s can be run", (command) => {
    const [, run, lifecycle] = /^npm (?:run (\S+)|(ci|test))/.exec(command) ?? [];
    expect(lifecycle === "ci" || scripts[run ?? lifecycle ?? ""] !== undefined).toBe(true);
  });

  it("runs the test of the rule that it makes", () => {
    const made = commands.flatMap((line) => /^npm run new:rule (\S+)$/.exec(line)?.[1] ?? []);
    const run = commands.flatMap((line) => /^npm test -- (\S+)$/.exec(line)?.[1] ?? []);
    expect(made.map(testOf)).toEqual(expect.arrayContaining(run));
    expect(run).not.toEqual([]);
  });
});
