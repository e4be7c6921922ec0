import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { init } from "../../src/cli/commands/init.ts";
import { schema } from "../../src/cli/commands/schema.ts";
import { test as testCommand } from "../../src/cli/commands/test.ts";
import { validate } from "../../src/cli/commands/validate.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-init-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, ".github", name);
const run = async (options: Readonly<Record<string, unknown>>): Promise<unknown> =>
  init().run([], { folder, ...options });

describe("gatehouse init", () => {
  it.each([
    { preset: "recommended" },
    { preset: "gatehouse:regulated" },
    { preset: "library" },
    { approvals: "1" },
    { checks: " unit, lint ,,", environments: "production,eu/production" },
    { approvals: "3", checks: "unit", coverage: "80", environments: "production" },
    { coverage: "0" },
  ])("writes a policy that holds and tests that pass: %j", async (options) => {
    await expect(run(options)).resolves.toMatchObject({ exitCode: 0 });
    expect(await validate().run([at("gatehouse.yml")], {})).toMatchObject({
      exitCode: 0,
      json: { valid: true, problems: [] },
    });
    expect(await testCommand().run([at("gatehouse.test.yml")], {})).toMatchObject({ exitCode: 0 });
  });

  it("names in each file the schema that lies beside it and takes the file", async () => {
    await run({ approvals: "2", checks: "unit", coverage: "80", environments: "production" });
    for (const file of ["gatehouse.yml", "gatehouse.test.yml"]) {
      const text = readFileSync(at(file), "utf8");
      const named = /^# yaml-language-server: \$schema=\.\/(\S+)\n/.exec(text)?.[1] ?? "";
      const json: unknown = JSON.parse(readFileSync(at(named), "utf8"));
      const takes = new Ajv2020({ strict: false }).compile(json as object);
      expect(takes(parse(text)), JSON.stringify(takes.errors)).toBe(true);
    }
  });

  it.each(["gatehouse.yml", "gatehouse.yaml", "gatehouse.test.yml"])(
    "leaves %s as it is where it stands there",
    async (name) => {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), "mine");
      await expect(run({ preset: "recommended" })).rejects.toThrow(
        `.github/${name}: stands there already; --force writes over it`,
      );
      expect(readFileSync(at(name), "utf8")).toBe("mine");
    },
  );

  it("never leaves two spellings of one file", async () => {
    mkdirSync(join(folder, ".github"));
    writeFileSync(at("gatehouse.yaml"), "mine");
    await expect(run({ preset: "recommended", force: true })).rejects.toThrow(
      ".github/gatehouse.yaml: would stand beside the new file; delete or rename it first",
    );
    expect(existsSync(at("gatehouse.yml"))).toBe(false);
  });

  it.each([
    [{ preset: "strict" }, "--preset strict: there are library, recommended, regulated"],
    [{ preset: "library", checks: "unit" }, "--preset and --checks: a preset says that itself"],
    [{ approvals: "0" }, "--approvals: a whole number, 1 to 10"],
    [{ coverage: "80%" }, "--coverage: a whole number, 0 to 100"],
    [{ preset: "library", folder: "/nowhere/at/all" }, "/nowhere/at/all: no such folder"],
    [{}, "there is no terminal to ask at: name --preset"],
  ])("refuses %j", async (options, message) => {
    await expect(init().run([], { folder, json: true, ...options })).rejects.toThrow(message);
    expect(existsSync(at("gatehouse.yml"))).toBe(false);
  });
});

describe("gatehouse schema", () => {
  it.each(["policy", "tests"])("prints the schema of %s under a name that stays", async (kind) => {
    const answer = await schema().run([kind], {});
    expect(answer?.json).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: expect.stringMatching(/^urn:gatehouse:schema:/) as string,
    });
    expect(JSON.parse(answer?.text ?? "")).toEqual(answer?.json);
  });
});

describe("the command", () => {
  const launcher = fileURLToPath(new URL("../../bin/gatehouse.mjs", import.meta.url));
  const says = (...args: readonly string[]): { status: number | null; stdout: string } =>
    spawnSync(process.execPath, [launcher, ...args], { encoding: "utf8" });

  it("completes its own words, and prints what a shell needs for it", () => {
    expect(says("complete", "--", "ini").stdout).toContain("init");
    expect(says("complete", "--", "init", "--pre").stdout).toContain("--preset");
    expect(says("completion", "bash").stdout).toContain("complete");
    expect(says("completion", "tcsh").status).toBe(2);
  });

  it("is silent where its reader has seen enough", () => {
    const { stderr, stdout } = spawnSync(
      "bash",
      ["-c", `set -o pipefail; "${process.execPath}" "${launcher}" schema | head -n 1`],
      { encoding: "utf8" },
    );
    expect({ stderr, stdout }).toEqual({ stderr: "", stdout: "{\n" });
  });
});
