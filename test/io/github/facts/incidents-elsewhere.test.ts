import { expect, it } from "vitest";
import { openIncidents } from "#core/facts/incidents.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "#io/github/client/client.ts";
import { incidentReaders } from "#io/github/facts/read-incidents.ts";
import { openStore } from "#io/database/store/open-store.ts";
import { aRepository } from "../local-github.ts";

const repository = (id: number, name: string): RepositoryRecord => aRepository({ id, name });

it("incidents are those of the repository that bore the name first, and unknown where another one bears it", async () => {
  const store = await openStore({ url: ":memory:" });
  const asked: number[] = [];
  let named = repository(2, "incidents");
  const readers = incidentReaders(
    {} as GitHub,
    { ...store.records, repositoryByName: () => Promise.resolve(named) },
    repository(1, "shop"),
    {
      get: (key: string) => {
        asked.push(Number(key.split(":")[1]));
        return Promise.resolve([]);
      },
    } as unknown as Parameters<typeof incidentReaders>[3],
  );
  const read = (written: string): Promise<unknown> | undefined =>
    readers[openIncidents.name]?.({ repository: written, labels: ["incident"] });
  expect(await read("incidents")).toMatchObject({ value: [] });
  named = repository(3, "incidents");
  await expect(read("Incidents")).rejects.toThrow("another one than before under the same name");
  // Whoever keeps the policy may mean the new one.
  expect(await read("acme/incidents")).toMatchObject({ value: [] });
  named = repository(2, "incidents");
  expect(await read("incidents")).toMatchObject({ value: [] });
  expect(asked).toEqual([2, 3, 2]);
  await store.close();
});
