import { describe, expect, it } from "vitest";
import type { SessionRecord } from "#core/ports/web.ts";
import type { Kind } from "../harness.ts";

const session: SessionRecord = {
  id: "s",
  person: { id: 1, login: "ada", type: "User" },
  sealed: "first",
  createdAt: 1,
  expiresAt: 100,
};

export function sessionsContract(kind: Kind): void {
  describe("sessions", () => {
    it("are found until they run out or are ended", async () => {
      const { sessions } = await kind.open();
      await sessions.add(session);
      expect(await sessions.find("s", 99)).toEqual(session);
      expect(await sessions.find("s", 100)).toBeNull();
      expect(await sessions.prune(101)).toBe(1);
      expect(await sessions.find("s", 1)).toBeNull();
    });

    it("are renewed by the first, and only while they are there", async () => {
      const { sessions } = await kind.open();
      await sessions.add(session);
      expect(await sessions.renew("s", "first", "second")).toBe(true);
      expect(await sessions.renew("s", "first", "late")).toBe(false);
      expect(await sessions.find("s", 1)).toEqual({ ...session, sealed: "second" });
      await sessions.end("s");
      expect(await sessions.renew("s", "second", "third")).toBe(false);
      expect(await sessions.find("s", 1)).toBeNull();
    });
  });
}
