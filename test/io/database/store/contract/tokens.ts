import { describe, expect, it } from "vitest";
import type { ApiTokenRecord } from "#core/ports/web.ts";
import type { Kind } from "../harness.ts";

const aToken = (parts: Partial<ApiTokenRecord> = {}): ApiTokenRecord => ({
  id: "one",
  hash: `hash of ${parts.id ?? "one"}`,
  purpose: "calendar",
  name: "calendar of acme/shop production",
  repositories: ["acme/shop"],
  environments: ["production"],
  createdBy: "ada",
  createdById: 7,
  createdAt: 1,
  expiresAt: 100,
  revokedAt: null,
  ...parts,
});

export function tokensContract(kind: Kind): void {
  describe("tokens", () => {
    it("open something until they run out or are revoked", async () => {
      const { tokens } = await kind.open();
      await tokens.add(aToken());
      expect(await tokens.find("hash of one", 99)).toEqual(aToken());
      expect(await tokens.find("hash of one", 100)).toBeNull();
      expect(await tokens.revoke("one", 50)).toBe(true);
      expect(await tokens.revoke("one", 51)).toBe(false);
      expect(await tokens.find("hash of one", 60)).toBeNull();
      expect(await tokens.list()).toEqual([aToken({ revokedAt: 50 })]);
    });

    it("are replaced by the same person's of the same name, and by no other", async () => {
      const { tokens } = await kind.open();
      for (const token of [
        aToken(),
        aToken({ id: "bob's", createdBy: "bob", createdById: 8 }),
        aToken({ id: "staging", name: "calendar of acme/shop staging" }),
        aToken({ id: "api", purpose: "api" }),
      ])
        await tokens.add(token);
      await tokens.replace(aToken({ id: "two", createdBy: "ada-of-old" }));
      await tokens.replace(aToken({ id: "three" }));
      const ids = (await tokens.list()).map(({ id }) => id);
      expect(ids.toSorted()).toEqual(["api", "bob's", "staging", "three"]);
      expect(await tokens.find("hash of one", 50)).toBeNull();
      await tokens.revoke("three", 50);
      await tokens.replace(aToken({ id: "four" }));
      expect((await tokens.list()).map(({ id }) => id)).toContain("three");
    });
  });
}
