import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { readSettings } from "../../src/env.ts";
import { read } from "./repository.ts";

/** Names in capitals among the strings of the only file that reads the environment. */
const names = [
  ...new Set(
    [...read("src/env.ts").matchAll(/"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)"/g)].map(
      ([, name = ""]) => name,
    ),
  ),
];
const example = read(".env.example");
const named = new Set(
  [...example.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name = ""]) => name),
);

describe("settings", () => {
  it("are found in src/env.ts", () => {
    expect(names).toEqual(expect.arrayContaining(["APP_ID", "PORT", "DATABASE_URL", "WORKERS"]));
  });

  it.each(names)("%s is in .env.example and docs/settings.md", (name) => {
    expect([...named]).toContain(name);
    expect(read("docs/settings.md")).toContain(`| \`${name}\` |`);
  });

  it("are named nowhere without being read", () => {
    expect([...named].filter((name) => !names.includes(name))).toEqual([]);
    const documented = [...read("docs/settings.md").matchAll(/^\| `([A-Z_]+)` \|/gm)].map(
      ([, name = ""]) => name,
    );
    expect(documented.filter((name) => !names.includes(name))).toEqual([]);
  });

  it("as .env.example leaves them are the defaults: no credentials, so the set-up page", () => {
    const parsed: Readonly<Record<string, string | undefined>> = { ...parseEnv(example) };
    expect(readSettings(parsed)).toEqual(readSettings({}));
    expect(readSettings(parsed).app).toBeNull();
  });

  it("names the setting of a file that cannot be read", () => {
    expect(() => readSettings({ SIGSTORE_TRUSTED_ROOT: "/nowhere/root.jsonl" })).toThrow(
      expect.objectContaining({ variable: "SIGSTORE_TRUSTED_ROOT" }),
    );
    expect(readSettings({ SIGSTORE_TRUSTED_ROOT: "package.json" }).trustedRoots).toContain(
      "gatehouse",
    );
  });

  it("have the defaults that docs/settings.md says", () => {
    const { host, port, databaseUrl, logLevel, workers, keepInputsDays } = readSettings({});
    for (const value of [host, port, databaseUrl, logLevel, workers, keepInputsDays])
      expect(read("docs/settings.md")).toContain(`| \`${value}\` |`);
  });
});
