import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GatehouseError } from "#core/model/errors.ts";
import { parseExtends, type NamedFile } from "#core/policy/extends.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { createParse } from "#flow/policy/parsed-policies.ts";
import { createSharedFiles, type SharedFiles } from "#flow/policy/shared-files.ts";
import { openStore, type OpenStore } from "#io/database/store/open-store.ts";
import { aRepository, handClock } from "../io/github/local-github.ts";

const holder = aRepository();
const source: RepositoryRecord = { ...holder, id: 99, name: "policies" };
const keyOf = (path: string): string => `${holder.owner}/policies:${path}@main`;
const [base, other] = [keyOf("base.yml"), keyOf("other.yml")];
const asksFor = (prefix: string): string =>
  `version: 1\nrules:\n  - { name: worded, require: { title: { pattern: "^${prefix}: " } } }\n`;

const clock = handClock();
let store: OpenStore;
/** Texts by path; undefined: GitHub does not answer. */
let there: Map<string, string | null | undefined>;
let whileRead: () => Promise<void>;
let shared: SharedFiles;
let woken: number[];

beforeEach(async () => {
  store = await openStore({ url: ":memory:", now: clock.now });
  there = new Map([
    ["base.yml", asksFor("feat")],
    ["other.yml", asksFor("feat")],
  ]);
  whileRead = () => Promise.resolve();
  shared = aProcess();
  woken = [];
});
afterEach(() => store.close());

const aProcess = (): SharedFiles =>
  createSharedFiles(
    {
      store,
      clock,
      github: {
        findRepository: () => Promise.resolve(source),
        readFile: async (_: unknown, path: string) => {
          const text = there.get(path);
          await whileRead();
          if (text === undefined) throw new GatehouseError("unavailable", "502");
          return text === null ? { kind: "absent" } : { kind: "file", text, blobSha: "1" };
        },
      } as never,
    },
    createParse(new Map()),
  );

const named = (key: string): NamedFile => parseExtends(key) as NamedFile;
const wake = async (holders: readonly number[]): Promise<void> => void woken.push(...holders);

async function extendBy(id: number, key: string): Promise<void> {
  await shared.noteExtender(holder, key, named(key), id);
  await shared.read(holder, key, named(key), "asking");
}
/** As a judgement of some holder does. */
async function readLater(key: string): Promise<void> {
  clock.advance(11 * 60_000);
  await shared.read(holder, key, named(key), "asking");
}

describe("a file that policies of other repositories extend", () => {
  it("wakes nobody where it is as it was when they read it, and each once where it is another", async () => {
    await extendBy(1, base);
    await shared.refresh(source, wake);
    expect(woken).toEqual([]);
    there.set("base.yml", asksFor("fix"));
    await shared.refresh(source, wake);
    await shared.refresh(source, wake);
    expect(woken).toEqual([1]);
    there.set("base.yml", null);
    await shared.refresh(source, wake);
    await shared.refresh(source, wake);
    expect(woken).toEqual([1, 1]);
  });

  it("wakes its holders also where a judgement of one of them read it first", async () => {
    await extendBy(1, base);
    await extendBy(2, base);
    there.set("base.yml", asksFor("fix"));
    await readLater(base);
    await shared.refresh(source, wake);
    expect(woken).toEqual([1, 2]);
  });

  it("wakes the holders of one file although the next cannot be read, and of that once it can", async () => {
    await extendBy(1, base);
    await extendBy(2, other);
    there.set("base.yml", asksFor("fix"));
    there.set("other.yml", undefined);
    await expect(shared.refresh(source, wake)).rejects.toThrow("502");
    expect(woken).toEqual([1]);
    there.set("other.yml", asksFor("fix"));
    await shared.refresh(source, wake);
    expect(woken).toEqual([1, 2]);
  });

  it.each([
    ["was read before", true],
    ["was never read", false],
  ])("wakes again whom a process that died did not wake: it %s", async (_, wasRead) => {
    if (wasRead) await extendBy(1, base);
    else await shared.noteExtender(holder, base, named(base), 1);
    there.set("base.yml", asksFor("fix"));
    const dies = (): Promise<void> => Promise.reject(new Error("killed"));
    await expect(shared.refresh(source, dies)).rejects.toThrow("killed");
    shared = aProcess();
    await readLater(base);
    await shared.refresh(source, wake);
    expect(woken).toEqual([1]);
  });

  it("wakes who came to extend it while it was read", async () => {
    await extendBy(1, base);
    there.set("base.yml", asksFor("fix"));
    whileRead = async () => {
      whileRead = () => Promise.resolve();
      await extendBy(2, base);
    };
    await shared.refresh(source, wake);
    expect(woken).toEqual([1, 2]);
  });

  it("is not kept as a slow judgement read it before the push", async () => {
    await extendBy(1, base);
    whileRead = async () => {
      whileRead = () => Promise.resolve();
      clock.advance(1);
      there.set("base.yml", asksFor("fix"));
      await shared.refresh(source, wake);
    };
    await readLater(base);
    expect(woken).toEqual([1]);
    expect((await shared.read(holder, base, named(base), "remembering")).text).toBe(asksFor("fix"));
  });
});
