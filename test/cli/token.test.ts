import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { token } from "../../src/cli/commands/token.ts";
import { openStore } from "../../src/io/database/store/open-store.ts";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-token-"));
const url = `file:${join(folder, "gatehouse.db")}`;
const before = process.env["DATABASE_URL"];

beforeAll(async () => {
  process.env["DATABASE_URL"] = url;
  await (await openStore({ url })).close();
});
afterAll(() => {
  if (before === undefined) delete process.env["DATABASE_URL"];
  else process.env["DATABASE_URL"] = before;
  rmSync(folder, { recursive: true, force: true });
});

const run = async (
  args: readonly string[],
  options: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly json: unknown; readonly text: string; readonly exitCode: number }> => {
  const answer = await token().run(args, options);
  if (answer === null) throw new Error("no answer");
  return answer;
};

const wish = { name: "bot", repository: ["Acme/Shop"], expires: "30d" };

describe("gatehouse token", () => {
  it("makes a token that is shown once, lists it, and revokes it", async () => {
    const made = (await run(["create"], wish)).json as {
      readonly id: string;
      readonly token: string;
    };
    expect(made.token).toMatch(/^ght_[\w-]{43}$/);
    const listed = await run(["list"]);
    expect(listed.json).toMatchObject([{ id: made.id, repositories: ["acme/shop"] }]);
    expect(JSON.stringify(listed.json)).not.toContain(made.token);
    expect((await run(["revoke", made.id])).exitCode).toBe(0);
    expect((await run(["revoke", made.id])).exitCode).toBe(1);
    expect((await run(["list"])).text).toContain("revoked");
  });

  it("takes owners of every kind", async () => {
    const made = await run(["create"], { ...wish, repository: ["octo_acme/shop"] });
    expect(made.json).toMatchObject({ repositories: ["octo_acme/shop"] });
  });

  it.each([
    [["create"], { ...wish, name: "" }, "--name"],
    [["create"], { ...wish, repository: [] }, "--repository"],
    [["create"], { ...wish, repository: ["shop"] }, "--repository shop"],
    [["create"], { ...wish, environment: [""] }, "--environment"],
    [["create"], { ...wish, environment: ["live", " "] }, "--environment"],
    [["create"], { ...wish, expires: "ever" }, "--expires ever"],
    [["create"], { ...wish, expires: "3000d" }, "--expires 3000d"],
    [["revoke"], {}, "token revoke"],
    [["renew"], {}, "token renew"],
  ])("%j %j is refused, naming %s", async (args, options, named) => {
    await expect(async () => run(args, options)).rejects.toThrow(named);
  });
});
