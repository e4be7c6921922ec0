import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { commandTable } from "./command-table.ts";

describe("docs/commands.md", () => {
  it("holds the table of the commands that there are", () => {
    expect(readFileSync(new URL("../../../docs/commands.md", import.meta.url), "utf8")).toContain(
      commandTable(),
    );
  });
});
