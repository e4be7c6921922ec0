import { beforeEach, expect, it } from "vitest";
import { parseEvent } from "#core/events/parse-event.ts";
import { isOpenedSinceStart } from "#flow/in-force/opened-since-start.ts";
import { noteHead } from "#flow/intake/note-heads.ts";
import { sha } from "../core/build.ts";

const repository = 1;
const startedAt = Date.UTC(2027, 0, 11, 9);
const instant = (ms: number): string => new Date(startedAt + ms).toISOString();

let values: Map<string, string>;
beforeEach(() => {
  values = new Map();
});
const records = {
  getValue: (key: string) => Promise.resolve(values.get(key) ?? null),
  changeValue: (key: string, change: (text: string | null) => string | null) => {
    const after = change(values.get(key) ?? null);
    if (after !== null) values.set(key, after);
    return Promise.resolve(values.get(key) ?? "");
  },
};

async function hear(action: string, openedMs: number | null, updatedMs: number): Promise<void> {
  const event = parseEvent("pull_request", {
    action,
    pull_request: {
      number: 7,
      state: "open",
      head: { sha: sha("a"), ref: "topic" },
      base: { ref: "main" },
      ...(openedMs === null ? {} : { created_at: instant(openedMs) }),
      updated_at: instant(updatedMs),
    },
  });
  if (event === null) throw new Error("the event of this test is none");
  await noteHead(records, event, repository);
}
const answer = (ahead = 0): Promise<boolean> =>
  isOpenedSinceStart(
    { store: { records }, github: { clockAhead: () => ahead }, startedAt },
    repository,
    7,
  );

it("a pull request that was opened since is new to everybody, also after a push", async () => {
  await hear("opened", 5000, 5000);
  expect(await answer()).toBe(true);
  await hear("synchronize", 5000, 9000);
  expect(await answer()).toBe(true);
});

it("an older one is not, whatever came to it since", async () => {
  await hear("synchronize", -5000, 9000);
  expect(await answer()).toBe(false);
  await hear("reopened", 0, 10_000);
  expect(await answer()).toBe(false);
});

it("neither is one of which nobody told when it was opened", async () => {
  expect(await answer()).toBe(false);
  await hear("opened", null, 5000);
  expect(await answer()).toBe(false);
});

it("where GitHub's clock is ahead, the start is read by that one; where it is behind, by ours", async () => {
  await hear("opened", 5000, 5000);
  expect(await answer(60_000)).toBe(false);
  expect(await answer(-60_000)).toBe(true);
});
