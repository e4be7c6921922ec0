import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands/index.ts";
import { parseCommands } from "#core/commands/parse.ts";
import { filesUnder, read } from "./repository.ts";

const documents = [
  "README.md",
  "CONTRIBUTING.md",
  ...filesUnder("docs", (path) => path.endsWith(".md")),
  ...filesUnder("policies", (path) => path.endsWith(".yml")),
];
const sources = filesUnder("src", (path) => path.endsWith(".ts"));
const scripts: readonly string[] = Object.keys(
  (JSON.parse(read("package.json")) as { readonly scripts: Readonly<Record<string, string>> })
    .scripts,
);

/** Whatever stands in code: spans, and lines of blocks without their prompts and remarks. */
function codeOf(path: string): readonly string[] {
  const text = read(path);
  if (path.endsWith(".yml"))
    return [...text.matchAll(/^#.*?: ((?:npm|npx|gatehouse) .*)$/gm)].map(([, line = ""]) => line);
  const blocks = [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].flatMap(([, block = ""]) =>
    block.split("\n").map((line) =>
      line
        .replace(/^\$ /, "")
        .replace(/\s+#.*$/, "")
        .trim(),
    ),
  );
  const spans = text.replaceAll(/^```[^\n]*\n[\s\S]*?^```/gm, "").matchAll(/`([^`\n]+)`/g);
  return [...blocks, ...[...spans].map(([, span = ""]) => span)];
}

const printed = documents.flatMap((path) => codeOf(path).map((code) => [path, code] as const));
const inSources = sources.flatMap((path) =>
  [...read(path).matchAll(/(?:\\`|[\s"'(]`?)(\/gate [a-z-]+|npx \S+(?: -- gatehouse)?)/g)].map(
    ([, code = ""]) => [path, code] as const,
  ),
);

/** The words of a shell's line; quotes keep blanks. */
const words = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? "",
  );

/** Commander's own reading of a line: it throws for a command, an option or an argument that there is not. */
function readLine(line: readonly string[]): void {
  const program = new Command("gatehouse").option("--json").option("--version").exitOverride();
  program.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  const prepare = (command: Command): void => {
    command
      .exitOverride()
      .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    command.option("--json").action(() => undefined);
    command.commands.forEach(prepare);
  };
  // Made by a library over the others.
  program
    .command("completion")
    .argument("<shell>")
    .action(() => undefined);
  for (const define of commands) {
    const { command } = define();
    prepare(command);
    program.addCommand(command);
  }
  program.parse([...line], { from: "user" });
}

describe("what we print works as it is printed", () => {
  const slash = printed.filter(([, code]) => /^\/(?:gate|gatehouse)\b/.test(code));
  it.each(slash)("%s: %s", (_path, code) => {
    if (/^\/gate(?:house)? (?:<command>|…)$/.test(code)) return;
    const [said] = parseCommands(code, { slug: "gatehouse", bare: false });
    expect(said?.name ?? null).not.toBeNull();
  });

  it("texts of the code say commands that there are", () => {
    const wrong = inSources.filter(([, code]) => {
      if (code.startsWith("npx ")) return code !== "npx --no -- gatehouse";
      return (parseCommands(code, { slug: "gatehouse", bare: false })[0]?.name ?? null) === null;
    });
    expect(inSources.length).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
  });

  it("no text of the code says a bare command, but where bare ones are explained", () => {
    const bare = sources
      .filter((path) => !path.startsWith("src/core/commands/"))
      .flatMap((path) =>
        read(path)
          .split("\n")
          .filter((line) => !/^\s*(?:\/\/|\*|\/\*)/.test(line) && /["'`]/.test(line))
          .flatMap((line) => [...line.matchAll(/(?:^|[\s"'`(])(\/[a-z]+)(?=[\s.,;:)"'`$]|$)/g)])
          .map(([, code = ""]) => [path, code] as const),
      )
      .filter(
        ([, code]) =>
          !/^\/gate(?:house)?$/.test(code) &&
          (parseCommands(code, { slug: "-", bare: true })[0]?.name ?? null) !== null,
      );
    expect(bare).toEqual([["src/core/policy/schema.ts", "/hold"]]);
  });

  it("no document says a bare command, but where bare ones are explained", () => {
    const bare = printed.filter(
      ([path, code]) =>
        parseCommands(code, { slug: "-", bare: true }).some(({ name }) => name !== null) &&
        !/^\/(?:gate|gatehouse)\b/.test(code) &&
        !(path === "docs/commands.md" && code === "/hold"),
    );
    expect(bare).toEqual([]);
  });

  it("nothing lets npx look for a name that a stranger may have taken", () => {
    expect(
      printed.filter(([, code]) => /^npx (?!--no -- gatehouse )/.test(code) && code !== "npx"),
    ).toEqual([]);
  });

  const ours = printed.flatMap(([path, code]) => {
    const match =
      /^(?:npm run (?:--silent )?gatehouse -- |npx --no -- gatehouse |gatehouse )(.*)$/.exec(code);
    // Check runs are named `gatehouse / production`; what may be left out of a synopsis is left out.
    return match === null || code.includes("<command>") || match[1]?.startsWith("/ ") === true
      ? []
      : [[path, match[1] ?? ""] as const];
  });
  it.each(ours)("%s: gatehouse %s", (_path, line) => {
    expect(ours.length).toBeGreaterThan(5);
    const args = words(line.replace(/ (?:>|\|) .*$/, "").replaceAll(/\[[^\]]*\]/g, ""));
    // A mention of a command by its name alone.
    if (args.length === 1 && commands.some((define) => define().command.name() === args[0])) return;
    readLine(args);
  });

  it("every script is there", () => {
    const missing = printed.flatMap(([path, code]) => {
      const script = /^npm run (?:--silent )?([a-z:-]+)/.exec(code)?.[1];
      return script === undefined || scripts.includes(script) ? [] : [`${path}: ${code}`];
    });
    expect(missing).toEqual([]);
  });
});
