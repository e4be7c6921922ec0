import { describe, expect, it } from "vitest";
import { z } from "zod";
import { fencesOf } from "../../scripts/docs/markdown.ts";
import { read } from "./repository.ts";

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read("package.json")));
const commandsOf = (page: string): readonly string[] =>
  fencesOf(read(page))
    .filter((fence) => fence.language === "sh")
    .flatMap((fence) => fence.text.split("\n"));

describe("README.md", () => {
  it.each(["npm ci && npm run demo", "npm ci && npm test"])(
    "gives the command %s as it stands",
    (command) => {
      expect(commandsOf("README.md")).toContain(command);
    },
  );

  it.each([
    "README.md",
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/command-line.md",
    "docs/policy-language.md",
  ])("%s names scripts that package.json has", (page) => {
    const named = [...read(page).matchAll(/npm (?:run ([a-z:]+)|(start|test)\b)/g)].map(
      ([, script, lifecycle]) => script ?? lifecycle ?? "",
    );
    expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
  });
});
