import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { init } from "../../src/cli/commands/init.ts";
import { patience } from "../support/patience.ts";
import { YamlLanguageServer } from "../support/yaml-language-server.ts";

let folder = "";
let server: YamlLanguageServer;
let documents = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-editor-"));
  await init().run([], { folder, preset: "recommended" });
  server = await YamlLanguageServer.start(folder);
});
afterAll(() => {
  server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const modeline = (file: string): string =>
  readFileSync(join(folder, ".github", file), "utf8").split("\n", 1)[0] ?? "";

/** Opens a text under the line that `gatehouse init` writes; `|` is where the cursor stands. */
async function edited(
  text: string,
  file = "gatehouse.yml",
): Promise<{
  readonly wrong: readonly string[];
  readonly at: readonly [path: string, line: number, character: number];
}> {
  documents += 1;
  const path = join(folder, ".github", `${documents}-${file}`);
  const whole = `${modeline(file)}\n${text}`;
  const before = whole.split("|", 1)[0] ?? "";
  const lines = before.split("\n");
  const found = await server.open(path, whole.replace("|", ""));
  return {
    wrong: found.map(({ range, message }) => `${range.start.line + 1}: ${message}`),
    at: [path, lines.length - 1, lines.at(-1)?.length ?? 0],
  };
}

describe("an editor with the YAML language server", () => {
  it.each(["gatehouse.yml", "gatehouse.test.yml"])(
    "finds nothing wrong with %s as it is written by init",
    async (file) => {
      const text = readFileSync(join(folder, ".github", file), "utf8");
      expect(text).toContain("$schema=./");
      expect(await server.open(join(folder, ".github", file), text)).toEqual([]);
    },
    20_000 * patience,
  );

  it.each([
    ["an unknown key", "version: 1\nrulez: []\n", "3: Property rulez is not allowed."],
    [
      "a word that is none",
      "version: 1\nenforcement: activ\n",
      '3: Value is not accepted. Valid values: "active", "evaluate", "disabled".',
    ],
    [
      "a parameter that is none",
      "version: 1\nrules:\n  - name: reviewed\n    require: { reviews: { aprovals: 2 } }\n",
      "5: Property aprovals is not allowed.",
    ],
  ])("marks %s", async (_what, text, message) => {
    expect((await edited(text)).wrong).toEqual([message]);
  });

  it("marks a fact of a policy test that is none", async () => {
    const text = "- name: a\n  given: { pull_reqest: {} }\n  expect: allow\n";
    expect((await edited(text, "gatehouse.test.yml")).wrong.join()).toContain("pull_reqest");
  });

  it("says over a key what it means, with its words' meanings and examples", async () => {
    const { at } = await edited("version: 1\nenforce|ment: active\n");
    const said = await server.hover(...at);
    expect(said).toContain("Default of every rule");
    expect(said).toContain("It is shown and blocks nothing");
  });

  it("says over a requirement's parameter what it means, with an example", async () => {
    const text = `version: 1
rules:
  - name: covered
    require:
      coverage:
        pat|ch: 90
`;
    const said = await server.hover(...(await edited(text)).at);
    expect(said).toContain("Least coverage of the changed lines");
    expect(said).toMatch(/Example[^]*90/);
  });

  it("says over a fact of a policy test what it means", async () => {
    const text =
      "- name: a\n  given:\n    pull_request:\n      aut|hor: octocat\n  expect: allow\n";
    const said = await server.hover(...(await edited(text, "gatehouse.test.yml")).at);
    expect(said).toContain("Login of who opened it");
  });

  it("offers the requirements there are, each with what it is for", async () => {
    const { at } = await edited("version: 1\nrules:\n  - name: a\n    require:\n      |\n");
    const offered = await server.complete(...at);
    expect(offered.find(({ label }) => label === "reviews")?.says).toContain("Enough people");
    expect(offered.map(({ label }) => label)).toEqual(
      expect.arrayContaining(["coverage", "not_frozen", "all", "any"]),
    );
  });

  it("offers the words there are, each with its meaning", async () => {
    const { at } = await edited("version: 1\nenforcement: |\n");
    const offered = await server.complete(...at);
    expect(offered.find(({ label }) => label === "evaluate")?.says).toContain("blocks nothing");
  });
});
