import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Answer } from "../../src/cli/answer.ts";
import { report } from "../../src/cli/commands/report.ts";
import { openStore } from "#io/database/store/open-store.ts";
import { aDeployment, day } from "../core/report/build.ts";

let folder = "";
const run = async (options: Readonly<Record<string, unknown>> = {}): Promise<Answer | null> =>
  report().run([], { format: "md", from: "2025-01-01", to: "2025-01-31", ...options });

/** What it prints by itself. */
async function printed(options: Readonly<Record<string, unknown>>): Promise<string> {
  let text = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((piece) => {
    text += String(piece);
    return true;
  });
  try {
    expect(await run(options)).toBeNull();
  } finally {
    write.mockRestore();
  }
  return text;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-report-"));
  const url = `file:${join(folder, "gate.db")}`;
  vi.stubEnv("DATABASE_URL", url);
  const store = await openStore({ url });
  await store.records.saveRepository({
    id: 1,
    installationId: 5,
    owner: "acme",
    ownerId: 3,
    ownerType: "Organization",
    name: "shop",
    private: true,
    archived: false,
    defaultBranch: "main",
    active: true,
  });
  await store.deployments.save(aDeployment("a", day(30)));
  await store.close();
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe("gatehouse report", () => {
  it("prints the same report in each format", async () => {
    const json = JSON.parse(await printed({ format: "json" })) as Record<string, unknown>;
    expect(json).toMatchObject({
      from: day(0),
      to: day(31),
      deployments: [{ repository: "acme/shop", state: "success" }],
    });
    expect(JSON.parse(await printed({ json: true }))).toEqual({
      ...json,
      madeAt: expect.any(Number),
    });
    expect(await printed({ format: "csv" })).toMatch(/^deployment,\d+,.*acme\/shop,production/m);
    expect((await run())?.text).toContain("Deployment frequency");
    expect((await run({ format: "html" }))?.text).toMatch(/^<!doctype html>[^]*acme\/shop/);
  });

  it.each([
    [{ format: "xml" }, /--format xml: none of md, csv, json, html/],
    [{ from: "soon" }, /--from: "soon" is no day/],
    [{ repository: "shop" }, /--repository: "shop" is not written as owner\/name/],
    [{ repository: "acme/none" }, /--repository: there is no such repository/],
  ])("refuses %o", async (options, says) => {
    await expect(run(options)).rejects.toThrow(says);
  });
});
