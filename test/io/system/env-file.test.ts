import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import type { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepInEnvFile, mergeEnv, mustBeWritable } from "#io/system/env-file.ts";

const values = {
  APP_ID: "7",
  PRIVATE_KEY: "-----BEGIN KEY-----\nabc=\n-----END KEY-----\n",
  WEBHOOK_SECRET: "s".repeat(40),
};
const example = readFileSync(new URL("../../../.env.example", import.meta.url), "utf8");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-env-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("credentials in a .env that is there", () => {
  it("fills in the copy of .env.example at its places, and leaves the rest as it is", () => {
    const merged = mergeEnv(`${example}MINE="a b"\n`, values) ?? "";
    expect(parseEnv(merged)).toMatchObject({ MINE: "a b", PORT: "3000", APP_ID: "7" });
    expect(merged.match(/^APP_ID=/gm)).toHaveLength(1);
    expect(merged.split("\n").filter((line) => line.startsWith("#"))).toEqual(
      example.split("\n").filter((line) => line.startsWith("#")),
    );
  });

  it.each([
    ["nothing", ""],
    ["a last line without an end", "PORT=4000"],
    ["a part of them", "APP_ID=7\n"],
    ["empty ones in quotes, and with a comment", 'APP_ID=""\nWEBHOOK_SECRET= # later\n'],
    ["lines as Windows ends them", "PORT=4000\r\nAPP_ID=\r\n"],
  ])("%s", (_what, text) => {
    const read = parseEnv(mergeEnv(text, values) ?? "");
    expect(read).toMatchObject({ ...parseEnv(text), APP_ID: "7", WEBHOOK_SECRET: "s".repeat(40) });
    expect(read["PRIVATE_KEY"]?.trim()).toBe(values.PRIVATE_KEY.trim());
  });

  it("never writes over what was kept beside it before", async () => {
    const file = join(folder, ".env-beside");
    writeFileSync(file, "APP_ID=1\n");
    const kept = [
      await keepInEnvFile(file, { APP_ID: "7" }),
      await keepInEnvFile(file, { APP_ID: "8" }),
      await keepInEnvFile(file, { APP_ID: "7" }),
      await keepInEnvFile(file, { APP_ID: "9" }),
    ];
    expect(kept).toEqual([
      `${file}.gatehouse`,
      `${file}.gatehouse-2`,
      `${file}.gatehouse`,
      `${file}.gatehouse-3`,
    ]);
    expect(kept.map((each) => parseEnv(readFileSync(each, "utf8"))["APP_ID"])).toEqual([
      "7",
      "8",
      "7",
      "9",
    ]);
    expect(statSync(`${file}.gatehouse-3`).mode & 0o777).toBe(0o600);
  });

  it("never writes over another value: the file stays, and what was to be kept lies beside it", async () => {
    const file = join(folder, ".env");
    writeFileSync(file, "APP_ID=8\n");
    expect(await keepInEnvFile(file, values)).toBe(`${file}.gatehouse`);
    expect(readFileSync(file, "utf8")).toBe("APP_ID=8\n");
    expect(parseEnv(readFileSync(`${file}.gatehouse`, "utf8"))["APP_ID"]).toBe("7");
    expect(statSync(`${file}.gatehouse`).mode & 0o777).toBe(0o600);
  });

  it("writes through a link, for this user only", async () => {
    const file = join(folder, ".env");
    writeFileSync(join(folder, "shared"), "PORT=4000\n", { mode: 0o644 });
    symlinkSync(join(folder, "shared"), file);
    expect(await keepInEnvFile(file, values)).toBe(file);
    expect(parseEnv(readFileSync(join(folder, "shared"), "utf8"))).toMatchObject({
      PORT: "4000",
      APP_ID: "7",
    });
    expect(statSync(join(folder, "shared")).mode & 0o777).toBe(0o600);
  });
});

describe("a place where nothing can be kept", () => {
  it("is refused before anything is registered, in one line with the remedy", async () => {
    writeFileSync(join(folder, "x"), "");
    for (const file of [join(folder, "x", ".env"), join(folder, "none", ".env"), "/proc/self/.env"])
      await expect(mustBeWritable(file)).rejects.toThrow(
        /^\S+\.env cannot be written, .* or set APP_ID, PRIVATE_KEY and WEBHOOK_SECRET yourself\.$/,
      );
    await mustBeWritable(join(folder, ".env"));
    expect(readdirSync(folder)).toEqual(["x"]);
  });

  it("is found out by writing as much as there will be: a full disk takes an empty file", async () => {
    const full: typeof writeFile = async (_file, data) => {
      if (String(data).length > 4_096) throw Object.assign(new Error("full"), { code: "ENOSPC" });
    };
    await expect(mustBeWritable(join(folder, ".env"), full)).rejects.toThrow(/the disk is full/);
  });
});
