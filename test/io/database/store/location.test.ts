import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore } from "#io/database/store/open-store.ts";
import { parseLocation } from "#io/database/store/location.ts";
import { closeAfterEach, freshDirectory, openAt } from "./harness.ts";

describe("DATABASE_URL", () => {
  closeAfterEach();

  it.each([
    ["file:./data/gatehouse.db", { kind: "file", path: resolve("data/gatehouse.db") }],
    ["file:gatehouse.db", { kind: "file", path: resolve("gatehouse.db") }],
    ["file:/var/lib/gatehouse.db", { kind: "file", path: "/var/lib/gatehouse.db" }],
    ["file:///var/lib/gate%20house.db", { kind: "file", path: "/var/lib/gate house.db" }],
    [":memory:", { kind: "memory" }],
    ["file::memory:", { kind: "memory" }],
  ])("%s", (url, location) => {
    expect(parseLocation(url)).toEqual(location);
  });

  it.each([
    ["postgres:gatehouse", /not a usable PostgreSQL URL.*postgres:\/\/USER/],
    ["postgres://gate:hunter2@db:port/gatehouse", /not a usable PostgreSQL URL/],
    ["postgres://gate:hunter2@db", /names no database.*postgres:\/\/USER/],
    ["postgres://gate:hunter2@db/", /names no database/],
    ["postgres://gate:hunter2@db/a/b", /names no database/],
    ["postgres://gate:hunter2#@db/a", /not a usable PostgreSQL URL|after a "#".*%23/],
    ["postgres://gate:hunter2%@db/a", /a % stands in it/],
    ["mysql://gate:hunter2@db/gatehouse", /the scheme "mysql:" is not supported.*file:PATH/],
    ["", /no scheme.*file:PATH/],
    ["./gatehouse.db", /no scheme.*file:PATH/],
    ["file:", /names no file/],
    ["file:data/", /names no file/],
    ["file:a.db?mode=ro", /options after "\?"/],
    ["file://elsewhere/a.db", /not a usable file URL/],
  ])("refuses %s with the remedy, and repeats no password", (url, sentence) => {
    const refusal = (): unknown => parseLocation(url);
    expect(refusal).toThrow(sentence);
    expect(refusal).toThrow(/^DATABASE_URL: (?!.*hunter2)/);
  });

  it("makes the directories on the way", async () => {
    const path = join(freshDirectory(), "deep", "er", "gatehouse.db");
    await (await openAt(`file:${path}`)).ping();
  });

  it.each([
    "postgres://gate:hunter2@db.example:5432/gatehouse",
    "postgresql://db/gatehouse?sslmode=verify-full",
    "postgres://gate@/gatehouse?host=/var/run/postgresql",
    "postgres:///gatehouse?host=/var/run/postgresql",
  ])("%s is a PostgreSQL server's", (url) => {
    expect(parseLocation(url)).toEqual({ kind: "postgres", url });
  });

  it.each([
    [
      "its directory is a file",
      (directory: string) => (
        writeFileSync(join(directory, "x"), ""),
        join(directory, "x", "gatehouse.db")
      ),
    ],
    [
      "it is a directory",
      (directory: string) => (mkdirSync(join(directory, "x")), join(directory, "x")),
    ],
    ["its directory cannot be made", () => "/proc/none/gatehouse.db"],
  ])("says what to do when %s", async (_what, pathIn) => {
    const opening = openStore({ url: `file:${pathIn(freshDirectory())}` });
    await expect(opening).rejects.toMatchObject({ name: "GatehouseError", code: "unsupported" });
    await expect(opening).rejects.toThrow(
      /^DATABASE_URL: the database \S+ cannot be opened for writing .*Make the directory writable/,
    );
  });

  it("says so when the file is something else", async () => {
    const path = join(freshDirectory(), "notes.txt");
    writeFileSync(
      path,
      "These are my notes, and they are long enough to be read as a header. ".repeat(20),
    );
    await expect(openStore({ url: `file:${path}` })).rejects.toThrow(
      /is a file of something else, or damaged/,
    );
  });
});
