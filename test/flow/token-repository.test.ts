import { afterAll, beforeAll, expect, it } from "vitest";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";
import { tokenViewer } from "#flow/pages/viewer.ts";
import { openStore } from "#io/database/store/open-store.ts";
import { aRepository } from "../io/github/local-github.ts";
import { anApiToken } from "./api-token.ts";

let store: Store & { readonly close: () => Promise<void> };
beforeAll(async () => {
  store = await openStore({ url: ":memory:" });
});
afterAll(() => store.close());

const shop = (id: number): RepositoryRecord => aRepository({ id, owner: "Acme", name: "Shop" });

it.each([["acme/shop"], ["acme/*"]])(
  "a token for %s reads the repository that bore the name when it was used first, and none that bears it later",
  async (scope) => {
    const viewer = tokenViewer(anApiToken({ id: scope, repositories: [scope] }), store.records);
    expect((await viewer.readable())(shop(1))).toBe(true);
    expect(await viewer.mayRead(shop(1))).toBe(true);
    expect(await viewer.mayRead(shop(2))).toBe(false);
    expect(await viewer.mayRead(shop(1))).toBe(true);
    // For lists the names themselves are looked up; whoever has all of an owner's is not bound there.
    expect((await viewer.readable())(shop(2))).toBe(scope === "acme/*");
    expect((await viewer.readable())({ ...shop(1), name: "other" })).toBe(scope === "acme/*");
  },
);
